"""Alipay template messages."""
