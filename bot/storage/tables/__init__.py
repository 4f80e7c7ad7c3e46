"""The tables. What a person wrote stands only in columns of sealed bytes. Importing this makes all of them known."""

from bot.storage.tables import alerts, cases, contacts, conversations, reviews, sms, sms_queue, staff, statistics
from bot.storage.tables.base import Base

__all__ = ["Base", "alerts", "cases", "contacts", "conversations", "reviews", "sms", "sms_queue", "staff", "statistics"]
