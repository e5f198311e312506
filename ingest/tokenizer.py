"""The words of ``ingest.segment`` as spaCy tokens.

    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"@tokenizers": "fazhi.WordTokenizer.v1"}}})

The name is in spaCy's registry once this module is imported, so that a pipeline's config brings the same tokenizer back.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import registry
from spacy.vocab import Vocab

from ingest.segment import cut

BLANK_CONFIG = {"nlp": {"tokenizer": {"@tokenizers": "fazhi.WordTokenizer.v1"}}}


class WordTokenizer:
    """One token a word, blanks included, so that ``doc.text == text`` and ``token.idx`` is the offset. It holds nothing but the vocab."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        found = cut(text)
        return Doc(self.vocab, words=found, spaces=[False] * len(found))

    def __reduce__(self) -> tuple[Any, ...]:
        return WordTokenizer, (self.vocab,)

    # spaCy saves every part of a pipeline; there is nothing to save here
    def to_bytes(self, **_: Any) -> bytes:
        return b""

    def from_bytes(self, _: bytes, **__: Any) -> WordTokenizer:
        return self

    def to_disk(self, _: Path | str, **__: Any) -> None:
        return None

    def from_disk(self, _: Path | str, **__: Any) -> WordTokenizer:
        return self


def create_tokenizer() -> Callable[[Language], WordTokenizer]:
    def create(nlp: Language) -> WordTokenizer:
        return WordTokenizer(nlp.vocab)

    return create


registry.tokenizers.register("fazhi.WordTokenizer.v1", func=create_tokenizer)
