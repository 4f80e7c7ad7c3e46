"""Text messages: who writes, what came in, what is to go out."""
