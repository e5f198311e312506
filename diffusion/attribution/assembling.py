"""Adoptions, superiors' acts and shared words as one panel that a network is fitted to."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence

import msgspec
import numpy as np

from diffusion.adoptions.model import CLAIMS, Adoption, Mention, Watched
from diffusion.attribution.model import Ground
from diffusion.networks.panel import Panel
from diffusion.reuse.model import Pair, Template

_OVERLAP = 12  # characters that a passage and the sentence of a mention share at least
_AFTER = 200  # characters behind the sentence of a mention in which it may go on about the same practice, as long as no other one is named
_TO_THE_END = 1 << 40
_OVERLAP_AFTER = 40  # of these that a passage has at least; and on both sides, for nothing in the words says what they are about
_DECAY = 12.0  # how fast a match counts less that has fewer of its characters than the closest one: e to the power of this times the share that it lacks
_NAMED = 20.0  # how much more a source counts that the text itself names than one whose words it has
_LATE = 0.15  # the same for words that stand only in later reports
_MENTIONED = 1.0  # the same for one that the sentence of the adoption mentions

Key = tuple[str, str]  # program, place
Span = tuple[str, int, int]  # key of a text, start, end


class Act(msgspec.Struct, frozen=True):
    """A superior's text that speaks of a practice. ``key`` is None where its existence is only inferred from what is taken up below."""

    superior: str
    program: str
    year: int
    key: str | None


class Assembled(msgspec.Struct, frozen=True, kw_only=True):
    """``grounds``: (program, place) → source → what speaks for it. ``common``: (program, place) → places of its county whose words it shares."""

    panel: Panel
    programs: tuple[str, ...]
    places: tuple[str, ...]
    superiors: tuple[str, ...]
    acts: tuple[Act, ...]
    grounds: Mapping[Key, Mapping[str, tuple[Ground, ...]]]
    common: Mapping[Key, frozenset[str]]


def assemble(
    watched: Watched,
    adoptions: Sequence[Adoption],
    pairs: Iterable[Pair],
    templates: Sequence[Template],
    units: Mapping[str, str],
    named: Mapping[Key, Sequence[tuple[str, Ground]]],
    orders: Collection[str] = (),
) -> Assembled:
    """``units``: key of each text → whose it is. ``named``: sources that the adopting reports themselves name. ``orders``: keys of superiors' orders."""
    begun = {(row.program, row.place): row for row in adoptions if row.status in CLAIMS and row.place in watched.present}
    places, programs = tuple(sorted(watched.present)), tuple(sorted({program for program, _ in begun}))
    own, reaches = _own_mentions(watched, begun), _reaches(watched.mentions, frozenset(orders))
    found = _Matches({key: _cut(told) for key, told in own.items()}, templates, units, reaches)
    late = _Matches({key: _cut(told, later=True) for key, told in own.items()}, templates, units, reaches)
    for pair in pairs:
        found.add(pair)
        late.add(pair)
    found.fill_in(late)
    for key, told in named.items():
        if key in begun:
            for source, ground in told:
                found.add_named(key, source, ground)
    acts = tuple(_earliest(_find_acts(watched, programs, places)))
    superiors = tuple(sorted({above for place in places for above in chain(place)}))
    panel = _lay_out(watched, begun, programs, places, superiors, acts, found)
    return Assembled(panel=panel, programs=programs, places=places, superiors=superiors, acts=acts, grounds=found.grounds, common=found.siblings())


def suppose(assembled: Assembled, panel: Panel) -> Assembled:
    """With the acts that were inferred (``diffusion.networks.hidden``): those of ``panel`` after the known ones."""
    more = [Act(assembled.superiors[superior], assembled.programs[practice], year, None) for superior, practice, year in panel.acts[len(assembled.acts) :]]
    return msgspec.structs.replace(assembled, panel=panel, acts=(*assembled.acts, *more))


