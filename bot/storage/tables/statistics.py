"""Counts without text and without identifiers."""
