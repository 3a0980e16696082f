"""WeCom application messages to members."""
