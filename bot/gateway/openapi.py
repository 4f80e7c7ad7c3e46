"""The description of the HTTP interface, OpenAPI 3.1. A test holds it against the routes and against real replies."""

from __future__ import annotations

from typing import Any

from bot import __version__
from bot.conversation.message import MAX_CHARACTERS
from bot.conversation.reply import HANDOFF_STATES
from bot.directory.model import CHANNELS, CONFIDENCES, SEXES
from bot.directory.narrowing import OLDEST
from bot.gateway.errors import ERRORS
from bot.gateway.openapi_human import ANSWER, CALL, ERRORS_OF_A_CALL, PARAMETERS
from bot.knowledge.languages import SPOKEN
from bot.knowledge.model import LANGUAGES, URGENCIES

Schema = dict[str, Any]

_STRING: Schema = {"type": "string"}
_STRINGS: Schema = {"type": "array", "items": _STRING}


def description() -> dict[str, Any]:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Hjemvei",
            "version": __version__,
            "summary": "A Norwegian guidance assistant. No cookie, no account; a conversation is erased on request.",
        },
        "paths": _paths(),
        "components": {
            "schemas": {
                "Reply": REPLY,
                "Conversation": _object(id=_STRING, token=_STRING),
                "Article": ARTICLE,
                "Contact": CONTACT,
                "Error": ERROR,
            },
            "securitySchemes": {"conversation": {"type": "http", "scheme": "bearer"}},
        },
    }


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "required": sorted(properties), "properties": properties}


REPLY: Schema = _object(
    conversation=_STRING,
    texts={**_STRINGS, "description": "Empty while a human has the conversation"},
    topic={"type": ["string", "null"]},
    topics={
        "type": "array",
        "maxItems": 5,
        "items": _object(id=_STRING, score={"type": "number", "minimum": 0, "maximum": 1}),
    },
    urgency={"enum": list(URGENCIES)},
    contacts=_STRINGS,
    sources=_STRINGS,
    buttons={"type": "array", "items": _object(title=_STRING, payload=_STRING)},
    handoff={"enum": list(HANDOFF_STATES)},
    language={"enum": [*LANGUAGES, *(code for code in SPOKEN if code not in LANGUAGES)]},
    ms={"type": "number", "minimum": 0},
    erased={"type": "boolean"},
    keep={"type": ["object", "null"], "required": ["name", "text"], "properties": {"name": _STRING, "text": _STRING}},
)
ERROR: Schema = _object(
    error=_object(
        code={"enum": sorted(ERRORS)},
        message=_STRING,
        emergency={"type": "array", "items": _object(name=_STRING, phone=_STRING)},
    )
)
ARTICLE: Schema = _object(
    topic=_STRING,
    title=_STRING,
    language={"enum": list(LANGUAGES)},
    status=_STRING,
    checked_on={"type": "string", "format": "date"},
    sections={"type": "array", "items": _object(heading=_STRING, text=_STRING)},
    contacts=_STRINGS,
    sources=_STRINGS,
    related=_STRINGS,
)
SOURCE: Schema = _object(id=_STRING, title=_STRING, publisher=_STRING, dated=_STRING, url={"type": ["string", "null"]})
_LINE: Schema = _object(
    **{key: ARTICLE["properties"][key] for key in ("topic", "title", "language", "status", "checked_on")}
)
_TEXT_OR_NULL: Schema = {"type": ["string", "null"]}
_NUMBER_OR_NULL: Schema = {"type": ["integer", "null"]}
_YES_NO_UNKNOWN: Schema = {"type": ["boolean", "null"]}
_FOUND: dict[str, Schema] = {
    "id": _STRING,
    "name": _STRING,
    **dict.fromkeys(("phone", "sms", "chat", "email", "url"), _TEXT_OR_NULL),
    "hours": {"type": "string", "description": "A phrase for the moment, in Norwegian; empty for a website"},
    "open_now": {**_YES_NO_UNKNOWN, "description": "null: no source says"},
    "why": _STRINGS,
    "sources": _STRINGS,
}
CONTACT: Schema = _object(
    **_FOUND,
    earlier_names=_STRINGS,
    kind=_STRING,
    does=_STRING,
    whom=_STRING,
    age_from=_NUMBER_OR_NULL,
    age_to=_NUMBER_OR_NULL,
    sex={"enum": ["kvinne", "mann", None]},
    roles=_STRINGS,
    needs=_STRINGS,
    channels={
        "type": "array",
        "items": _object(kind=_STRING, address=_STRING, hours={"type": ["string", "array", "null"]}),
    },
    languages=_object(said=_TEXT_OR_NULL, speaks=_STRINGS, many={"type": "boolean"}, interpreter={"type": "boolean"}),
    anonymous=_YES_NO_UNKNOWN,
    free=_YES_NO_UNKNOWN,
    from_abroad=_TEXT_OR_NULL,
    covers=_object(
        national={"type": "boolean"},
        world={"type": "boolean"},
        municipalities=_STRINGS,
        counties=_STRINGS,
        countries=_STRINGS,
    ),
    confidence={"enum": list(CONFIDENCES)},
    verified_on={"type": "string", "format": "date"},
    verify_by={"type": "string", "format": "date"},
    references={"type": "array", "items": _object(ref=_STRING, date=_STRING)},
)
_CONTACT_PARAMETERS: list[Schema] = [
    {"name": name, "in": "query", "required": False, "schema": schema}
    for name, schema in (
        ("q", _STRING),
        ("topic", _STRING),
        ("place", _STRING),
        ("country", _STRING),
        ("age", {"type": "integer", "minimum": 0, "maximum": OLDEST}),
        ("sex", {"enum": list(SEXES)}),
        ("language", _STRING),
        ("channel", {"enum": list(CHANNELS)}),
        ("anonymous", {"type": "boolean"}),
        ("open_now", {"type": "boolean"}),
    )
]
MESSAGE: Schema = {
    "type": "object",
    "required": ["text"],
    "properties": {
        "text": {"type": "string", "minLength": 1, "maxLength": MAX_CHARACTERS},
        "client_message_id": {"type": ["string", "null"], "maxLength": 64},
    },
}


