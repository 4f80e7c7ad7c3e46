"""Pure functions on Norwegian text. Nothing here reads a file that is not in this folder, or keeps state."""
