"""A webhook: the organization's own system sends."""
