"""Text messages: providers, the queue, and what is said."""
