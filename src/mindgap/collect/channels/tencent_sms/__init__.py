"""Text messages over Tencent Cloud."""