def _paths() -> dict[str, Any]:
    conversation = [{"name": "conversation", "in": "path", "required": True, "schema": _STRING}]
    topic = [{"name": "topic", "in": "path", "required": True, "schema": _STRING}]
    mine = {"parameters": conversation, "security": [{"conversation": []}]}
    in_conversation = ("token_missing", "conversation_unknown", "unavailable")
    return {
        "/": {"get": _call("The web page", _media("text/html"))},
        "/ramme": {"get": _call("The page for a frame on an allowed site", _media("text/html"))},
        "/svar": {
            "get": _call("Leads to the page", {"description": "See /"}, status=303),
            "post": {
                **_call(
                    "The plain form: one question, answered on a page",
                    _media("text/html"),
                    *("origin_refused", "message_too_long", "message_empty", "too_many_requests", "unavailable"),
                ),
                "requestBody": _form(text=_STRING),
            },
        },
        "/emner": {
            "get": _call("Every article, by group", _media("text/html")),
            "post": {
                **_call("One article, as a page", _media("text/html"), "origin_refused", "not_found"),
                "requestBody": _form(emne=_STRING),
            },
        },
        "/trygghet": {"get": _call("How to use the service safely", _media("text/html"))},
        "/tilgjengelighet": {"get": _call("The accessibility statement", _media("text/html"))},
        "/widget/{name}": {
            "get": {
                **_call("A file of the web page", _media("text/javascript"), "not_found"),
                "parameters": [{"name": "name", "in": "path", "required": True, "schema": _STRING}],
            }
        },
        "/api/v1/conversations": {
            "post": _call("Start a conversation", _json("Conversation"), "too_many_requests", "unavailable", status=201)
        },
        "/api/v1/conversations/{conversation}/messages": {
            "post": {
                **_call(
                    "Write a message; the same client_message_id again gives the same reply",
                    _json("Reply"),
                    *in_conversation,
                    *(
                        "invalid_json",
                        "message_too_long",
                        "unsupported_media_type",
                        "message_empty",
                        "too_many_requests",
                    ),
                ),
                **mine,
                "requestBody": {"required": True, "content": {"application/json": {"schema": MESSAGE}}},
            }
        },
        "/api/v1/conversations/{conversation}/events": {
            "get": {
                **_call(
                    "Listen: reply, erased, typing {by, on}, message {id, text, by, name, language} and state "
                    "{handoff, place, name}; Last-Event-ID resumes; Hjemvei-Last-Event is the number of the last "
                    "event before",
                    _media("text/event-stream"),
                    *in_conversation,
                ),
                **mine,
            }
        },
        "/api/v1/conversations/{conversation}/typing": {
            "post": {
                **_call(
                    "Writing, or no longer: the human who has the conversation sees it",
                    {"description": "Told"},
                    *(
                        *(*in_conversation, "invalid_json", "invalid_request"),
                        *("unsupported_media_type", "too_many_requests"),
                    ),
                    status=204,
                ),
                **mine,
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": _object(on={"type": "boolean"})}},
                },
            }
        },
        "/api/v1/conversations/{conversation}/feedback": {
            "post": {
                **_call(
                    "Did the answer help? Counted for the topic alone",
                    {"description": "Counted"},
                    *(*in_conversation, "invalid_json", "unsupported_media_type", "too_many_requests"),
                    status=204,
                ),
                **mine,
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": _object(topic=_STRING, helpful={"type": "boolean"})}},
                },
            }
        },
        "/api/v1/conversations/{conversation}": {
            "delete": {**_call("End and erase", {"description": "Gone"}, *in_conversation, status=204), **mine}
        },
        "/api/v1/articles": {
            "get": {
                **_call(
                    "Every article, or the best hits for q",
                    _schema(_object(articles={"type": "array", "items": _LINE})),
                ),
                "parameters": [{"name": "q", "in": "query", "required": False, "schema": _STRING}],
            }
        },
        "/api/v1/articles/{topic}": {
            "get": {**_call("One article", _json("Article"), "not_found"), "parameters": topic}
        },
        "/api/v1/contacts": {
            "get": {
                **_call(
                    "Who can help, best first; every contact when nothing is asked for",
                    _schema(
                        _object(
                            contacts={"type": "array", "items": _object(**_FOUND)}, notes=_STRINGS, question=_STRING
                        )
                    ),
                    "invalid_request",
                ),
                "parameters": _CONTACT_PARAMETERS,
            }
        },
        "/api/v1/contacts/{id}": {
            "get": {
                **_call("One contact", _json("Contact"), "not_found"),
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": _STRING}],
            }
        },
        "/api/v1/sources": {
            "get": {
                **_call(
                    "The sources named, in that order",
                    _schema(_object(sources={"type": "array", "items": SOURCE})),
                ),
                "parameters": [{"name": "ids", "in": "query", "required": False, "schema": _STRING}],
            }
        },
        "/api/v1/human/{channel}": {
            "post": {
                **_call("A human outside the console does something", _schema(ANSWER), *ERRORS_OF_A_CALL),
                "parameters": PARAMETERS,
                "requestBody": {"required": True, "content": {"application/json": {"schema": CALL}}},
            }
        },
        "/sms/{provider}/{secret}": {
            method: {
                "summary": "For the provider of text messages: an incoming message or a delivery report",
                "parameters": [
                    {"name": name, "in": "path", "required": True, "schema": _STRING} for name in ("provider", "secret")
                ],
                "responses": {
                    "200": {"description": "Kept; the body is what the provider's rules ask for"},
                    "400": {"description": "Cannot be read"},
                    "403": {"description": "Signature, password or address is wrong"},
                    "404": {"description": "No such provider, or a wrong secret"},
                    "503": {"description": "Could not be kept: try again"},
                },
            }
            for method in ("get", "post")
        },
        "/api/openapi.json": {"get": _call("This document", _schema({"type": "object"}))},
        "/healthz": {"get": _call("Alive", _schema(_object(status=_STRING)))},
        "/readyz": {
            "get": _call(
                "Ready to answer",
                _schema(
                    _object(
                        status=_STRING,
                        model=_STRING,
                        database=_STRING,
                        knowledge=_STRING,
                        findings=_STRINGS,
                        articles={"type": "integer"},
                    )
                ),
                "unavailable",
            )
        },
        "/metrics": {"get": _call("Prometheus figures, without any text", _media("text/plain"))},
    }


def _call(summary: str, answer: Schema, *errors: str, status: int = 200) -> dict[str, Any]:
    responses: dict[str, Any] = {str(status): {"description": summary, **answer}}
    for code in (*errors, "internal"):
        number, message = ERRORS[code]
        content = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
        responses.setdefault(str(number), {"description": message, "content": content})
    return {"summary": summary, "responses": responses}


def _form(**properties: Schema) -> dict[str, Any]:
    return {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": _object(**properties)}}}


def _json(name: str) -> Schema:
    return _schema({"$ref": f"#/components/schemas/{name}"})


def _schema(schema: Schema) -> Schema:
    return {"content": {"application/json": {"schema": schema}}}


def _media(kind: str) -> Schema:
    return {"content": {kind: {"schema": _STRING}}}
