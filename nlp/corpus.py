"""Read NorNE as it is published, and rebuild the split that UD made of it.

NorNE holds every sentence of the Norwegian Dependency Treebank (NDT) with names on top, and UD's dev and test files.
UD's train file is not in it: it is every NDT sentence whose text is in neither of the two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

FORMS = {"nob": "no_bokmaal-ud", "nno": "no_nynorsk-ud"}
"""The two written forms: the folder's name in NorNE, and how UD's files begin."""
_KEY_LENGTH = 60


@dataclass(frozen=True)
class Token:
    """One token. In NDT ``pos`` and ``feats`` are NDT's own, in UD they are UD's; ``name`` is IOB («B-PER», «O»)."""

    form: str
    lemma: str
    pos: str
    feats: tuple[str, ...]
    head: int
    relation: str
    name: str
    space_after: bool = True


@dataclass(frozen=True)
class Sentence:
    """Tokens in order; ``head`` of a token counts from 1, 0 is the root. ``source`` is the file it stands in."""

    source: str
    tokens: tuple[Token, ...]

    @property
    def key(self) -> str:
        """What two sentences with the same text share, whatever their quotation marks, spaces and heading marks."""
        return "".join(letter for token in self.tokens for letter in token.form if letter.isalnum())


def read(path: Path) -> Iterator[Sentence]:
    """Sentences of a CoNLL-like file of ten columns, NDT's or UD's. Raises ValueError on a line of another shape."""
    rows: list[list[str]] = []
    for number, line in enumerate(path.read_text("utf-8-sig").splitlines(), 1):
        if not line.strip():
            if rows:
                yield Sentence(path.name, tuple(map(_token, rows)))
            rows = []
        elif not line.startswith("#"):
            row = line.split("\t")
            if len(row) != 10:
                raise ValueError(f"{path.name}:{number} has {len(row)} columns, not 10")
            rows.append(row)
    if rows:
        yield Sentence(path.name, tuple(map(_token, rows)))


def _token(row: list[str]) -> Token:
    feats = tuple(part for part in row[5].split("|") if part and part != "_")
    extra = dict(part.partition("=")[::2] for part in row[9].split("|"))
    return Token(
        row[1], row[2], row[3], feats, int(row[6]), row[7], extra.get("name", "O"), extra.get("SpaceAfter") != "No"
    )


def without_heading_mark(sentence: Sentence) -> Sentence:
    """The sentence without NDT's «|», which stands for the end of a heading and is no part of the text."""
    kept = [index for index, token in enumerate(sentence.tokens, 1) if token.form != "|"]
    if len(kept) == len(sentence.tokens):
        return sentence
    new = {old: position for position, old in enumerate(kept, 1)}
    tokens = [sentence.tokens[index - 1] for index in kept]
    moved = tuple(Token(**{**vars(token), "head": new.get(token.head, 0)}) for token in tokens)
    return Sentence(sentence.source, moved)


def ud(norne: Path, form: str, part: str) -> list[Sentence]:
    """UD's «dev» or «test» of one written form."""
    return list(read(norne / "ud" / form / f"{FORMS[form]}-{part}.conllu"))


def ndt(norne: Path, form: str) -> list[Sentence]:
    """Every NDT sentence of one written form, in the order of the files, without heading marks."""
    files = sorted((norne / "ndt" / form).glob("*.conll"))
    sentences = (without_heading_mark(sentence) for path in files for sentence in read(path))
    return [sentence for sentence in sentences if sentence.tokens]


def train(norne: Path, form: str) -> list[Sentence]:
    """NDT sentences whose text is in neither UD dev nor test; the beginning of a long sentence counts as its text.

    Four sentences of UD differ from NDT's by an abbreviation's full stop, hence the beginning.
    """
    held = {_short(sentence.key) for part in ("dev", "test") for sentence in ud(norne, form, part)}
    return [sentence for sentence in ndt(norne, form) if _short(sentence.key) not in held]


def _short(key: str) -> str:
    return key[:_KEY_LENGTH]
