"""The description of the calls that systems with humans make. docs/handoff-channels.md tells it in words."""

from __future__ import annotations

from typing import Any

from bot.channels.human.channel import Action
from bot.channels.human.webhook import FIELDS, MOST_CHARACTERS, SHORT
from bot.handoff.case import State

_WORD = {"type": "string", "minLength": 1, "maxLength": SHORT}
_PROPERTIES: dict[str, Any] = {
    "id": {**_WORD, "description": "Yours, new for each call; the same one again acts once"},
    "action": {"enum": [action.value for action in Action]},
    "case": {**_WORD, "description": "The case's id, from the event case.opened"},
    "worker": {**_WORD, "description": "Who does it, as you name your people; the person never sees it"},
    "name": {"type": "string", "maxLength": SHORT, "description": "What the person is told that the human is called"},
    "text": {"type": "string", "maxLength": MOST_CHARACTERS, "description": "For write"},
    "on": {"type": "boolean", "description": "For typing: whether they type now"},
}
CALL: dict[str, Any] = {
    "type": "object",
    "required": ["action", "case", "id", "worker"],
    "properties": {name: _PROPERTIES[name] for name in sorted(FIELDS)},
    "additionalProperties": False,
}
ANSWER: dict[str, Any] = {
    "type": "object",
    "properties": {"case": {"type": "string"}, "state": {"enum": [state.value for state in State]}},
}
ERRORS_OF_A_CALL = (
    "signature_refused",
    "invalid_json",
    "message_empty",
    "message_too_long",
    "case_unknown",
    "case_taken",
    "too_many_requests",
    "unavailable",
)
PARAMETERS: list[dict[str, Any]] = [
    {"name": "channel", "in": "path", "required": True, "schema": {"enum": ["webhook", "chatwoot"]}},
    {
        "name": "Hjemvei-Signature",
        "in": "header",
        "required": False,
        "schema": {"type": "string"},
        "description": "For webhook: t=<seconds>,v1=<hex of HMAC-SHA256 over «t.body»>. Chatwoot signs its own way",
    },
]
