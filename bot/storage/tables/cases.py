"""Cases: a human takes over a conversation."""
