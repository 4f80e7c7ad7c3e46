"""Alerts to people on duty: that somebody waits, and never who or with what."""
