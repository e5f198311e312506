"""The frame of a report, and every place it names: full names anywhere, short forms only around its own county, villages of its own township, streets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from ingest.draft import Draft, Whereabouts
from ingest.gazetteer import LABELS, Gazetteer, Place, gazetteer
from ingest.header import ADDRESSEE, find_docnumber, find_head, find_signed, find_tail, find_year, title_of
from ingest.ids import report_id
from ingest.linking import BARE_TOWNSHIP, OWN, Evidence, Name, adjacent_to, best_above, find_own, find_places, leave_addressee, may_stand, resolve, risky_stems
from ingest.model import Frame, Issuer
from ingest.patterns import lazy
from ingest.rules.quotes import title_spans
from ingest.rules.signs import Signs
from ingest.rules.spans import Spans, Taken
from ingest.settlements import iter_settlements
from ingest.successions import find_successions
from ingest.unlisted import Stranger, only_county, part, place_in, sort_out


def read_frame(draft: Draft) -> None:
    """Fill in the draft's heading zone, closing part, frame and whereabouts, and note the places it names."""
    register = gazetteer()
    clean = draft.clean
    head_end, title = find_head(clean)
    draft.head_end = head_end
    draft.tail_start = find_tail(clean, head_end)
    head = leave_addressee(clean, head_end)
    names, strangers = sort_out(clean, find_places(clean, register, draft.reject), ((0, head), (draft.tail_start, len(clean))), register)
    evidence = Evidence(draft, names, register)
    stranger = _own_stranger(draft, names, strangers, head, register)
    if stranger is None:
        own, status, candidates, reasons, extra = find_own(draft, names, title, register, evidence)
    else:
        own, status, candidates, reasons, extra = None, "resolved", [], ("title" if stranger.start < head else "signature", "not in the register"), None
    where = draft.where = Whereabouts()
    place_id = own
    place_name: str | None = None
    path: list[str] = []
    level: str | None = None
    if own is not None:
        _settle(where, register, own)
        where.own = register.places[own]
        place_name = extra or where.own.name
        path = [place.name for place in register.chain(own)]
        level = where.own.level
    elif stranger is not None:
        _settle(where, register, stranger.home)
        where.own = where.township = stranger.place
        place_id, place_name, level = where.own.id, where.own.name, "township"
        path = [*(place.name for place in register.chain(stranger.home)), place_name]
    elif status == "ambiguous":
        place_id = f"cn:?/{report_id(draft.source.key)[:8]}"
        place_name, level = extra, "township"
        where.own = where.township = Place(place_id, extra or "", "township", None)
    elif extra:
        kind, _, county = extra.partition("@")
        where.unnamed = kind
        level = "township"
        parent = county or None
        if parent is not None:
            _settle(where, register, parent)
            path = [place.name for place in register.chain(parent)]
        place_id = f"{parent or 'cn:?'}/?{report_id(draft.source.key)[:8]}"
        place_name = f"{path[-1] if path else ''}某{kind}（未具名）"
        where.own = where.township = Place(place_id, place_name, "township", parent)
    signed = find_signed(clean, draft.tail_start)
    full_title = title_of(draft, title)
    year, year_evidence, warnings = find_year(draft, full_title, signed)
    number = find_docnumber(clean, max(head_end, 200))
    coverage_end = signed if signed is not None and year is not None and signed[:4] == str(year) else f"{year}-12-31" if year is not None else None
    draft.frame = Frame(
        place=place_id,
        place_name=place_name,
        path=tuple(path),
        level=level,
        status="resolved" if own is not None or stranger is not None else "ambiguous" if status == "ambiguous" else "unresolved",
        candidates=tuple(candidates),
        place_evidence=tuple(dict.fromkeys(reasons)),
        title=full_title,
        year=year,
        year_evidence=year_evidence,
        coverage_end=coverage_end,
        docnumber=f"{number.group(1)}〔{number.group(2)}〕{number.group(3)}号" if number else None,
        signed=signed,
        warnings=tuple(warnings) if stranger is None else (*warnings, f"The register of today has no {stranger.name} in {path[-2]}."),
    )
    names, strangers = _settle_successions(draft, names, strangers, register)
    _note_places(draft, names, strangers, evidence)


