"""Text messages over Aliyun."""
