"""One report as what an engine indexes. Engines differ in how they store a row, never in what stands in it.

Text is kept in *cells*, so that a search can be confined to sections and modalities exactly: ``""`` is the whole text, ``plan/planned`` the sentences of
plan sections with a planned fact, ``plan/`` those of plan sections without any fact. A sentence with facts of two modalities stands in two cells.
``own`` holds the sentences that state something of the place's own once more, ``headings`` the headings of sections: both only add to scores.
Cell texts come in two forms: ``words``, jieba's words and the words inside longer ones; ``pairs``, every two neighbouring characters, for exact phrases.
"""

from __future__ import annotations

from bisect import bisect_right
from hashlib import blake2b

import msgspec

from archive.model import Document, Projectable
from fulltext.characters import SEPARATOR, fold, keyword, pairs, squeeze
from fulltext.sentences import BODY_TYPES, Sentence, View, bare_name, build_view, name_places
from ingest.model import Modality, SectionKind
from ingest.segment import search_words
from ingest.text import Text

ALL = ""
OWN = "own"
HEADINGS = "headings"
SECTION_KINDS: tuple[SectionKind, ...] = ("heading", "results", "problems", "plan", "responsibility", "other")
MODALITY_KINDS: tuple[Modality, ...] = ("done", "ongoing", "planned", "exhorted")
LEVEL_KINDS = ("province", "prefecture", "county", "township")

_NO_YEAR = 9999
_SUFFIXES = ("自治区", "自治州", "自治县", "自治旗", "街道", "地区", "省", "市", "县", "区", "州", "盟", "旗", "镇", "乡")


class Cell(msgspec.Struct, frozen=True):
    """Text for an engine that splits it at blanks; the n-th pair is at position n."""

    words: str
    pairs: str


class Row(msgspec.Struct, frozen=True, kw_only=True):
    report: str
    fingerprint: str
    year: int | None
    level: str | None
    sort_keys: dict[str, int]  # year, -year, place: ascending; below 2**63, so that every engine has a type for them
    places: tuple[str, ...]  # keywords: ids and names of the place and all above it
    chain: dict[str, str]  # province, prefecture, county, township → graph id, for facets
    programs: tuple[str, ...]  # keywords: names and ids of the programs that a fact names, in any modality
    program_ids: tuple[str, ...]  # for facets: one value a program
    bodies: tuple[str, ...]  # keywords: names, with and without the place in front, and ids of the bodies and organisations that a fact names
    body_names: tuple[str, ...]  # for facets: without the place in front, so that 司法所 counts those of all places
    indicators: tuple[str, ...]  # keywords: names and ids of the indicators that a fact states a number of, and reports' own words for them
    indicator_ids: tuple[str, ...]  # for facets: those of the catalogue
    sections: tuple[str, ...]  # kinds that have text
    modalities: tuple[str, ...]  # of its facts
    said: tuple[str, ...]  # keys of its sentences
    place: str | None  # whose report it is, to count places by
    cells: dict[str, Cell]
    title: Cell
    view: View


def cell_name(section: str, modality: str) -> str:
    return f"{section}/{modality}"


def cell_names(sections: tuple[str, ...], modalities: tuple[str, ...]) -> tuple[str, ...]:
    """Cells that together hold the sentences of these sections and modalities; empty means any."""
    wanted: tuple[str, ...] = modalities or ("", *MODALITY_KINDS)
    return tuple(cell_name(section, modality) for section in sections or SECTION_KINDS for modality in wanted)


def project(item: Projectable) -> Row:
    document, analysis = item.document, item.analysis
    view = build_view(item.text, analysis)
    title = fold(Text.of(document.title or analysis.frame.title or "").clean)
    programs = [fact for fact in analysis.facts if fact.type == "program"]
    places = name_places(analysis)
    chain = place_chain(document.place, document.path, document.level)
    return Row(
        report=document.report,
        fingerprint=document.fingerprint,
        year=document.year,
        level=document.level,
        sort_keys=_sort_keys(document),
        places=_place_keywords(document.place, document.place_name, document.path),
        chain={level: node for level, node in chain.items() if level in LEVEL_KINDS},
        programs=_named(view, "program"),
        program_ids=tuple(sorted({fact.node or fact.canonical or fact.surface for fact in programs})),
        bodies=_named(view, "body"),
        body_names=tuple(sorted({bare_name(fact, places) for fact in analysis.facts if fact.type in BODY_TYPES} - {""})),
        indicators=_named(view, "indicator"),
        indicator_ids=tuple(sorted({fact.indicator_id for fact in analysis.facts if fact.type == "metric" and fact.indicator_id})),
        sections=tuple(sorted({sentence.section for sentence in view.sentences})),
        modalities=tuple(sorted({modality for sentence in view.sentences for modality in sentence.modalities})),
        said=tuple(sorted({sentence.key for sentence in view.sentences if sentence.key})),
        place=document.place,
        cells=_cells(view.folded, view.sentences, [section.heading for section in analysis.sections if section.heading]),
        title=Cell(" ".join(word for word, _, _ in search_words(title)), pairs(_stretch(title))) if title else Cell("", ""),
        view=view,
    )