def _own_stranger(draft: Draft, names: list[Name], strangers: list[Stranger], head: int, register: Gazetteer) -> Stranger | None:
    """The reporting township, where the heading or the signature names one that the register does not list and no other."""
    if draft.source.place in register.places:
        return None
    for start, end in ((0, head), (draft.tail_start, len(draft.clean))):
        inside = [one for one in strangers if start <= one.start < end]
        others = any(start <= name.start < end and register.places[name.candidates[0]].level == "township" for name in names)
        if inside or others:
            return inside[0] if inside and not others else None
    return None


def _settle_successions(draft: Draft, names: list[Name], strangers: list[Stranger], register: Gazetteer) -> tuple[list[Name], list[Stranger]]:
    """Places of statements on their change lie in the report's own county: the register of today has names of those that went for places elsewhere only."""
    draft.successions = find_successions(draft.clean, lambda word: any(register.places[identifier].level != "township" for identifier in register.named(word)))
    county = draft.where.county
    if county is None or not draft.successions:
        return names, strangers
    spans = sorted({span for one in draft.successions for span in one.spans})
    taken = Spans(_disjoint(spans))
    kept = [name for name in names if not taken.touches(name.start, name.end)]
    at, before = {(name.start, name.end): name for name in names}, {name.end: only_county(name.candidates, register) for name in kept}
    homes = {one.name: one.home for one in strangers}
    for start, end in spans:
        word, near = draft.clean[start:end], at.get((start, end))
        home = before.get(start) or county.id
        today = place_in(word, home, register)
        if today is not None:
            kept.append(near if near is not None and today in near.candidates else Name(word, start, end, [today]))
        else:
            homes.setdefault(word, home)
    sure = {name.start for index, name in enumerate(names) if adjacent_to(names, index, register)}
    return part(draft.clean, sorted(kept, key=lambda name: name.start), homes, sure)


def _settle(where: Whereabouts, register: Gazetteer, identifier: str) -> None:
    for place in register.chain(identifier):
        setattr(where, place.level, place)


def node_for(draft: Draft, place: Place, **properties: object) -> str:
    """The place as a graph node, with all places above it."""
    if place.id in draft.nodes and not properties:
        return place.id
    register = gazetteer()
    for above in register.chain(place.id)[:-1] or (register.chain(place.parent) if place.parent else ()):
        draft.add_node(above.id, ("Place", LABELS[above.level]), above.name, level=above.level, parent=above.parent)
    return draft.add_node(place.id, ("Place", LABELS[place.level]), place.name, level=place.level, parent=place.parent, **properties)


def _note_places(draft: Draft, names: list[Name], strangers: list[Stranger], evidence: Evidence) -> None:
    """Place mentions: full names resolved by the report's surroundings, short forms of its own county, and villages of its own township."""
    where, register = draft.where, evidence.register
    chain = {place.id for place in (where.province, where.prefecture, where.county, where.township) if place is not None}
    taken = Taken(len(draft.clean))
    if where.own is not None:
        node_for(draft, where.own, **({} if draft.frame.status == "resolved" else {"status": draft.frame.status, "candidates": list(draft.frame.candidates)}))
    decided: dict[str, str | None] = {}  # by name, but where the place above is written before it
    for index, name in enumerate(names):
        taken.add(name.start, name.end)
        near = adjacent_to(names, index, register)
        if near:
            identifier = _decide(draft, name, chain, near, evidence)
        else:
            if name.name not in decided:
                decided[name.name] = _decide(draft, name, chain, near, evidence)
            identifier = decided[name.name]
        if identifier is not None:
            place = register.places[identifier]
            draft.add(
                "place",
                name.start,
                name.end,
                rule="place.full_name",
                confidence=0.97 if identifier in chain or near else 0.85,
                canonical=register.full_name(identifier),
                node=node_for(draft, place),
                attrs={"level": place.level},
            )
        elif name.name == draft.frame.place_name and where.own is not None:
            draft.add(
                "place",
                name.start,
                name.end,
                rule="place.ambiguous",
                confidence=0.6,
                canonical=name.name,
                node=where.own.id,
                attrs={"status": "ambiguous", "candidates": sorted(name.candidates)},
            )
        else:
            draft.add(
                "place",
                name.start,
                name.end,
                rule="place.ambiguous",
                confidence=0.4,
                canonical=name.name,
                node=None,
                attrs={"status": "ambiguous", "candidates": sorted(name.candidates)},
            )
    for stranger in strangers:
        taken.add(stranger.start, stranger.end)
        draft.add(
            "place",
            stranger.start,
            stranger.end,
            rule="place.not_in_register",
            confidence=0.8,
            canonical=register.full_name(stranger.home) + stranger.name,
            node=node_for(draft, stranger.place),
            attrs={"level": "township"},
        )
    _note_ethnic_short_forms(draft, taken, register)
    _note_short_forms(draft, taken, register)
    _note_villages(draft, taken, evidence)
    if where.unnamed is not None and where.own is not None:
        match = OWN.search(draft.clean) or BARE_TOWNSHIP.search(draft.clean)
        start, end = (match.start(), match.end()) if match else (0, min(1, len(draft.clean)))
        draft.add(
            "place",
            start,
            end,
            rule="place.unnamed_township",
            confidence=0.8,
            canonical=draft.own_name,
            node=where.own.id,
            attrs={"status": "unresolved", "candidates": list(draft.frame.candidates)},
        )


