"""Build bot/language/data/vocabulary.tsv: how often words are written, in bokmål, nynorsk, English and as people talk.

    python -m tools.vocabulary ../shared/nlp/norne.tar.xz

Counts are taken over the Norwegian Dependency Treebank (both written forms), the answers in knowledge/ and the training
messages in data/nlu/ by their label. The last column, messages in dialect and slang, only helps to tell languages.
Only counts leave the texts. Also writes compounds.tsv: the compounds that people split in two.
"""

from __future__ import annotations

import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / "bot" / "language" / "data"
_WORD = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_FOLDERS = {"nb": "norne/ndt/nob/", "nn": "norne/ndt/nno/"}
_FORMS = {"nb": "nb", "nn": "nn", "en": "en", "dialekt": "talk", "slang": "talk"}
COLUMNS = ("nb", "nn", "en", "talk")
# A word seen once in a message may be misspelt; in an article or twice it is hardly.
_LEAST = {"treebank": 2, "messages": 3, "articles": 1}
_SHORTEST = 3
# A call for this many times the compound before two words that stand side by side are read as one.
_APART = 1.0


def sentences(archive: Path) -> Iterator[tuple[str, list[str]]]:
    """Every sentence of the treebank: ``nb`` or ``nn``, and its words in lower case, names left out."""
    with tarfile.open(archive) as tar:
        for member in tar:
            form = next((form for form, folder in _FOLDERS.items() if member.name.startswith(folder)), None)
            file = tar.extractfile(member) if form and member.isfile() else None
            if file is None or form is None:
                continue
            for block in file.read().decode("utf-8").split("\n\n"):
                rows = [line.split("\t") for line in block.splitlines() if line[:1].isdigit()]
                yield form, [row[1].lower() for row in rows if row[-1] in ("_", "name=O")]


def messages() -> Iterator[tuple[str, list[str]]]:
    """Every training message in a written form: the form and its words."""
    for path in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for entry in yaml.safe_load(path.read_text("utf-8"))["nlu"]:
            for example in entry["examples"]:
                form = _FORMS.get(example["metadata"]["form"])
                if form:
                    yield form, _WORD.findall(example["text"].lower())


def articles() -> Iterator[list[str]]:
    """The words of every answer, placeholders left out."""
    for path in sorted((ROOT / "knowledge" / "articles").rglob("*.md")):
        text = path.read_text("utf-8").split("---", 2)[2]
        yield _WORD.findall(re.sub(r"\{.*?\}|https?://\S+", " ", text).lower())


def main() -> None:
    """Write both files."""
    treebank: dict[str, Counter[str]] = {"nb": Counter(), "nn": Counter()}
    written: dict[str, Counter[str]] = {name: Counter() for name in COLUMNS}
    answers: Counter[str] = Counter()
    pairs: Counter[tuple[str, str]] = Counter()
    for form, words in sentences(Path(sys.argv[1])):
        treebank[form].update(word for word in words if _WORD.fullmatch(word))
        pairs.update(pairwise(words))
    for form, words in messages():
        written[form].update(words)
        if form != "talk":
            pairs.update(pairwise(words))
    for words in articles():
        answers.update(words)
        pairs.update(pairwise(words))
    counts: dict[str, Counter[str]] = {name: Counter() for name in COLUMNS}
    for form, counter in treebank.items():
        counts[form].update({w: n for w, n in counter.items() if n >= _LEAST["treebank"]})
    for form, counter in written.items():
        counts[form].update({w: n for w, n in counter.items() if n >= _LEAST["messages"]})
    counts["nb"].update(answers)
    every = sorted(set().union(*counts.values()))
    lines = ["\t".join((word, *(str(counts[name][word]) for name in COLUMNS))) for word in every]
    (DATA / "vocabulary.tsv").write_text("\n".join(lines) + "\n", "utf-8")
    split = _compounds(counts["nb"] + counts["nn"], answers, pairs)
    (DATA / "compounds.tsv").write_text("\n".join(split) + "\n", "utf-8")
    print(f"{len(lines)} words, {len(split)} compounds")


def _compounds(counts: Counter[str], answers: Counter[str], pairs: Counter[tuple[str, str]]) -> list[str]:
    """«first<TAB>last» for each compound of our own texts that no text writes apart more often than together."""
    found = []
    for word in sorted(answers):
        if len(word) < 2 * _SHORTEST + 1 or "-" in word:
            continue
        for at in range(_SHORTEST, len(word) - _SHORTEST + 1):
            first, last = word[:at], word[at:]
            # «tvangs» is no word alone; «tvang» is.
            known = counts[first] >= 2 or (first[-1] in "se" and counts[first[:-1]] >= 2)
            if (
                known
                and counts[last] >= 2
                and pairs[first, last] <= _APART * counts[word]
                and len(first) + len(last) > 8
            ):
                found.append(f"{first}\t{last}")
    return found


if __name__ == "__main__":
    main()