def count_siblings(assembled: Assembled) -> dict[tuple[int, int], int]:
    """(practice, place) → how many places of its county have the same words, by their numbers in the panel."""
    program_at, place_at = ({name: at for at, name in enumerate(names)} for names in (assembled.programs, assembled.places))
    return {
        (program_at[program], place_at[place]): len(others)
        for (program, place), others in assembled.common.items()
        if program in program_at and place in place_at
    }


def chain(place: str) -> tuple[str, ...]:
    """Graph ids of the places above a township, the highest first: cn, cn:35, cn:3505, cn:350524."""
    county = place.partition("/")[0]
    code = county.removeprefix("cn:")
    return ("cn", *(f"cn:{code[:length]}" for length in (2, 4, 6) if len(code) >= length)) if code.isdecimal() else ("cn",)


def county_of(place: str) -> str:
    """Graph id of a township's county."""
    return place.partition("/")[0]


def _lay_out(
    watched: Watched,
    begun: Mapping[Key, Adoption],
    programs: Sequence[str],
    places: Sequence[str],
    superiors: Sequence[str],
    acts: Sequence[Act],
    found: _Matches,
) -> Panel:
    place_at, program_at, superior_at = ({name: at for at, name in enumerate(names)} for names in (places, programs, superiors))
    county_at = {name: at for at, name in enumerate(sorted({county_of(place) for place in places}))}
    chances = np.zeros((len(programs), len(places), 1 + max(watched.last - watched.first + 1, 0)))
    for (program, place), row in begun.items():
        cell = chances[program_at[program], place_at[place]]
        cell[0] = row.before if row.predecessor is None else 1.0  # what a successor has began elsewhere
        for year, chance in row.years.items() if row.predecessor is None else ():
            if watched.first <= year <= watched.last:
                cell[1 + year - watched.first] += chance
        cell /= max(cell.sum(), 1e-9)
    copied: dict[tuple[int, int], dict[int, float]] = {}
    for key, sources in found.closeness().items():
        numbers = {}
        for source, close in sources.items():
            if source in place_at:
                numbers[place_at[source]] = close
            elif source in superior_at:
                numbers[~superior_at[source]] = close
        if numbers:
            copied[program_at[key[0]], place_at[key[1]]] = numbers
    return Panel(
        chances=chances,
        start=watched.first,
        until=np.array([max(watched.present[place]) for place in places], np.int64),
        county=np.array([county_at[county_of(place)] for place in places], np.int64),
        superiors=[[superior_at[above] for above in chain(place)] for place in places],
        acts=[(superior_at[act.superior], program_at[act.program], act.year) for act in acts],
        copied=copied,
    )


def _own_mentions(watched: Watched, begun: Mapping[Key, Adoption]) -> dict[Key, list[Mention]]:
    """The mentions of each adoption in which the place's own reports claim it."""
    found: dict[Key, list[Mention]] = defaultdict(list)
    for mention in watched.mentions:
        key = (mention.program, mention.place)
        if key in begun and mention.own and mention.claims:
            found[key].append(mention)
    return found


def _cut(told: Sequence[Mention], *, later: bool = False) -> list[Mention]:
    """Those in the first year, or in later ones."""
    first = min(each.covered for each in told)
    return [each for each in told if (each.covered == first) != later]


def _reaches(mentions: Iterable[Mention], orders: frozenset[str]) -> dict[tuple[str, str], list[tuple[int, int]]]:
    """(text, program) → where the text speaks of the program: from each sentence that names it to where the paragraph ends or turns to another program. An
    order names what it is about and goes on about that to its end."""
    by_text: dict[str, list[Mention]] = defaultdict(list)
    for mention in mentions:
        by_text[mention.key].append(mention)
    found: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for text, told in by_text.items():
        named = sorted((each.start, each.program) for each in told if not _is_in_passing(each))
        for mention in told:
            behind = (named[at] for at in range(bisect_left(named, (mention.end, "")), len(named)))
            until = _TO_THE_END if text in orders else min(mention.until, mention.end + _AFTER)
            end = next((start for start, program in behind if program != mention.program), until)
            found[text, mention.program].append((mention.start, min(end, until)))
    return found