def _decide(draft: Draft, name: Name, chain: set[str], near: set[str], evidence: Evidence) -> str | None:
    """Which place a full name means. ``chain``: the reporting place and those above it; ``near``: candidates that lie in the place written before the name."""
    places = evidence.register.places
    if name.name == draft.frame.place_name and draft.frame.status == "ambiguous":
        identifier = None
    else:
        local = [candidate for candidate in name.candidates if candidate in chain or places[candidate].parent in chain]
        identifier = local[0] if len(local) == 1 else resolve(name.candidates, evidence, adjacent=near)[0]
    if identifier is None and len(name.candidates) > 1 and all(places[candidate].level == "county" for candidate in name.candidates):
        best = best_above(name.candidates, evidence)
        identifier = best[0] if len(best) == 1 else None
    return identifier


_SHORT_RIGHT = lazy(
    r"[的、，。；：“”（《》\n 20]|法治|县委|县政府|市委|市政府|区委|区政府|镇|乡|街道|司法所|派出所|法庭|人民|移民|各|全|实际|建设|第[一二三四五六七八九十]|[\u4e00-\u9fff]{0,4}(?:中学|小学|法院|学校|医院)"
)


def _iter_starts(text: str, name: str) -> Iterator[int]:
    """Where a name stands in a text; places that overlap count once."""
    position = text.find(name)
    while position >= 0:
        yield position
        position = text.find(name, position + len(name))


@cache
def _ethnic_townships(county: str) -> tuple[Place, ...]:
    """Townships of a county whose names tell a people besides a place."""
    register = gazetteer()
    townships = (register.places[identifier] for identifier in register.children(county))
    return tuple(place for place in townships if place.name.endswith("族乡") and place.stem != place.name)


def _note_ethnic_short_forms(draft: Draft, taken: Taken, register: Gazetteer) -> None:
    """水潦乡 for 水潦彝族乡, in the report's own county."""
    county = draft.where.county
    for place in _ethnic_townships(county.id) if county is not None else ():
        name = place.stem + "乡"
        for start in _iter_starts(draft.clean, name):
            end = start + len(name)
            if not draft.clean.startswith(("村", "镇", "土", "亲"), end) and not taken.touches(start, end):
                taken.add(start, end)
                draft.add("place", start, end, rule="place.ethnic_short_form", confidence=0.85, canonical=register.full_name(place.id), node=node_for(draft, place),
                          attrs={"level": place.level})  # fmt: skip


