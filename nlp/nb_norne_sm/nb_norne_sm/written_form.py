"""Bokmål or nynorsk? Decides for a whole document what no window of nine words can know.

«er» is a form of «være» in bokmål and of «vere» in nynorsk, «meg» of «jeg» or of «eg», «seg» has other features. The
tagger and the lemmatiser see four words to each side; this component counts the document's own words («ikke», «ikkje»)
and puts such lemmas and features into the form that the document is written in. Without a sign it changes neither.

UD calls a name with a gender («Kari», «NRK») PROPN in bokmål and NOUN in nynorsk, a slip of its conversion that the
tagger has learnt. Outside nynorsk such a word with a capital is made a PROPN; in nynorsk UD's word stands.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import srsly
from spacy.language import Language
from spacy.symbols import NOUN, PROPN
from spacy.tokens import Doc
from spacy.vocab import Vocab

_FORMS = ("nb", "nn")
_FILE = "written_form.json"
_GENDERS = ("Gender=Fem", "Gender=Masc", "Gender=Neut")
_NAME = {"Abbr=Yes", *_GENDERS, *(f"Case=Gen|{gender}" for gender in _GENDERS)}
"""Features of a name; a common noun has number and definiteness too."""
Table = dict[str, Any]
"""«marks»: form of language → words of it alone; «lemmas», «morphs»: word → class → [bokmål's, nynorsk's]."""


class WrittenForm:
    """A component whose table is saved with the pipeline."""

    def __init__(self, vocab: Vocab, name: str = "written_form") -> None:
        self.vocab, self.name = vocab, name
        self.use({"marks": {}, "lemmas": {}, "morphs": {}})

    def use(self, table: Table) -> None:
        """Take a table in."""
        self._table = table
        marks = table["marks"]
        self._sign = dict.fromkeys(marks.get("nb", ()), 1) | dict.fromkeys(marks.get("nn", ()), -1)
        self._swaps = {form: self._swap(table, index) for index, form in enumerate(_FORMS)}

    @staticmethod
    def _swap(table: Table, index: int) -> dict[str, dict[tuple[str, str], str]]:
        """Word → (class, what the other form would have) → what this form has; lemmas and features apart."""
        found: dict[str, dict[tuple[str, str], str]] = {}
        for what in ("lemmas", "morphs"):
            for word, classes in table[what].items():
                for pos, pair in classes.items():
                    found.setdefault(word, {})[f"{what}:{pos}", pair[1 - index]] = pair[index]
        return found

    def form(self, doc: Doc) -> str | None:
        """«nb», «nn», or None when the document shows neither more than the other."""
        votes = sum(self._sign.get(token.lower_, 0) for token in doc)
        return None if votes == 0 else _FORMS[votes < 0]

    def __call__(self, doc: Doc) -> Doc:
        form = self.form(doc)
        swaps = self._swaps[form] if form else {}
        for token in doc:
            if form != "nn" and token.pos == NOUN and token.text[0].isupper() and str(token.morph) in _NAME:
                token.pos = PROPN
            known = swaps.get(token.lower_)
            if known is not None:
                lemma = known.get((f"lemmas:{token.pos_}", token.lemma_))
                if lemma is not None:
                    token.lemma_ = lemma
                morph = known.get((f"morphs:{token.pos_}", str(token.morph)))
                if morph is not None:
                    token.set_morph(morph)
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterable[Doc]:
        return map(self, stream)

    def to_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> None:
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        srsly.write_json(folder / _FILE, self._table)

    def from_disk(self, path: Path, *, exclude: Iterable[str] = ()) -> "WrittenForm":
        self.use(srsly.read_json(Path(path) / _FILE))
        return self

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        return bytes(srsly.msgpack_dumps(self._table))

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> "WrittenForm":
        self.use(srsly.msgpack_loads(data))
        return self


@Language.factory(
    "written_form",
    assigns=["token.pos", "token.lemma", "token.morph"],
    requires=["token.pos", "token.lemma", "token.morph"],
)
def make_written_form(nlp: Language, name: str) -> WrittenForm:
    """The component without a table; it is filled from disk or by ``use``."""
    return WrittenForm(nlp.vocab, name)
