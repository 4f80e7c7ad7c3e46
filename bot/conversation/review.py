"""Note what was not understood, so that somebody can write messages that teach it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

from bot.errors import StorageUnavailable
from bot.language.redact import redacted
from bot.nlu.decision import NOT_UNDERSTOOD
from bot.storage.reviews import Review, ReviewStore, length

logger = logging.getLogger("hjemvei.review")

_CANDIDATES = 3


class Reviewer:
    """Puts messages that were not understood on the list for review. ``keep_text``: the redacted text as well."""

    def __init__(self, store: ReviewStore, *, keep_text: bool) -> None:
        self._store = store
        self._keep_text = keep_text

    async def note(self, text: str, channel: str, parsed: Mapping[str, Any]) -> None:
        """``parsed``: what the model made of ``text``. A list that cannot be written never costs the person a reply."""
        if parsed["intent"]["name"] != NOT_UNDERSTOOD:
            return
        now = datetime.now(timezone.utc)
        names = [(int(start), int(end)) for start, end in parsed.get("names", ())]
        review = Review(
            day=now.date(),
            channel=channel,
            language=str(parsed.get("language", "nb")),
            words=length(len(text.split())),
            urgency=str(parsed.get("urgency", "none")),
            candidates=[(item["name"], item["confidence"]) for item in parsed["intent_ranking"][:_CANDIDATES]],
            text=redacted(text, now, names) if self._keep_text else None,
        )
        try:
            await self._store.add(review)
        except StorageUnavailable as error:
            logger.warning("a message that was not understood could not be noted: %s", error)
