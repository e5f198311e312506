"""Chinese words with their offsets, as jieba cuts them.

rjieba is jieba in Rust, about 26 times as fast, and runs wherever it is installed; jieba itself is the reference and the fallback. Both cut alike but for
runs that jieba breaks apart: rjieba keeps 2023-2025 (and a-b of letters or digits in general) as one word.
Importing this module does not import spaCy: the tokenizer for pipelines is in ``ingest.tokenizer``.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from typing import Any, Literal, TypeAlias

from ingest.patterns import lazy

Word: TypeAlias = tuple[str, int, int]  # word, start, end
_Mode: TypeAlias = Literal["default", "search"]

_SURROGATE = lazy(r"[\ud800-\udfff]")
_LETTER = lazy(r"[^\W_]")  # of any script; what has none is punctuation
_CASED = lazy(r"[^\W\d_a-z\u2e80-\u9fff]")  # may have a lower case
_PART = lazy(r"[^\W_]+")


@cache
def _rjieba() -> Any:
    """The module, None where there is no wheel for this machine. Importing it reads its dictionary: only who cuts words waits for that."""
    try:
        import rjieba
    except ImportError:
        return None
    return rjieba


def words(text: str) -> list[Word]:
    """Every word of ``text`` in order, blanks and punctuation among them: together they are the whole text, ``text[start:end] == word``."""
    return _cut(text, "default")


def cut(text: str) -> list[str]:
    """The same words without their offsets, in little more than half of the time."""
    if (rjieba := _rjieba()) is not None:
        with suppress(UnicodeEncodeError):
            return list(rjieba.cut(text))
    return [word for word, _, _ in words(text)]


def tag_words(text: str) -> list[tuple[str, str]]:
    """The words of ``text`` with their parts of speech, as ICTCLAS letters: n, v, nr for names. Raises ImportError where there is no rjieba."""
    import rjieba

    tagged: list[tuple[str, str]] = rjieba.tag(text)
    return tagged


def search_words(text: str) -> list[Word]:
    """What an index keeps of ``text``: its words, and before each longer one the words inside it (人民调解: 人民, 民调, 调解; 2023-2025: 2023, 2025).

    Without blanks and punctuation, letters in lower case. ``text[start:end].lower()`` is the word.
    """
    found = [word for word in _cut(text, "search") if word[0][0].isalnum() or _LETTER.search(word[0])]
    if "-" in text:
        found += [(part.group(), start + part.start(), start + part.end()) for word, start, _ in found if "-" in word for part in _PART.finditer(word)]
    return [(word.lower(), start, end) for word, start, end in found] if _CASED.search(text) else found


def query_words(text: str) -> tuple[str, ...]:
    """What a query asks for: the words of ``text`` as ``search_words`` writes them, without the ones inside longer ones, each once."""
    return tuple(dict.fromkeys(word.lower() for word, _, _ in _cut(text, "default") if _LETTER.search(word)))


def reference_words(text: str, mode: _Mode = "default") -> list[Word]:
    """The same by jieba itself: slow, for comparison and for machines without rjieba."""
    return [(word, start, end) for word, start, end in _jieba().tokenize(text, mode=mode)]


def _cut(text: str, mode: _Mode) -> list[Word]:
    rjieba = _rjieba()
    if rjieba is None:
        return reference_words(text, mode)
    try:
        found: Iterable[Word] = rjieba.tokenize(text, mode)
    except UnicodeEncodeError:  # half a surrogate pair can't go to Rust: cut the text as if it were unknown there
        found = ((text[start:end], start, end) for _, start, end in rjieba.tokenize(_SURROGATE.sub("\ufffd", text), mode))
    return list(found)


@cache
def _jieba() -> Any:
    import logging

    import jieba

    jieba.setLogLevel(logging.ERROR)  # it tells on stderr how long its dictionary took to load
    return jieba.Tokenizer()


def __getattr__(name: str) -> Any:
    if name == "WordTokenizer":  # lives apart, since importing spaCy takes a second that search and the command line need not spend
        from ingest.tokenizer import WordTokenizer

        return WordTokenizer
    raise AttributeError(name)
