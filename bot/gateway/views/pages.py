"""The web pages and their files. What a visitor asks or reads about stands in no address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from bot.conversation.message import MAX_CHARACTERS, Message
from bot.errors import MessageRejected, MessageTooLong, StorageUnavailable
from bot.gateway.errors import ERRORS, Refused
from bot.gateway.keys import HOUSE, METRICS, PAGES
from bot.gateway.pages import SCRIPTS, WIDGET, chosen_language, compressed
from bot.gateway.requests import within_limits
from bot.knowledge import Article
from bot.knowledge.model import Section
from bot.knowledge.render import fill

_FILES = {**dict.fromkeys(SCRIPTS, "text/javascript"), "style.css": "text/css"}
EMBED = "hjemvei-chat.js"
_PARTS = (Section.SHORT, Section.STEPS, Section.CONTACT, Section.CHOICE, Section.CARE, Section.MORE)
# What people look for first stands first; pages for professionals and of migration and trafficking come after.
_GROUPS = ("akutt", "utland", "tvang", "kontroll", "vold", "hjelp", "rett", "lemlestelse", "handel", "migrant", "fag")

_EMPTY: Mapping[str, Any] = {"typed": "", "longest": MAX_CHARACTERS}


async def page(request: web.Request) -> web.StreamResponse:
    """GET /"""
    return request.app[PAGES].page(request, "index.html", values=_EMPTY)


async def frame(request: web.Request) -> web.StreamResponse:
    """GET /ramme: the same, for the frame on another site's page."""
    return request.app[PAGES].page(request, "index.html", frame=True, values=_EMPTY)


async def answer(request: web.Request) -> web.StreamResponse:
    """POST /svar: one question from the plain form, answered, and nothing of it kept."""
    text = ""
    try:
        text = str((await request.post()).get("text", ""))
        within_limits(request)
        reply = await _answered(request, text)
    except (Refused, MessageRejected, MessageTooLong, StorageUnavailable, web.HTTPRequestEntityTooLarge) as error:
        status, message = ERRORS[_code(error)]
        return _answer_page(request, [message], status=status, typed=text, failed=True)
    library = request.app[HOUSE].library
    titles = [library.knowledge.sources[name].title for name in reply["sources"] if name in library.knowledge.sources]
    return _answer_page(request, reply["texts"], sources=titles)


def _answer_page(
    request: web.Request,
    texts: Sequence[str],
    *,
    sources: Sequence[str] = (),
    status: int = 200,
    typed: str = "",
    failed: bool = False,
) -> web.Response:
    values = {"blocks": texts, "sources": sources, "typed": typed, "failed": failed, "longest": MAX_CHARACTERS}
    return request.app[PAGES].page(request, "answer.html", status=status, values=values)


async def back_to_start(request: web.Request) -> web.StreamResponse:
    """GET /svar: an answer cannot be asked for again by its address."""
    raise web.HTTPSeeOther("/")


async def topics(request: web.Request) -> web.StreamResponse:
    """GET /emner: every article by group, each as a button, so that what is read stands in no history."""
    library = request.app[HOUSE].library
    groups: dict[str, list[Article]] = {name: [] for name in _GROUPS}
    for topic in library.knowledge.topics.values():
        article = library.answers.article(topic.id)
        if article is not None:
            groups.setdefault(topic.group, []).append(article)
    shown = {name: articles for name, articles in groups.items() if articles}
    return request.app[PAGES].page(request, "topics.html", values={"groups": shown})


async def article(request: web.Request) -> web.StreamResponse:
    """POST /emner: one article."""
    library = request.app[HOUSE].library
    topic = str((await request.post()).get("emne", ""))
    found = library.answers.article(topic)
    if found is None:
        raise Refused("not_found")
    details = library.directory.details()
    parts = [(part.value, fill(found.text(part), details)) for part in _PARTS if found.text(part)]
    parts = parts or [(part.value, fill(text, details)) for part, text in found.sections.items() if part != Section.SMS]
    sources = [library.knowledge.sources[name].title for name in library.knowledge.behind(found)]
    related = [a for a in map(library.answers.article, found.related) if a is not None]
    values = {"article": found, "parts": parts, "sources": sources, "related": related}
    return request.app[PAGES].page(request, "article.html", values=values)


async def safety(request: web.Request) -> web.StreamResponse:
    """GET /trygghet"""
    return _in_language(request, "safety")


async def accessibility(request: web.Request) -> web.StreamResponse:
    """GET /tilgjengelighet"""
    return _in_language(request, "accessibility")


def _in_language(request: web.Request, name: str) -> web.Response:
    """A page that is written whole in each language."""
    language = chosen_language(request)
    return request.app[PAGES].page(request, f"{name}.{language}.html")


async def file(request: web.Request) -> web.StreamResponse:
    """GET /widget/{name}"""
    name = request.match_info["name"]
    if name == EMBED:
        return request.app[PAGES].embed(request)
    if name not in _FILES:
        raise Refused("not_found")
    return compressed(request, (WIDGET / name).read_bytes(), _FILES[name])


async def _answered(request: web.Request, text: str) -> Mapping[str, Any]:
    """The reply to a question that stands alone; its conversation is erased before it is shown."""
    conversations = request.app[HOUSE].conversations
    conversation, _ = await conversations.start("web")
    try:
        reply = await conversations.receive(conversation, Message(text, "web"))
    finally:
        await conversations.erase(conversation)
    request.app[METRICS].answered("web", reply)
    return reply.as_dict()


def _code(error: Exception) -> str:
    if isinstance(error, Refused):
        return error.code
    if isinstance(error, (MessageTooLong, web.HTTPRequestEntityTooLarge)):
        return "message_too_long"
    return "message_empty" if isinstance(error, MessageRejected) else "unavailable"
