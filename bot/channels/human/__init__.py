"""Humans who answer from somewhere else than the console: what an organisation has, over open protocols."""
