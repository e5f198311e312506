"""What every engine's compiler needs to know: the fields of cells, where text counts and how much, and the pairs of characters that make up a phrase."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fulltext.characters import SEPARATOR
from fulltext.project import ALL, HEADINGS, MODALITY_KINDS, OWN, SECTION_KINDS, Cell, Row, cell_name, cell_names

TITLE_BOOST = 2.0
OWN_BOOST = 3.0  # on top of what the same words count in the whole text
HEADINGS_BOOST = 0.5
PHRASE_BOOST = 4.0
TITLE = "title"
_LARGEST_YEAR = 2**31 - 1
_EMPTY = Cell("", "")

CELLS: tuple[str, ...] = (ALL, TITLE, OWN, HEADINGS, *(cell_name(section, modality) for section in SECTION_KINDS for modality in ("", *MODALITY_KINDS)))


def iter_texts(row: Row) -> Iterator[tuple[str, Cell]]:
    """Every cell of ``CELLS`` with what is indexed of it. A cell without text gets a word that nobody can ask for.

    So every report has every field, and all engines reckon with as many reports when they weigh a word; Lucene would leave out those without the field.
    """
    for cell in CELLS:
        text = row.title if cell == TITLE else row.cells.get(cell, _EMPTY)
        yield cell, text if cell == ALL else Cell(text.words or SEPARATOR, text.pairs or SEPARATOR)


class Scope:
    """The cells in which text counts, with the weight of each. What stands in those of ``bonus`` as well counts more; they find nothing more."""

    def __init__(
        self,
        cells: Sequence[tuple[str, float]],
        sections: tuple[str, ...] = (),
        modalities: tuple[str, ...] = (),
        bonus: Sequence[tuple[str, float]] = (),
    ) -> None:
        self.cells = cells
        self.bonus = bonus
        self.sections = sections
        self.modalities = modalities

    def within(self, sections: tuple[str, ...], modalities: tuple[str, ...]) -> Scope | None:
        """The part of it in such sentences; None where nothing is left."""
        kinds = _both(self.sections, sections)
        moods = _both(self.modalities, modalities)
        return None if kinds is None or moods is None else Scope([(name, 1.0) for name in cell_names(kinds, moods)], kinds, moods)


ANYWHERE = Scope([(ALL, 1.0), (TITLE, TITLE_BOOST)], bonus=[(OWN, OWN_BOOST), (HEADINGS, HEADINGS_BOOST)])
IN_TITLE = Scope([(TITLE, TITLE_BOOST)])


def _both(outer: tuple[str, ...], inner: tuple[str, ...]) -> tuple[str, ...] | None:
    if not outer or not inner:
        return outer or inner
    return tuple(kind for kind in inner if kind in outer) or None


def iter_pieces(text: str, gaps: tuple[int, ...]) -> Iterator[tuple[int, str]]:
    """(offset, pair) that together cover ``text`` outside its gaps; half of the pairs are enough. A single character between gaps comes alone."""
    start = 0
    for end in (*gaps, len(text)):
        size = end - start
        if size == 1:
            yield start, text[start]
        elif size > 1:
            yield from ((offset, text[offset : offset + 2]) for offset in range(start, end - 1, 2))
            if size % 2:
                yield end - 2, text[end - 2 : end]
        start = end + 1


def earns_bonus(text: str, gaps: tuple[int, ...]) -> bool:
    """Whether a phrase counts more where bonus cells have it: not with a character alone between wildcards, which takes long to look up in every cell."""
    return bool(text) and all(len(piece) == 2 for _, piece in iter_pieces(text, gaps))


def bound_year(year: int | None) -> int | None:
    """The same year, or the outermost that a number field takes."""
    return None if year is None else max(-_LARGEST_YEAR, min(year, _LARGEST_YEAR))
