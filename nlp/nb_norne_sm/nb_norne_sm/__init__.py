"""A Norwegian spaCy pipeline for bokmål and nynorsk. See README.md and meta.json for what it was learnt from."""

from typing import Any

from spacy.language import Language
from spacy.util import load_model_from_init_py

from . import same_names, written_form  # noqa: F401  registers what the pipeline names

__version__ = "1.0.0"


def load(**overrides: Any) -> Language:
    """The pipeline. Takes what ``spacy.load`` takes: ``vocab``, ``disable``, ``enable``, ``exclude``, ``config``."""
    return load_model_from_init_py(__file__, **overrides)
