"""Rasa graph components: thin shells over bot.language and trained parts."""
