"""What has no business meaning: settings, clock, language, identity, money, duration, condition."""
