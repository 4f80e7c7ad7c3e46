"""Long conversations, with detours, corrections and interruptions, held as `hjemvei ask --jsonl` holds them.

A turn of tests/data/conversations/*.yml: ``say`` and what is expected of the reply: ``topic`` (one, or any of several),
``urgency`` (any of), ``contacts`` (all of, among others), ``handoff``, ``buttons`` (all of), ``keep``, ``erased``,
``first`` (a pattern in the first text), ``says`` (each a pattern) and ``never`` (none of these words). What holds of
every reply is checked at every turn.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.bootstrap import House
from bot.conversation.message import Message
from bot.conversation.phrases import ALARMING
from bot.conversation.reply import Reply
from bot.gateway.openapi import REPLY
from bot.knowledge.reading import read_yaml
from tests.conftest import ROOT

FILES = sorted((ROOT / "tests" / "data" / "conversations").glob("*.yml"))
_INTENT = re.compile(r"\b(?:utland|tvang|kontroll|vold|akutt|hjelp|rett|fag|bot)\.[a-z_]+\b")


def test_there_are_at_least_25_of_10_to_25_turns() -> None:
    turns = [len(read_yaml(path)["turns"]) for path in FILES]
    assert len(turns) >= 25
    assert all(10 <= number <= 25 for number in turns)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
async def test_a_long_conversation_holds(house: House, path: Path) -> None:
    told = read_yaml(path)
    conversation, _ = await house.conversations.start(told["channel"])
    wrong: list[str] = []
    before: Reply | None = None
    for number, turn in enumerate(told["turns"], start=1):
        reply = await house.conversations.receive(conversation, Message(turn["say"], told["channel"]))
        jsonschema.validate(reply.as_dict(), REPLY)
        found = [
            *_against(turn, reply),
            *_always(reply, before, turn, told["channel"] == "staff" or told.get("professional", False)),
        ]
        wrong += [f"{number} «{turn['say']}»: {text}" for text in found]
        before = reply
    assert not wrong, "\n".join(wrong)


def _against(turn: dict[str, Any], reply: Reply) -> list[str]:
    spoken = "\n".join(reply.texts)
    found = []
    if "topic" in turn:
        wanted = turn["topic"] if isinstance(turn["topic"], list) else [turn["topic"]]
        if reply.topic not in wanted:
            found.append(f"topic {reply.topic}, not {wanted}")
    if "urgency" in turn and reply.urgency not in turn["urgency"]:
        found.append(f"urgency {reply.urgency}, not {turn['urgency']}")
    found += [f"contact {name} missing" for name in turn.get("contacts", ()) if name not in reply.contacts]
    titles = [button.title for button in reply.buttons]
    found += [f"button «{title}» missing" for title in turn.get("buttons", ()) if title not in titles]
    if "handoff" in turn and reply.handoff != turn["handoff"]:
        found.append(f"handoff {reply.handoff}")
    if turn.get("keep", False) != bool(reply.keep):
        found.append(f"keep {reply.keep}")
    if turn.get("erased", False) != reply.erased:
        found.append(f"erased {reply.erased}")
    if "first" in turn and not re.search(
        re.escape(turn["first"]) if "+" in turn["first"] and "|" not in turn["first"] else turn["first"], reply.texts[0]
    ):
        found.append(f"first text «{reply.texts[0][:80]}»")
    found += [f"does not say «{text}»" for text in turn.get("says", ()) if not re.search(str(text), spoken)]
    found += [f"says «{text}»" for text in turn.get("never", ()) if text.lower() in spoken.lower()]
    return found


def _always(reply: Reply, before: Reply | None, turn: dict[str, Any], staff: bool) -> list[str]:
    """What holds of every reply, whatever was said."""
    spoken = "\n".join(reply.texts)
    found = []
    if _INTENT.search(re.sub(r"https?://\S+|www\.\S+|\S+@\S+", "", spoken)):
        found.append("names an intent")
    if re.search(r"[{}<>]", spoken):
        found.append("a placeholder was not filled")
    if len(set(reply.texts)) != len(reply.texts):
        found.append("says the same twice in one reply")
    if before is not None and not reply.erased and reply.texts == before.texts:
        found.append("says the same as before")
    titles = [button.title for button in reply.buttons]
    if len(set(titles)) != len(titles):
        found.append("two buttons alike")
    lowered = turn.get("lowers", False) or reply.erased or staff
    if before is not None and before.urgency in ALARMING and reply.urgency not in ALARMING and not lowered:
        found.append(f"urgency fell from {before.urgency} to {reply.urgency}")
    if reply.urgency in ALARMING and reply.handoff != "offered" and reply.topic not in ("bot.takk", "bot.farvel"):
        found += [] if "informasjon" in spoken or reply.erased else ["no human offered"]
    return found
