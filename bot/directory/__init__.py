"""Who can help: contacts, each with a source and a date."""

from bot.directory.contacts import Contact, Directory, load

__all__ = ["Contact", "Directory", "load"]
