"""The one way a message goes: receive, understand, decide, reply."""
