"""Alerts: rules that watch what comes in, and what they fired on."""
