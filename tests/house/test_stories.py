"""The test stories: enough of them, named by an aim, and none the same as another."""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.conftest import ROOT

FILES = sorted((ROOT / "tests" / "stories").glob("*.yml"))


def _stories() -> list[tuple[Path, str, list[str]]]:
    found = []
    for path in FILES:
        for story in yaml.safe_load(path.read_text("utf-8"))["stories"]:
            steps = [str(step.get("intent") or step["action"]) for step in story["steps"]]
            found.append((path, story["story"], steps))
    return found


def test_there_are_at_least_80_stories() -> None:
    assert len(_stories()) >= 80


def test_no_story_repeats_another() -> None:
    stories = _stories()
    names = [name for _, name, _ in stories]
    assert len(set(names)) == len(names)
    told = [tuple(steps) for _, _, steps in stories]
    assert [name for name, steps in zip(names, told, strict=True) if told.count(steps) > 1] == []


def test_stories_are_named_by_an_aim_and_not_by_a_number() -> None:
    assert [name for _, name, _ in _stories() if len(name.split()) < 5 or any(c.isdigit() for c in name)] == []


def test_stories_reach_every_action_and_every_topic() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
    reached = {step for _, _, steps in _stories() for step in steps}
    assert [name for name in [*domain["actions"], *domain["intents"]] if name not in reached] == []


def test_every_slot_is_used_in_the_conversation() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))
    code = "".join(
        path.read_text("utf-8") for folder in ("actions", "bot/conversation") for path in (ROOT / folder).glob("*.py")
    )
    assert [slot for slot in domain["slots"] if f'"{slot}"' not in code and f"memory.{slot}" not in code] == []
