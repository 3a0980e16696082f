"""Feishu group robot."""