def _note_short_forms(draft: Draft, taken: Taken, register: Gazetteer) -> None:
    """曲沃, 漳平 for the report's own county, and 参内 for its own township: never for places elsewhere."""
    for place in (draft.where.county, draft.where.prefecture, draft.where.province, draft.where.township if draft.frame.status == "resolved" else None):
        if place is None or place.stem == place.name or len(place.stem) < 2:
            continue
        risky = place.stem in risky_stems()
        for start in _iter_starts(draft.clean, place.stem):
            end = start + len(place.stem)
            if taken.touches(start, end):
                continue
            if (risky or place.level == "township") and not _SHORT_RIGHT.match(draft.clean[end : end + 6]):
                draft.reject("place", start, end, "place.short_form", "part of a longer word")
                continue
            if risky and not re.search(r"(?:法治|平安|美丽|中共|[，。、\n“])$", draft.clean[max(0, start - 2) : start]):
                draft.reject("place", start, end, "place.short_form", "a short form that is a common word")
                continue
            if place.name.endswith(("自治县", "自治旗", "自治州")) and draft.clean[end : end + 1] == place.name[-1]:
                end += 1  # 屏边县 for 屏边苗族自治县
            taken.add(start, end)
            draft.add(
                "place",
                start,
                end,
                rule="place.short_form",
                confidence=0.85,
                canonical=register.full_name(place.id),
                node=node_for(draft, place),
                attrs={"level": place.level},
            )


def _note_villages(draft: Draft, taken: Taken, evidence: Evidence) -> None:
    """Villages and communities of the report's own township, by their full names."""
    township = draft.where.township
    if township is None or draft.frame.status != "resolved":
        return
    register = evidence.register
    for village in register.villages(township.id):
        if len(village) < 2 or not may_stand(village, evidence.village_ends) or village in ("社区", "本村", "全村", "农村", "乡村", "各村", "行政村", "自然村"):
            continue
        position = draft.clean.find(village)
        while position >= 0:
            start, end = position, position + len(village)
            position = draft.clean.find(village, end)
            if taken.touches(start, end):
                continue
            if not village.endswith(("村", "社区", "居")) and (kind := re.match("村(?![民委级支规])|社区(?![矫居])", draft.clean[end : end + 3])) is not None:
                end += kind.end()  # the register's 洞头 is the text's 洞头村
            if len(village) == 2 and end - start == 2 and not re.match(r"[村委社党集支两，。、的民小]|$", draft.clean[end : end + 1]):
                draft.reject("place", start, end, "place.village", "part of a longer word")
                continue
            taken.add(start, end)
            place = Place(f"{township.id}/{village}", village, "village", township.id)
            draft.add(
                "place",
                start,
                end,
                rule="place.village",
                confidence=0.9,
                canonical=register.full_name(township.id) + draft.clean[start:end],
                node=node_for(draft, place),
                attrs={"level": "village"},
            )


# A street or road: after 在, 到, 把 … or a list comma or the place it is in, and before what is done there.
_SITE = lazy(
    r"(?<=[在到于把将沿至、镇乡道市县区])(?P<name>(?![的各本全我该条城街道公铁马网思出一上通])[\u4e00-\u9fff]{1,5}?(?:步行街|大街|老街|商业街|[^上逛临沿大街跨社]街|大道|[^道公铁马网思出一上通线套门之有后半]路|[^街里小陋背]巷|集市))"
    r"(?=[、，。；和与及等设制开举打建悬张沿发摆两]|进行|为)"
)

_SITE_SIGNS = Signs("街 路 巷 大道 集市")
_BEHIND_SITE = frozenset("、，。；和与及等设制开举打建悬张沿发摆两进为")  # first characters of what may follow
_SITE_LENGTH = 8


def _iter_sites(clean: str) -> Iterator[re.Match[str]]:
    """Matches of ``_SITE``, tried only before the few ends that there are."""
    reached = 0
    for _, end in _SITE_SIGNS.spans(clean):
        if clean[end : end + 1] not in _BEHIND_SITE:
            continue
        for start in range(max(reached, end - _SITE_LENGTH), end - 2):
            if (match := _SITE.match(clean, start)) is not None:
                yield match
                reached = match.end()
                break


