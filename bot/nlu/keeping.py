"""What a component has learnt, written to the model and read back: the same way for all of them."""

from __future__ import annotations

from typing import Any

import joblib
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage


def keep(storage: ModelStorage, resource: Resource, name: str, learnt: object) -> None:
    """Write ``learnt`` as ``name`` into the component's part of the model."""
    with storage.write_to(resource) as folder:
        joblib.dump(learnt, folder / name)


def kept(storage: ModelStorage, resource: Resource, name: str) -> Any:
    """What ``keep`` wrote; None where nothing was."""
    try:
        with storage.read_from(resource) as folder:
            return joblib.load(folder / name)
    except ValueError:
        # Rasa asks for what was never written when there was nothing to train on.
        return None