def _named(view: View, field: str) -> tuple[str, ...]:
    return tuple(sorted({name for naming in view.namings if naming.field == field for name in naming.names}))


def _cells(folded: str, sentences: list[Sentence], headings: list[str]) -> dict[str, Cell]:
    """Every cell that has text. A word belongs to the sentence that it begins in."""
    found = search_words(folded)
    words: dict[str, list[str]] = {ALL: [word for word, _, _ in found]}
    stretches: dict[str, list[str]] = {}
    by_sentence: list[list[str]] = [[] for _ in sentences]
    starts = [sentence.start for sentence in sentences]
    first, end = 0, -1
    inside: list[str] = []
    for word, start, _ in found:
        if not first <= start < end:  # words come nearly in order
            index = bisect_right(starts, start) - 1
            first, end, inside = starts[index], sentences[index].end, by_sentence[index]
        inside.append(word)
    for sentence, within in zip(sentences, by_sentence, strict=True):
        stretch = _stretch(folded[sentence.start : sentence.end])
        if sentence.own:
            words.setdefault(OWN, []).extend(within)
            stretches.setdefault(OWN, []).append(stretch)
        for modality in sentence.modalities or ("",):
            name = cell_name(sentence.section, modality)
            words.setdefault(name, []).extend(within)
            stretches.setdefault(name, []).append(stretch)
    cells = {name: Cell(" ".join(words[name]), pairs("".join(parts))) for name, parts in stretches.items()}
    if headings:
        lines = [fold(Text.of(heading).clean) for heading in headings]
        cells[HEADINGS] = Cell(" ".join(word for line in lines for word, _, _ in search_words(line)), pairs("".join(map(_stretch, lines))))
    if folded:
        cells[ALL] = Cell(" ".join(words[ALL]), pairs(_stretch(folded)))
    return cells


def _stretch(folded: str) -> str:
    """Characters that phrases may run over, closed by the separator; paragraphs are stretches of their own."""
    return squeeze(folded.strip().replace("\n", SEPARATOR)) + SEPARATOR


def _sort_keys(document: Document) -> dict[str, int]:
    """Numbers that order reports, the report id in their last digits: year, or division code, township and year. What is not known comes last.

    The digits of the id don't all fit, so engines settle equal keys by the whole id.
    """
    report = int(document.report, 16)
    year = _NO_YEAR if document.year is None else min(max(document.year, 0), _NO_YEAR - 1)
    code, _, name = (document.place or "").removeprefix("cn:").partition("/")
    division = int(code.ljust(6, "0")) if code.isdecimal() and len(code) <= 6 else 999_999
    township = int.from_bytes(blake2b(name.encode("utf-8", "replace"), digest_size=2).digest(), "big") if name else 0
    return {
        "year": year << 49 | report >> 15,
        "-year": (_NO_YEAR if year == _NO_YEAR else _NO_YEAR - 1 - year) << 49 | report >> 15,
        "place": division << 43 | township << 27 | year << 13 | report >> 51,
    }


def place_chain(place: str | None, path: tuple[str, ...], level: str | None) -> dict[str, str]:
    """Level → graph id of a place and all above it: {"province": "cn:35", "prefecture": "cn:3505", "county": "cn:350524", "township": "cn:350524/参内镇"}.

    Ids nest: two digits for a province, four for a prefecture, six for a county, then names. A county of 重庆 has no prefecture: ``path``
    shows it by having a name less.
    """
    if not place:
        return {}
    code, *names = place.removeprefix("cn:").split("/")
    nodes = [("province", f"cn:{code[:2]}"), ("prefecture", f"cn:{code[:4]}"), ("county", f"cn:{code[:6]}")][: max(len(code) // 2, 1)]
    for depth, name_level in zip(range(1, len(names) + 1), ("township", "village"), strict=False):
        nodes.append((name_level, f"cn:{code}/{'/'.join(names[:depth])}"))
    if len(code) == 6 and path and len(path) < len(nodes) - (1 if names and names[0].startswith("?") else 0):
        nodes = [node for node in nodes if node[0] != "prefecture"]
    if level and nodes and not names:
        nodes[-1] = (level, nodes[-1][1])
    return dict(nodes)


def _place_keywords(place: str | None, name: str | None, path: tuple[str, ...]) -> tuple[str, ...]:
    """Ids of the whole chain, full names, names without their suffix (泉州 for 泉州市)."""
    names = [*path, *([name] if name else [])]
    short = [part.removesuffix(suffix) for part in names for suffix in _SUFFIXES if part.endswith(suffix) and len(part) - len(suffix) >= 2]
    ids = [place, *place_chain(place, path, None).values()] if place else []
    return tuple(sorted({keyword(value) for value in (*ids, *names, *short)}))
