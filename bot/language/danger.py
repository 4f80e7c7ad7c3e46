"""Does a message in another language than Norwegian speak of danger? Words alone decide; no model hears those."""

from __future__ import annotations

from functools import lru_cache

import yaml

from bot.language.scripts import FILE


def sounds_dangerous(text: str, language: str) -> bool:
    """A word of violence, a weapon, being locked in or suicide stands in ``text``, which is in ``language``."""
    spoken = f" {text.lower()} "
    return any(word in spoken for word in _words().get(language, ()))


@lru_cache(maxsize=1)
def _words() -> dict[str, list[str]]:
    content: dict[str, list[str]] = yaml.load(FILE.read_text("utf-8"), Loader=yaml.BaseLoader)["danger"]
    return content
