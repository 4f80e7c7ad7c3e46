"""The place for a pre-trained encoder: off by default, and a model in a folder is read as it is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from tokenizers import Tokenizer, models, pre_tokenizers

from bot.errors import StartError
from bot.nlu.encoder import EncoderFeaturizer, OnnxEncoder
from bot.nlu.features import Ngrams
from bot.nlu.featurizer import NgramFeaturizer, row_of

WORDS = ["[UNK]", "passet", "borte", "reise"]
VECTORS = np.array([[0, 0], [3, 0], [0, 4], [1, 1]], np.float32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of one table: each word's vector is its hidden state."""
    path = tmp_path_factory.mktemp("encoder")
    tokenizer = Tokenizer(models.WordLevel({word: place for place, word in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.save(str(path / "tokenizer.json"))
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["last_hidden_state"])],
        "table",
        [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "tokens"])],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, ["batch", "tokens", 2])],
        [numpy_helper.from_array(VECTORS, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    onnx.save(model, str(path / "model.onnx"))
    return path


def _create(folder: Path | None) -> EncoderFeaturizer:
    config: dict[str, Any] = {**EncoderFeaturizer.get_default_config(), "folder": folder and str(folder)}
    return EncoderFeaturizer.create(config, None, None, None)  # type: ignore[arg-type]


def test_encoder_means_over_tokens_at_unit_length(folder: Path) -> None:
    vector: NDArray[np.float32] = OnnxEncoder(folder, most_tokens=16).vector("passet borte")
    assert vector == pytest.approx([0.6, 0.8])


def test_encoder_reads_no_more_than_it_may(folder: Path) -> None:
    assert OnnxEncoder(folder, most_tokens=1).vector("passet borte borte") == pytest.approx([1.0, 0.0])


def test_encoder_stands_behind_the_ngrams(folder: Path) -> None:
    ngrams = Ngrams(least=1).fit(["passet borte", "reise"])
    message = Message({TEXT: "passet borte"})
    NgramFeaturizer({}, None, None, ngrams).process([message])  # type: ignore[arg-type]
    _create(folder).process([message])
    row = row_of(message)
    assert row is not None
    assert row.shape == (1, ngrams.size + 2)
    assert row.toarray()[0, -2:] == pytest.approx([0.6, 0.8])


def test_encoder_without_a_folder_adds_nothing() -> None:
    message = Message({TEXT: "passet borte"})
    _create(None).process([message])
    assert message.features == []


def test_encoder_says_what_its_folder_lacks(tmp_path: Path) -> None:
    with pytest.raises(StartError, match=r"model\.onnx og tokenizer\.json"):
        _create(tmp_path)


def test_another_model_in_the_folder_is_another_fingerprint(folder: Path, tmp_path: Path) -> None:
    first = EncoderFeaturizer.fingerprint_addon({"folder": str(folder)})
    (tmp_path / "model.onnx").write_bytes(b"another")
    assert first != EncoderFeaturizer.fingerprint_addon({"folder": str(tmp_path)})
    assert EncoderFeaturizer.fingerprint_addon({"folder": None}) is None
