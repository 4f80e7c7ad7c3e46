"""Rasa actions, one module for each thing a person asks for. Each calls a room of bot/ and says what it got."""
