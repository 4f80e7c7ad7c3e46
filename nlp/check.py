"""How well the mapping of NDT agrees with UD: `python -m nlp.check NORNE` lays each UD file beside NDT and counts."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from nlp import corpus
from nlp.corpus import FORMS, Token
from nlp.mapping import to_ud

_WORST = 12


def pairs(norne: Path, form: str, part: str) -> Iterator[tuple[Token, Token]]:
    """Each token of UD's ``part`` with what the mapping makes of the same token in NDT."""
    known = {sentence.key: sentence for sentence in corpus.ndt(norne, form)}
    for wanted in corpus.ud(norne, form, part):
        found = known.get(wanted.key)
        if found and [t.form for t in found.tokens] == [t.form for t in wanted.tokens]:
            yield from zip(to_ud(found).tokens, wanted.tokens, strict=True)


def report(norne: Path, form: str, part: str, worst: int = _WORST) -> str:
    """Agreement in class, features and lemma in per cent, and the commonest differences."""
    both = list(pairs(norne, form, part))
    wrong = [Counter[str](), Counter[str](), Counter[str]()]
    for ours, theirs in both:
        if ours.pos != theirs.pos:
            wrong[0][f"{ours.pos} for {theirs.pos} ({theirs.lemma})"] += 1
        if ours.feats != theirs.feats:
            wrong[1][f"{'|'.join(ours.feats) or '_'} for {'|'.join(theirs.feats) or '_'} ({theirs.lemma})"] += 1
        if ours.lemma != theirs.lemma:
            wrong[2][f"{ours.lemma} for {theirs.lemma}"] += 1
    lines = [f"{form} {part}: {len(both)} tokens"]
    for name, counted in zip(("class", "features", "lemma"), wrong, strict=True):
        agree = 100 * (1 - sum(counted.values()) / max(len(both), 1))
        lines.append(f"  {name} {agree:.2f} %: " + "; ".join(f"{n} × {what}" for what, n in counted.most_common(worst)))
    return "\n".join(lines)


def main(arguments: list[str]) -> None:
    """The folder of NorNE, and the parts to look at («dev» when none is named)."""
    norne, *parts = arguments
    for form in FORMS:
        for part in parts or ["dev"]:
            print(report(Path(norne), form, part))


if __name__ == "__main__":
    main(sys.argv[1:])
