"""What reports say of a practice that is in no vocabulary, or too general a name to be read everywhere: they are read again as if it had been accepted."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor

import vocabulary
from archive.model import Document
from diffusion.adoptions.model import Mention
from diffusion.adoptions.reading import TAKES_UP, mentions_of
from fazhi.errors import Invalid, NotFound
from fazhi.processes import spawning
from fazhi.reviewed import adopt
from fazhi.workspace import Workspace
from ingest.model import Fact, Source
from vocabulary.names import fold_name
from vocabulary.overlay import Decision, Overlay, make_overlay

_SHORTEST, _LONGEST = 2, 60  # characters of a name
_HAN = re.compile("[\u4e00-\u9fff]")
_FOLDS_TO_HAN = re.compile("[\u2e80-\u2fdf\u3038-\u303a\u3200-\u33ff\uf900-\ufaff\U0001f200-\U0001f2ff\U0002f800-\U0002fa1f]")  # signs that are made of others
_AT_A_TIME = 8  # reports that are handed to the process together

_Read = tuple[tuple[Fact, ...], tuple[tuple[int, int], ...]]


def known_as(name: str) -> tuple[str, ...]:
    """All spellings of a practice, the vocabulary's own name first where it has one, though too general to be read everywhere."""
    folded = fold_name(name)
    for entry in vocabulary.load("programs"):
        spellings = (str(entry["name"]), *map(str, entry.get("variants", ())))
        if entry.get("generic") and folded in map(fold_name, spellings):
            return spellings
    return (name,)


def find_writing(workspace: Workspace, name: str) -> list[Document]:
    """Reports with a place and a year whose text may have the name: quotation marks, blanks and ends of lines make no difference."""
    names = [(folded, _HAN.findall(folded)) for folded in map(fold_name, known_as(name))]

    def may_have(text: str) -> bool:  # to fold a text takes much longer than to see that a character is not in it
        strange = _FOLDS_TO_HAN.search(text) is not None
        likely = [folded for folded, characters in names if strange or all(character in text for character in characters)]
        if not likely:
            return False
        whole = fold_name(text).replace("\n", "")
        return any(folded in whole for folded in likely)

    documents = (document for document in workspace.archive.documents() if document.place is not None and document.year is not None)
    return [document for document in documents if may_have(workspace.archive.text(document.report))]


def read_candidate(workspace: Workspace, name: str, writing: Sequence[Document] | None = None) -> tuple[Mention, ...]:
    """What reports that have the name say of it; ``writing``: these reports, where they are known.

    Raises Invalid for what is no name, NotFound for one that no report names.
    """
    if not _SHORTEST <= len(name) <= _LONGEST:
        raise Invalid(f"{name!r} is no name of a practice.", cure=f"Give one of {_SHORTEST} to {_LONGEST} characters.")
    writing = find_writing(workspace, name) if writing is None else writing
    mentions = tuple(_read_again(workspace, name, writing)) if writing else ()
    if not mentions:
        cure = "See `fazhi search` for other words, and /api/entities for the programs that are known."
        raise NotFound(f"No report in this collection names {name}.", cure=cure)
    return mentions


def _read_again(workspace: Workspace, name: str, documents: Sequence[Document]) -> Iterator[Mention]:
    """In a process of its own, for the vocabulary in use has to stay as it is."""
    names = known_as(name)
    accepted = (Decision("program", spelling, True, cls="program") for spelling in names)
    overlay = make_overlay((*vocabulary.overlay().decisions, *accepted))
    with ProcessPoolExecutor(1, mp_context=spawning(), initializer=_begin, initargs=(overlay,)) as pool:
        sources = (workspace.archive.source(document.report) for document in documents)
        for document, (facts, sentences) in zip(documents, pool.map(_read, sources, chunksize=_AT_A_TIME), strict=True):
            yield from mentions_of(document, _wanted(facts, f"program:{names[0]}"), sentences, workspace.archive.text(document.report))


def _wanted(facts: Iterable[Fact], program: str) -> list[Fact]:
    return [fact for fact in facts if fact.relation == TAKES_UP and fact.subject_node and fact.object_node == program]


def _begin(overlay: Overlay) -> None:
    adopt(overlay)


def _read(source: Source) -> _Read:
    from ingest.pipeline import load_pipeline

    analysis = load_pipeline().analyse(source)
    return analysis.facts, analysis.sentences
