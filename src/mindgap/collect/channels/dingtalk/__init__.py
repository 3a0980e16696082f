"""DingTalk group robot."""
