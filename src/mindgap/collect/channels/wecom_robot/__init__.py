"""WeCom group robot."""
