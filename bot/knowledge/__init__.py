"""What the assistant knows: articles, the sources and laws behind them, and the topics they answer."""

from bot.knowledge.model import Article, Citation, Law, Source, Topic
from bot.knowledge.store import Knowledge, load

__all__ = ["Article", "Citation", "Knowledge", "Law", "Source", "Topic", "load"]
