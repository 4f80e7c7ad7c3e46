"""The ways in and out besides the web: bytes in, a message out; a reply in, bytes out."""
