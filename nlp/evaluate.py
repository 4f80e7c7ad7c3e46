"""Measure a pipeline on UD's test files and write docs/spacy-model.md: `python -m nlp.evaluate CORPUS [MODEL]`.

CORPUS is the folder that nlp.convert made; MODEL a package's name or a folder (default: the package in this project).
Text goes in raw, as a user's does: tokens, sentences and all else are the pipeline's own.
"""

from __future__ import annotations

import sys
import time
from datetime import date
from pathlib import Path

import spacy
import yaml
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.training import Example

from nlp.assemble import FOLDER, PACKAGE, VERSION, size

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "spacy-model.md"
PUBLISHED = yaml.safe_load(Path(__file__).with_name("published.yml").read_text("utf-8"))
TRIES = Path(__file__).with_name("tries.yml")
PARTS = {
    "nob-test": "bokmål, test",
    "nno-test": "nynorsk, test",
    "nob-dev": "bokmål, dev",
    "nno-dev": "nynorsk, dev",
}
_ROUNDS = 3
_NAMES = ("PER", "ORG", "GPE_LOC", "GPE_ORG", "LOC", "PROD", "DRV", "EVT", "MISC")
_ROWS = (
    ("ents_f", "names, F"),
    ("ents_p", "names, precision"),
    ("ents_r", "names, recall"),
    *((name, f"{name}, F") for name in _NAMES),
    ("lower", "names, F, the same text without capitals"),
    ("lemma_acc", "lemma"),
    ("pos_acc", "class (UPOS)"),
    ("morph_acc", "features"),
    ("sents_f", "sentences, F"),
    ("token_acc", "tokens"),
    ("speed", "words a second, one core"),
    ("size", "size, MB"),
)


def gold(language: Language, path: Path) -> list[Doc]:
    """The annotated documents of a file."""
    return list(DocBin().from_disk(path).get_docs(language.vocab))


def lowered(doc: Doc) -> Doc:
    """The same document and names without capitals."""
    names = [f"{token.ent_iob_}-{token.ent_type_}" if token.ent_type_ else "O" for token in doc]
    words, spaces = [token.text.lower() for token in doc], [bool(token.whitespace_) for token in doc]
    return Doc(doc.vocab, words=words, spaces=spaces, ents=names)


def scores(language: Language, docs: list[Doc]) -> dict[str, float]:
    """What spaCy's own scorer says, in per cent; names by kind beside the sums."""
    found = language.evaluate([Example(language.make_doc(doc.text), doc) for doc in docs])
    kept = {key: 100 * value for key, value in found.items() if isinstance(value, float) and key != "speed"}
    kept |= {name: 100 * value["f"] for name, value in (found.get("ents_per_type") or {}).items()}
    low = [lowered(doc) for doc in docs]
    found = language.evaluate([Example(language.make_doc(doc.text), doc) for doc in low])
    kept["lower"] = 100 * (found["ents_f"] or 0.0)
    return kept


def speed(language: Language, docs: list[Doc]) -> float:
    """Words a second of processor time, one thread, the best of three rounds (the machine has other work too)."""
    texts, best = [doc.text for doc in docs], 0.0
    for _ in range(_ROUNDS):
        started = time.process_time()
        words = sum(len(doc) for doc in language.pipe(texts))
        best = max(best, words / (time.process_time() - started))
    return best


def measure(language: Language, corpus: Path) -> dict[str, dict[str, float]]:
    """Scores of each written form on UD test («nob-test») and UD dev, and the speed on test."""
    found = {}
    for part in PARTS:
        docs = gold(language, corpus / f"{part}.spacy")
        found[part] = scores(language, docs) | ({"speed": speed(language, docs)} if part.endswith("test") else {})
    return found


def table(found: dict[str, dict[str, float]]) -> str:
    """The scores beside what is published for nb_core_news_sm, as Markdown."""
    lines = [
        f"| | {' | '.join(PARTS.values())} | `nb_core_news_sm`, published |",
        "| --- |" + " ---: |" * (len(PARTS) + 1),
    ]
    for key, title in _ROWS:
        values = [_number(key, found[part].get(key)) for part in PARTS]
        if any(value != "–" for value in values):
            lines.append(f"| {title} | {' | '.join(values)} | {_number(key, PUBLISHED['scores'].get(key))} |")
    return "\n".join(lines)


def _number(key: str, value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if key == "speed" else f"{value:.1f}"


def tries() -> str:
    """Every configuration that was tried, also those that did not help, from tries.yml."""
    rows = yaml.safe_load(TRIES.read_text("utf-8"))
    lines = [
        "| try | steps | names F, dev | nb test | nn test | what came of it |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for row in rows:
        figures = [str(row.get(key, "–")) for key in ("steps", "dev", "nob", "nno")]
        lines.append(f"| {row['what']} | {' | '.join(figures)} | {row['came']} |")
    return "\n".join(lines)


def page(found: dict[str, dict[str, float]], name: str) -> str:
    """docs/spacy-model.md."""
    text = Path(__file__).with_name("page.md").read_text("utf-8")
    values = {"DATE": date.today().isoformat(), "MODEL": name, "SCORES": table(found), "TRIES": tries()}
    for key, value in values.items():
        text = text.replace(f"%{key}%", value)
    return text


def publish(found: dict[str, dict[str, float]], model: Path) -> None:
    """Write docs/spacy-model.md with the scores of the package's model."""
    for part in PARTS:
        found[part]["size"] = size(model)
    TARGET.write_text(page(found, f"{PACKAGE} {VERSION}"), "utf-8")


def main(arguments: list[str]) -> None:
    """Measure and print; write the page where it is the package's own model that was measured."""
    corpus, *rest = arguments
    own = FOLDER / PACKAGE / f"{PACKAGE}-{VERSION}"
    language = spacy.load(rest[0] if rest else own)
    found = measure(language, Path(corpus))
    print(table(found))
    if not rest:
        publish(found, own)


if __name__ == "__main__":
    main(sys.argv[1:])
