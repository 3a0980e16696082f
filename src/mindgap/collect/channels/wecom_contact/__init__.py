"""WeCom messages to customers (客户联系), which a member confirms."""
