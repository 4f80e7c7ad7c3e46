"""Counts for the annual report: no text, no identifiers, and nothing published that leads to a few people."""
