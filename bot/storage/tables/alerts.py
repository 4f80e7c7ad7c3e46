"""What is to be told to people on duty, until it has been told."""
