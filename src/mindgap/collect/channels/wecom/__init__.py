"""What the channels of WeCom (企业微信) share."""
