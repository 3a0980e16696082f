"""Notices: telling people, over the channels that reach them."""