def note_sites(draft: Draft) -> None:
    """Streets and roads by name (仁河路, 巴山镇步行街): places of the township that no register lists."""
    own = draft.own_name if draft.frame.status == "resolved" else ""
    for match in _iter_sites(draft.clean):
        start, name = match.start("name"), match.group("name")
        if own and draft.clean.endswith(own, 0, start):
            start -= len(own)
        if draft.covers(match.start("name"), match.end(), "place", "document"):
            continue
        if re.match(r"(?:党|政|群众|干部|辖区|主要|重点|相关|有关|村|社区|一条)|.*(?:致富|幸福|平安|振兴|发展|连心|回家|上学|小康|之)路$", name):
            draft.reject("place", start, match.end(), "place.site", "too general to name one")
            continue
        draft.add("place", start, match.end(), rule="place.site", confidence=0.7, canonical=f"{own}{name}", attrs={"kind": "site"})


_HAVE_VILLAGES = ("township", "village")  # whose village it is a county's report does not say, and county/name would mean a township


def note_settlements(draft: Draft) -> None:
    """Villages, communities, residential areas and zones that no register lists; they lie in the township written before them, else in the report's own."""
    register = gazetteer()
    ends = {mention.end: mention.start for mention in draft.mentions if mention.type == "place"}
    above = {mention.end: mention for mention in draft.mentions if mention.type == "place"}
    taken = Spans(_disjoint([(mention.start, mention.end) for mention in draft.mentions if mention.type == "place"]))
    titles = Spans(_disjoint(list(title_spans(draft.clean))))
    for found in iter_settlements(draft.clean, ends):
        if found.kind == "zone":
            shorter = next((mention for mention in draft.mentions if mention.type == "place" and mention.start == found.start), None)
            name = draft.clean[found.start : found.end]
            if shorter is not None:
                draft.mentions.remove(shorter)
            home = shorter.node if shorter is not None else None
            draft.add("place", found.start, found.end, rule="place.zone", confidence=0.8, canonical=name, attrs={"kind": "zone", "parent": home})
            continue
        if taken.touches(found.start, found.end) or titles.touches(found.start, found.end):
            continue
        name = draft.clean[found.start : found.end]
        before = above.get(found.start)
        parent = register.places.get(before.node or "") if before is not None else draft.where.township or draft.where.own
        if before is not None and parent is None:
            parent = draft.where.own
        if parent is None or parent.level not in _HAVE_VILLAGES:
            draft.add("place", found.start, found.end, rule="place.settlement", confidence=0.6, canonical=name, attrs={"level": "village"})
            continue
        full = register.full_name(parent.id) or parent.name
        village = Place(f"{parent.id}/{name}", name, "village", parent.id)
        draft.add(
            "place",
            found.start,
            found.end,
            rule="place.settlement",
            confidence=0.8,
            canonical=full + name,
            node=node_for(draft, village),
            attrs={"level": "village"},
        )


def _disjoint(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if kept and start < kept[-1][1]:
            kept[-1] = (kept[-1][0], max(end, kept[-1][1]))
        else:
            kept.append((start, end))
    return kept


def places(draft: Draft) -> None:
    """Read the frame and note every place: full names, short forms of the own county, villages of the own township, streets."""
    read_frame(draft)
    note_settlements(draft)
    note_sites(draft)


def issuers_of(draft: Draft) -> tuple[tuple[Issuer, ...], tuple[Issuer, ...]]:
    """(issuers, addressees) from the bodies that stand in the header, title and signature, and in the addressee line."""
    issuers: dict[str, Issuer] = {}
    addressees: dict[str, Issuer] = {}
    clean = draft.clean
    reach = 0
    for body in draft.of("body"):  # by start, longest first
        if body.end <= reach or draft.head_end <= body.start < draft.tail_start:
            continue
        reach = body.end
        name = body.canonical or clean[body.start : body.end]
        line_start = clean.rfind("\n", 0, body.start) + 1
        line_end = clean.find("\n", body.end)
        line = clean[line_start : line_end if line_end >= 0 else len(clean)].strip()
        if body.start < draft.head_end and ADDRESSEE.match(line):
            addressees.setdefault(name, Issuer(name=name, node=body.node))
        elif body.start < draft.head_end or (
            body.start >= draft.tail_start and not re.match("抄|主办|承办|.*印发", line) and clean[body.end : body.end + 1] in ("", "\n", " ")
        ):
            issuers.setdefault(name, Issuer(name=name, node=body.node))
    return tuple(issuers.values()), tuple(addressees.values())
