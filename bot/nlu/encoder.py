"""The place for a pre-trained encoder: a sentence vector of a model in a local folder, beside the n-grams.

Off unless ``folder`` is set in config.yml. The folder holds ``model.onnx`` and ``tokenizer.json``, as the usual export
of a BERT-like model makes them (NB-BERT, for one), and ``onnxruntime`` and ``tokenizers`` must be installed. Nothing is
fetched. docs/understanding.md says how to measure what it gains.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.errors import StartError

ORIGIN = "encoder"
_MODEL, _TOKENIZER = "model.onnx", "tokenizer.json"


class Encoder(Protocol):
    """Makes a vector of a text."""

    def vector(self, text: str) -> NDArray[np.float32]:
        """(d), of unit length."""


class OnnxEncoder:
    """A model in ONNX form: the mean of its last hidden states over the tokens, at unit length."""

    def __init__(self, folder: Path, *, most_tokens: int) -> None:
        try:
            from onnxruntime import InferenceSession
            from tokenizers import Tokenizer
        except ImportError as error:
            raise StartError("En koder i config.yml krever pakkene onnxruntime og tokenizers.") from error
        missing = [name for name in (_MODEL, _TOKENIZER) if not (folder / name).is_file()]
        if missing:
            raise StartError(f"Mappa {folder} mangler {' og '.join(missing)}.")
        self._session = InferenceSession(str(folder / _MODEL), providers=["CPUExecutionProvider"])
        self._inputs = [entry.name for entry in self._session.get_inputs()]
        self._tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
        self._tokenizer.enable_truncation(most_tokens)

    def vector(self, text: str) -> NDArray[np.float32]:
        """(d), of unit length; zeros for a text without tokens."""
        tokens = self._tokenizer.encode(text)
        given = {
            "input_ids": tokens.ids,
            "attention_mask": tokens.attention_mask,
            "token_type_ids": tokens.type_ids,
        }
        states = self._session.run(None, {name: np.array([given[name]], np.int64) for name in self._inputs})[0][0]
        if not len(states):
            return np.zeros(states.shape[-1], np.float32)
        mean = states.mean(axis=0)
        unit: NDArray[np.float32] = (mean / max(float(np.linalg.norm(mean)), 1e-9)).astype(np.float32)
        return unit


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class EncoderFeaturizer(GraphComponent):
    """Adds a dense sentence vector to each message; nothing at all without a ``folder``."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``folder``: of the model, or null. ``most_tokens``: what is read of a message."""
        return {"folder": None, "most_tokens": 128}

    def __init__(self, encoder: Encoder | None) -> None:
        self._encoder = encoder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EncoderFeaturizer:
        folder = config["folder"]
        return cls(OnnxEncoder(Path(folder), most_tokens=config["most_tokens"]) if folder else None)

    @staticmethod
    def fingerprint_addon(config: dict[str, Any]) -> str | None:
        """A hash of the model, so that another in the same folder is learnt from anew."""
        path = Path(config["folder"] or "") / _MODEL
        return hashlib.sha256(path.read_bytes()).hexdigest() if config["folder"] and path.is_file() else None

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        self.process(training_data.training_examples)
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages:
            text = message.get(TEXT)
            if text and self._encoder is not None:
                vector = self._encoder.vector(text)[None, :]
                message.add_features(Features(vector, FEATURE_TYPE_SENTENCE, TEXT, ORIGIN))
        return messages
