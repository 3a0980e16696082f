"""Microsoft Teams workflow webhook."""
