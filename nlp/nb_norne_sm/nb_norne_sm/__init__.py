"""A Norwegian spaCy pipeline for bokmål and nynorsk. See LICENSE and meta.json for what it was learnt from."""

from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.util import get_model_meta, load_model_from_init_py

__version__ = get_model_meta(Path(__file__).parent)["version"]


def load(**overrides: Any) -> Language:
    """The pipeline. Takes what ``spacy.load`` takes: ``vocab``, ``disable``, ``enable``, ``exclude``, ``config``."""
    return load_model_from_init_py(__file__, **overrides)
