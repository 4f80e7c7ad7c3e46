"""The same name is the same thing throughout a text: what `ner` decides by four words to each side is made to agree.

«Stoltenberg» is a person where «Jens Stoltenberg» is one in the same document, and a name that is called one thing more
often than another is called that everywhere. A country as a place and as an actor (GPE_LOC, GPE_ORG) stay apart.
"""

from collections import Counter, defaultdict

from spacy.language import Language
from spacy.tokens import Doc, Span

_EITHER = {"GPE_LOC", "GPE_ORG"}


@Language.component("same_names", assigns=["doc.ents"], requires=["doc.ents"])
def same_names(doc: Doc) -> Doc:
    """``doc`` with the labels of its names made to agree; the names' places stay."""
    if len(doc.ents) > 1:
        labels = _most_often(doc)
        family = {span[-1].text for span in doc.ents if len(span) > 1 and labels[span.start] == "PER"}
        for span in doc.ents:
            if len(span) == 1 and (span.text in family or span.text.removesuffix("s") in family):
                labels[span.start] = "PER"
        doc.ents = [Span(doc, span.start, span.end, label=labels[span.start]) for span in doc.ents]
    return doc


def _most_often(doc: Doc) -> dict[int, str]:
    """Where each name begins → the label that its text has more often than any other, else its own."""
    counted: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for span in doc.ents:
        counted[span.text][span.label_] += 1
    found = {}
    for span in doc.ents:
        (label, times), *others = counted[span.text].most_common(2)
        clear = bool(others) and times > others[0][1] and {label, span.label_} != _EITHER
        found[span.start] = label if clear else span.label_
    return found
