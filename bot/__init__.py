"""Hjemvei: a Norwegian guidance assistant about involuntary stays abroad and honour-related violence."""

__version__ = "0.1.0"
