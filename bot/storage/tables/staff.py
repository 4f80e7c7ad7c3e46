"""People who work here, and their sessions."""
