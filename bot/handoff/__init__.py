"""A human takes over: cases, their queue, and who is on duty. No HTTP."""