def _is_in_passing(mention: Mention) -> bool:
    """Whether a practice is named in a list, or as the one who does something: 中心校教师、法治副校长到场, 由法治副校长把关. What follows is not about it."""
    before, after = mention.sentence[: mention.at].rstrip("“‘《"), mention.sentence[mention.at + mention.length :].lstrip("”’》")
    return before.endswith(("、", "与", "和", "及", "由")) or after.startswith(("、", "与", "和", "及"))


class _Matches:
    """Whose words the first mentions of adoptions have."""

    def __init__(
        self,
        first: Mapping[Key, Sequence[Mention]],
        templates: Sequence[Template],
        units: Mapping[str, str],
        reaches: Mapping[tuple[str, str], Sequence[tuple[int, int]]],
    ) -> None:
        self._reaches = reaches
        self._of_text: dict[str, set[str]] = defaultdict(set)
        for text, program in reaches:
            self._of_text[text].add(program)
        self._by_text: dict[str, list[tuple[Key, Mention]]] = defaultdict(list)
        for key, mentions in first.items():
            for mention in mentions:
                self._by_text[mention.key].append((key, mention))
        self._templates = {template.id: template for template in templates}
        self._units = units
        self._first = first
        self._late: set[Key] = set()
        self._mentioned: dict[Key, dict[str, Ground]] = defaultdict(dict)
        self._ordered: dict[Key, dict[str, Ground]] = defaultdict(dict)
        self._best: dict[Key, dict[str, tuple[int, Ground]]] = defaultdict(dict)  # source → characters that are the same, and the passage
        self._named: dict[Key, dict[str, Ground]] = defaultdict(dict)
        self._shared: dict[Key, set[str]] = defaultdict(set)
        self._of_template: dict[tuple[str, str], set[str]] = defaultdict(set)

    def add(self, pair: Pair) -> None:
        template = self._templates.get(pair.template or "")
        if template is None:
            self._add_copy(pair.b, pair.b_start, pair.b_end, pair.a, pair.a_start, pair.a_end, pair)
            if pair.direction == "none":  # of one year: either may have been first
                self._add_copy(pair.a, pair.a_start, pair.a_end, pair.b, pair.b_start, pair.b_end, pair)
            return
        for key, mention in self._mentions((pair.b, pair.b_start, pair.b_end), (pair.a, pair.a_start, pair.a_end)):
            if template.level == "county":
                self._of_template[key[0], template.id].add(key[1])
            unit = self._units.get(template.source or "")
            if unit is not None and unit != key[1]:
                passage = (pair.a, pair.a_start, pair.a_end, pair.b, pair.b_start, pair.b_end)
                self._put(key, unit, pair.agreed, Ground(kind="text", facts=(mention.fact,), passages=(passage,), sentence=mention.sentence))

    def add_named(self, key: Key, source: str, ground: Ground) -> None:
        """A source that the report names; one that it only mentions counts as matching words do. That, and whose order it was, only where the practice is
        taken up.
        """
        if ground.kind == "named":
            self._named[key].setdefault(source, ground)
        elif any(mention.fact in ground.facts for mention in self._first.get(key, ())):
            (self._ordered if ground.kind == "ordered" else self._mentioned)[key].setdefault(source, ground)

    def fill_in(self, late: _Matches) -> None:
        """Of adoptions whose first mentions have nobody's words, the words of later ones: they tell less."""
        for key, texts in late._best.items():
            if key not in self._best:
                self._best[key] = texts
                self._late.add(key)

    @property
    def grounds(self) -> dict[Key, dict[str, tuple[Ground, ...]]]:
        told: dict[Key, dict[str, tuple[Ground, ...]]] = defaultdict(dict)
        for key, said in (*self._named.items(), *self._ordered.items(), *self._mentioned.items()):
            for source, ground in said.items():
                told[key][source] = (*told[key].get(source, ()), ground)
        for key, texts in self._best.items():
            for source, (_, ground) in texts.items():
                told[key][source] = (*told[key].get(source, ()), ground)
        return dict(told)

    def closeness(self) -> dict[Key, dict[str, float]]:
        """For each adoption, how close the words of each source come to those of the closest (1); sources that are named count by themselves."""
        found: dict[Key, dict[str, float]] = defaultdict(dict)
        for key, texts in self._best.items():
            most = max(same for same, _ in texts.values())
            for source, (same, _) in texts.items():
                found[key][source] = math.exp(-_DECAY * (1 - same / most)) * (_LATE if key in self._late else 1.0)
        for key, mentioned in self._mentioned.items():
            for source in mentioned:
                found[key][source] = found[key].get(source, 0.0) + _MENTIONED
        for key, named in self._named.items():
            for source in named:
                found[key][source] = _NAMED
        return found

    def siblings(self) -> dict[Key, frozenset[str]]:
        """Places of its county whose words each adoption shares, in whatever direction."""
        found: dict[Key, set[str]] = defaultdict(set)
        for key, others in self._shared.items():
            found[key] |= {other for other in others if county_of(other) == county_of(key[1])}
        for (program, _), places in self._of_template.items():
            for place in places:
                found[program, place] |= {other for other in places if other != place and county_of(other) == county_of(place)}
        return {key: frozenset(others) for key, others in found.items()}

    def _add_copy(self, own: str, start: int, end: int, other: str, other_start: int, other_end: int, pair: Pair) -> None:
        unit = self._units.get(other)
        for key, mention in self._mentions((own, start, end), (other, other_start, other_end)):
            if unit is None or unit == key[1]:
                continue
            passage = (other, other_start, other_end, own, start, end)
            self._put(key, unit, pair.agreed, Ground(kind="text", facts=(mention.fact,), passages=(passage,), sentence=mention.sentence))
            if "/" in unit:
                self._shared[key].add(unit)
                self._shared[key[0], unit].add(key[1])

    def _put(self, key: Key, unit: str, same: int, ground: Ground) -> None:
        known = self._best.get(key, {}).get(unit)
        if same > (known[0] if known else 0):
            self._best[key][unit] = (same, ground)

    def _mentions(self, own: Span, other: Span) -> Iterable[tuple[Key, Mention]]:
        """First mentions whose sentence a passage has; or that go on with it, where it goes on about the same practice on the other side, too."""
        text, start, end = own
        for key, mention in self._by_text.get(text, ()):
            has_sentence = min(end, mention.end) - max(start, mention.start) >= min(_OVERLAP, mention.end - mention.start)
            if has_sentence or (self._is_about(key[0], other) and (self._is_about(key[0], own) or not self._subjects(own) & self._subjects(other))):
                yield key, mention

    def _subjects(self, span: Span) -> set[str]:
        return {program for program in self._of_text.get(span[0], ()) if self._is_about(program, span)}

    def _is_about(self, program: str, span: Span) -> bool:
        text, start, end = span
        return any(min(end, last) - max(start, first) >= _OVERLAP_AFTER for first, last in self._reaches.get((text, program), ()))


def _find_acts(watched: Watched, programs: Sequence[str], places: Sequence[str]) -> list[Act]:
    """Superiors' own texts that speak of a program, as a plan, an order or a deed."""
    wanted, above = frozenset(programs), {superior for place in places for superior in chain(place)}
    return [
        Act(mention.place, mention.program, mention.covered, mention.key)
        for mention in watched.mentions
        if mention.place in above and mention.own and mention.program in wanted and not mention.negated
    ]


def _earliest(acts: Sequence[Act]) -> list[Act]:
    """The first act of each superior on each program."""
    chosen: dict[Key, Act] = {}
    for act in sorted(acts, key=lambda act: (act.year, act.key or "")):
        chosen.setdefault((act.program, act.superior), act)
    return [chosen[key] for key in sorted(chosen)]
