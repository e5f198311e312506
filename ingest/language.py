"""The rules as a spaCy pipeline, for those who work in spaCy: words as tokens, facts as spans.

    nlp = load_language()
    doc = nlp(report_text)
    [(span.text, span.label_) for span in doc.spans["place"]]

``fazhi`` itself reads reports with ``ingest.pipeline``, which calls the same components without spaCy: no rule reads a token, and importing spaCy takes
longer than reading a hundred reports.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span

from ingest.model import Source
from ingest.pipeline import COMPONENTS, read_draft
from ingest.tokenizer import BLANK_CONFIG

DRAFT = "fazhi_draft"  # the component that must come first; also the key of ``doc.user_data`` under which the draft travels


@Language.component(DRAFT)
def start_draft(doc: Doc) -> Doc:
    """Take the text in. ``doc.user_data["source"]`` may hold the Source that it comes from."""
    doc.user_data[DRAFT] = read_draft(doc.user_data.get("source") or Source(key="doc", text=doc.text))
    return doc


def _component(read: Callable[..., None]) -> Callable[[Doc], Doc]:
    def component(doc: Doc) -> Doc:
        read(doc.user_data[DRAFT])
        return doc

    return component


for _read in COMPONENTS:
    Language.component(f"fazhi_{_read.__name__}", func=_component(_read))


@Language.component("fazhi_spans")
def write_spans(doc: Doc) -> Doc:
    """One span group per type of fact, in the order of the text; a span's label is the type, its id the full name. It covers whole tokens."""
    draft = doc.user_data[DRAFT]
    groups: dict[str, list[Span]] = {}
    for mention in sorted(draft.mentions, key=lambda mention: (mention.start, mention.end, mention.type)):
        start, end = draft.text.to_original(mention.start, mention.end)
        span = doc.char_span(start, end, label=mention.type, span_id=mention.canonical or "", alignment_mode="expand")
        if span is not None:
            groups.setdefault(mention.type, []).append(span)
    for name, spans in groups.items():
        doc.spans[name] = spans
    return doc


@cache
def load_language() -> Language:
    """A Chinese spaCy pipeline with one component per family of facts."""
    language = spacy.blank("zh", config=BLANK_CONFIG)
    for name in (DRAFT, *(f"fazhi_{read.__name__}" for read in COMPONENTS), "fazhi_spans"):
        language.add_pipe(name)
    return language
