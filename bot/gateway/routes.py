"""Every way in, on one page."""

from __future__ import annotations

from aiohttp import web

from bot.gateway.views import articles, contacts, conversations, human, pages, sms, sources, status

CONVERSATION = "/api/v1/conversations/{conversation}"

OPEN = [
    web.get("/", pages.page, allow_head=False),
    web.get("/ramme", pages.frame, allow_head=False),
    web.post("/svar", pages.answer),
    web.get("/svar", pages.back_to_start, allow_head=False),
    web.get("/emner", pages.topics, allow_head=False),
    web.post("/emner", pages.article),
    web.get("/trygghet", pages.safety, allow_head=False),
    web.get("/tilgjengelighet", pages.accessibility, allow_head=False),
    web.get("/widget/{name}", pages.file, allow_head=False),
    web.post("/api/v1/conversations", conversations.start),
    web.get("/api/v1/articles", articles.index, allow_head=False),
    web.get("/api/v1/articles/{topic}", articles.one, allow_head=False),
    web.get("/api/v1/contacts", contacts.index, allow_head=False),
    web.get("/api/v1/contacts/{id}", contacts.one, allow_head=False),
    web.get("/api/v1/sources", sources.index, allow_head=False),
    web.get("/api/openapi.json", status.openapi, allow_head=False),
    web.get("/sms/{provider}/{secret}", sms.receive, allow_head=False),
    web.post("/sms/{provider}/{secret}", sms.receive),
    web.get("/healthz", status.alive, allow_head=False),
    web.get("/readyz", status.ready, allow_head=False),
    web.get("/metrics", status.metrics, allow_head=False),
]
"""For everybody."""

WITH_TOKEN = [
    web.post(f"{CONVERSATION}/messages", conversations.write),
    web.post(f"{CONVERSATION}/typing", conversations.typing),
    web.post(f"{CONVERSATION}/feedback", conversations.feedback),
    web.get(f"{CONVERSATION}/events", conversations.listen, allow_head=False),
    web.delete(CONVERSATION, conversations.erase),
]
"""Only for whoever holds the conversation's token; a test sends each of them a wrong one."""

SIGNED = [
    web.post("/api/v1/human/{channel}", human.call),
]
"""Only for systems that sign what they send; a test sends each of them what is not signed."""
