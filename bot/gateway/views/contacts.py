"""The directory: who can help this person, here, now."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from aiohttp import web

from bot.bootstrap import Library
from bot.desk import contact_dict
from bot.directory import Contact
from bot.directory.hours import OSLO
from bot.directory.lookup import Found
from bot.directory.narrowing import Fields, narrowed
from bot.directory.rows import values
from bot.gateway.errors import Refused
from bot.gateway.keys import HOUSE
from bot.language.cleaning import clean

_LONGEST = 200
_HITS = 10
_TRUE, _FALSE = ("1", "true", "ja"), ("0", "false", "nei")
_PARAMETERS = ("q", "topic", "place", "country", "age", "sex", "language", "channel", "anonymous", "open_now")


async def index(request: web.Request) -> web.StreamResponse:
    """GET /api/v1/contacts: who can help, best first; every contact when nothing is asked for."""
    library = request.app[HOUSE].library
    given = {name: clean(request.query.get(name, ""))[:_LONGEST] for name in _PARAMETERS}
    now = datetime.now(OSLO)
    if not any(given.values()):
        listed = [_one(library, contact, now) for contact in library.directory.contacts.values()]
        return web.json_response({"contacts": listed, "notes": [], "question": ""})
    need = library.lookup.read(given["q"], now)
    try:
        fields = Fields(
            topic=given["topic"],
            contacts=_behind(library, given["topic"]),
            place=given["place"],
            country=given["country"],
            age=int(given["age"]) if given["age"] else None,
            sex=given["sex"],
            language=given["language"],
            channel=given["channel"],
            open_now=_yes(given["open_now"]),
            anonymous=_yes(given["anonymous"]) or False,
        )
        need = narrowed(need, fields, library.knowledge.countries)
    except ValueError as error:
        raise Refused("invalid_request") from error
    found = library.lookup.find(need, _HITS)
    return web.json_response(_as_dict(found))


async def one(request: web.Request) -> web.StreamResponse:
    """GET /api/v1/contacts/{id}: all that is known of one contact."""
    library = request.app[HOUSE].library
    contact = library.directory.get(request.match_info["id"])
    if contact is None:
        raise Refused("not_found")
    row = values(contact)
    more = {name: row[name] for name in _MORE}
    dates = {name: row[name].isoformat() for name in ("verified_on", "verify_by")}
    references = [{"ref": reference.ref, "date": reference.date} for reference in contact.sources]
    return web.json_response({**_one(library, contact, datetime.now(OSLO)), **more, **dates, "references": references})


_MORE = (
    *("earlier_names", "kind", "does", "whom", "age_from", "age_to", "sex", "roles", "needs", "channels", "languages"),
    *("anonymous", "free", "from_abroad", "covers", "confidence"),
)


def _behind(library: Library, topic: str) -> tuple[str, ...]:
    """The contacts of the topic's article; none for a group. Raises ValueError for a topic that does not exist."""
    if not topic:
        return ()
    if topic not in library.knowledge.topics and topic not in {t.group for t in library.knowledge.topics.values()}:
        raise ValueError(topic)
    article = library.answers.article(topic)
    return article.contacts if article else ()


def _yes(text: str) -> bool | None:
    if not text:
        return None
    if text.lower() not in (*_TRUE, *_FALSE):
        raise ValueError(text)
    return text.lower() in _TRUE


def _one(library: Library, contact: Contact, now: datetime) -> dict[str, Any]:
    return contact_dict(library.lookup.told(contact, now))


def _as_dict(found: Found) -> dict[str, Any]:
    return {
        "contacts": [contact_dict(match) for match in found.matches],
        "notes": list(found.notes),
        "question": found.question,
    }
