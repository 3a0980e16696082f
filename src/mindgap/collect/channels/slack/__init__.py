"""Slack incoming webhook."""
