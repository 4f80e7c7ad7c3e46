"""Who can help: contacts, each with a source and a date."""

from bot.directory.contacts import Directory, load
from bot.directory.model import Contact

__all__ = ["Contact", "Directory", "load"]
