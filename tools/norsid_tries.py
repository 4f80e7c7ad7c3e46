"""Which views of a message help? Linear SVMs over them on NorSID, alone and averaged; prints a table.

    python -m tools.norsid_tries ../shared/nlp/norsid_dev.conll

The same folds as `tools.evaluate_norsid`, which measures what the product does; this only tries what it might do.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_union
from sklearn.svm import LinearSVC

from bot.language.masks import masked
from bot.language.normalise import normalise
from tools.evaluate_norsid import AREAS, FOLDS, Sentence, read

VIEWS: dict[str, Callable[[str], str]] = {
    "raw": lambda text: text,
    "common": lambda text: normalise(text).text,
    "masked": masked,
}
PENALTIES = (1.0, 0.3)
MEANS = (("raw", "common"), ("raw", "masked"), ("common", "masked"), ("raw", "common", "masked"))


def margins(sentences: Sequence[Sentence], view: Callable[[str], str], penalty: float) -> NDArray[np.float64]:
    """(sentences × intents): each sentence's margins from the four fifths that it is not among."""
    intents = sorted({sentence.intent for sentence in sentences})
    texts = [view(sentence.text) for sentence in sentences]
    found = np.full((len(sentences), len(intents)), -9.0)
    for fold in range(FOLDS):
        learnt = [number for number, s in enumerate(sentences) if s.id % FOLDS != fold]
        asked = [number for number, s in enumerate(sentences) if s.id % FOLDS == fold]
        features = make_union(
            TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5), sublinear_tf=True, min_df=2, preprocessor=fold),
            TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"\w+", sublinear_tf=True, min_df=2, preprocessor=fold),
        )
        rows = features.fit_transform([texts[number] for number in learnt])
        svm = LinearSVC(C=penalty, class_weight="balanced", random_state=0)
        svm.fit(rows, [sentences[number].intent for number in learnt])
        scores = svm.decision_function(features.transform([texts[number] for number in asked]))
        for column, intent in enumerate(svm.classes_):
            found[asked, intents.index(intent)] = scores[:, column]
    return found


def line(name: str, sentences: Sequence[Sentence], scores: NDArray[np.float64]) -> str:
    """One row of the table: per cent right, overall and by area, and the worst area against bokmål."""
    intents = sorted({sentence.intent for sentence in sentences})
    right = np.array([intents[best] == s.intent for best, s in zip(scores.argmax(1), sentences, strict=True)])
    areas = {area: 100 * right[[s.area == area for s in sentences]].mean() for area in AREAS}
    worst = min(share - areas["B"] for area, share in areas.items() if area != "B")
    return f"| {name} | {100 * right.mean():.1f} | {' | '.join(f'{s:.1f}' for s in areas.values())} | {worst:+.1f} |"


def main() -> None:
    """Print the table."""
    sentences = read(Path(sys.argv[1]))
    print(f"| view | all | {' | '.join(AREAS.values())} | worst |\n| --- |{' ---: |' * (len(AREAS) + 2)}", flush=True)
    for penalty in PENALTIES:
        found = {name: margins(sentences, view, penalty) for name, view in VIEWS.items()}
        for name, scores in found.items():
            print(line(f"{name}, C {penalty}", sentences, scores), flush=True)
        for names in MEANS:
            mean = sum(found[name] for name in names)
            print(line(f"mean of {', '.join(names)}, C {penalty}", sentences, mean), flush=True)


if __name__ == "__main__":
    main()
