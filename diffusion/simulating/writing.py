"""The writer: what the process decided, as reports and documents below OUT/reports, and what is true of them in OUT/truth.json.

Passages are versions of words: a unit's own, or edited from a version of somebody else's (``parent``). A version may be printed in several reports or in none
(its report is missing); ``lineage`` is the first of its line, so that two printed passages of one line are words of one origin.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import msgspec

from diffusion.simulating.enumerated import Enumerated
from diffusion.simulating.narrative import Narrative
from diffusion.simulating.process import Event, Mandate, choose_practices, run_process
from diffusion.simulating.sheet import Sheet
from diffusion.simulating.style import Practice, Style
from diffusion.simulating.world import Unit, World, make_world
from fazhi.errors import Conflict, Invalid

FAMILIES: dict[str, type[Style]] = {style.name: style for style in (Enumerated, Narrative)}
LEAST, MOST = 5, 100_000
_FEW = 20  # reports: of fewer, notices of templates would be a large part
_SELF_RATES = (0.0, 0.02, 0.05)
_TEMPLATE_RATE = 0.04
_COPY_RATES = (0.0, 0.05, 0.1, 0.2, 0.3)


@dataclass
class Version:
    """Words of one origin in one form. ``printed`` are (report key, start, end)."""

    number: int
    unit: str
    year: int
    text: str
    kind: Literal["own", "copy", "self"]
    parent: Version | None = None
    rate: float = 0.0
    practice: int | None = None
    printed: list[tuple[str, int, int]] = field(default_factory=list)

    @property
    def lineage(self) -> int:
        version = self
        while version.parent is not None:
            version = version.parent
        return version.number


@dataclass
class Mention:
    practice: int
    status: str
    explicit: int | None = None
    about: str | None = None  # the township that a county tells of
    source: str | None = None  # whom it names as its example


@dataclass
class Template:
    number: int
    kind: Literal["boilerplate", "county"]
    text: str
    county: str | None = None
    years: tuple[int, ...] = ()
    document: str | None = None
    found: list[tuple[str, int, int]] = field(default_factory=list)


class Simulation(msgspec.Struct, frozen=True):
    """What was written: files below ``reports``, superiors' documents among them, and characters in all."""

    reports: int
    documents: int
    characters: int
    places: int
    adoptions: int
    copies: int


def simulate(out: Path, *, reports: int, seed: int, family: str = "enumerated", missing: float = 0.1) -> Simulation:
    """Write exactly ``reports`` texts below ``out``/reports and ``out``/truth.json. The same arguments give the same bytes.

    ``missing`` is the share of reports that places wrote and the collection lacks. Raises Invalid for a number or family that there is not, Conflict where
    ``out`` holds something else.
    """
    if not LEAST <= reports <= MOST:
        raise Invalid(f"{reports} reports can't be simulated.", cure=f"Ask for {LEAST} to {MOST:,}.")
    if family not in FAMILIES:
        raise Invalid(f"There is no family {family!r}.", cure=f"Choose one of {', '.join(FAMILIES)}.")
    if not 0 <= missing <= 0.9:
        raise Invalid(f"{missing} is no share of missing reports.", cure="Give one from 0 to 0.9.")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Conflict(f"{out} is not empty.", cure="Name a folder that is empty or not there yet: what is in it would mix with the simulated reports.")
    writer = _Writer(FAMILIES[family](), reports, seed, missing)
    return writer.write(out)


class _Writer:
    def __init__(self, style: Style, reports: int, seed: int, missing: float) -> None:
        self.style, self.reports, self.seed, self.missing = style, reports, seed, missing
        self.chance = random.Random(f"{style.name}/{seed}/{reports}/{missing}")
        self.world: World = make_world(self.chance, style, reports, missing)
        self.practices: list[Practice] = choose_practices(self.chance, style, reports)
        self.events, self.mandates = run_process(self.chance, style, self.world, self.practices)
        self.units = {unit.id: unit for unit in self.world.units}
        self.versions: list[Version] = []
        self.latest: dict[tuple[str, int], list[Version]] = {}  # of (unit, practice), in order of years
        self.general: dict[str, list[Version]] = {}  # paragraphs of a unit that others may take over, and its own again
        self.templates: list[Template] = []
        self.sheets: list[tuple[Sheet, dict[str, Any]]] = []
        self.told: set[tuple[str, int]] = set()  # (unit, practice) that some report has named as at work
        self.by_unit = {(event.unit, event.practice): event for event in self.events}

    # -- what there is to say ------------------------------------------------------------------------------------------------------------------------

    def _version(self, unit: str, year: int, text: str, kind: Literal["own", "copy", "self"], **told: Any) -> Version:
        version = Version(len(self.versions), unit, year, text, kind, **told)
        self.versions.append(version)
        return version

    def _edit(self, parent: Version, unit: str, year: int, rate: float, kind: Literal["copy", "self"]) -> Version:
        return self._version(unit, year, self.style.edit(self.chance, parent.text, rate), kind, parent=parent, rate=rate, practice=parent.practice)

    def _write_mandates(self) -> None:
        for mandate in self.mandates:
            text = self.style.adopted(self.chance, self.practices[mandate.practice])
            self.latest.setdefault((mandate.county, mandate.practice), []).append(
                self._version(mandate.county, int(mandate.time), text, "own", practice=mandate.practice)
            )

    def _write_adoption(self, event: Event) -> None:
        """The words with which a unit first tells of a practice: taken over from the newest version of its source that was there, or its own."""
        there = [version for version in self.latest.get((event.source or "", event.practice), ()) if version.year <= event.year] if event.copied else []
        if there:
            version = self._edit(there[-1], event.unit, event.year, event.rate, "copy")
        else:
            event.copied = False
            version = self._version(event.unit, event.year, self.style.adopted(self.chance, self.practices[event.practice]), "own", practice=event.practice)
        self.latest.setdefault((event.unit, event.practice), []).append(version)

    def _make_templates(self) -> None:
        """National phrases, and paragraphs that a county wants to have in the reports of some years; of half of these the county's notice is there as well."""
        self.templates = [Template(number, "boilerplate", text) for number, text in enumerate(self.style.boilerplate)]
        years = self.world.years
        for county in [unit for unit in self.world.units if unit.is_county]:
            for _ in range(2):
                first = self.chance.choice(years)
                span = tuple(year for year in years if first <= year < first + self.chance.randint(2, 4))
                self.templates.append(Template(len(self.templates), "county", self.style.template(self.chance), county.id, span))

    # -- writing -------------------------------------------------------------------------------------------------------------------------------------

    def write(self, out: Path) -> Simulation:
        self._make_templates()
        self._write_mandates()
        by_year: dict[int, list[Event]] = {}
        for event in self.events:
            by_year.setdefault(max(event.year, self.world.years[0]), []).append(event)
        slots: list[tuple[Unit, int]] = []
        for year in self.world.years:
            for event in by_year.get(year, ()):
                self._write_adoption(event)
            self._write_documents(year)
            for unit in self.world.units:
                self._write_paragraph(unit, year)
            for unit in self.world.units:
                self._write_report(unit, year)
                slots.append((unit, year))
        kept = self._choose_kept(slots)
        truth = self._tell(kept)
        return self._save(out, kept, truth)

    def _write_documents(self, year: int) -> None:
        for mandate in self.mandates:
            if int(mandate.time) == year and mandate.printed:
                self._write_notice(self.units[mandate.county], year, mandate)
        for template in self.templates:
            if template.county and template.years[0] == year and self.reports >= _FEW and self.chance.random() < 0.5:
                self._write_notice(self.units[template.county], year, template)

    def _write_notice(self, unit: Unit, year: int, what: Mandate | Template) -> None:
        chance, style = self.chance, self.style
        if isinstance(what, Mandate):
            practice = self.practices[what.practice]
            subject = f"推行“{practice.name}”"
            piece: tuple[str, object] = next(
                (version.text, version) for version in self.latest[unit.id, what.practice] if version.kind == "own" and version.year == year
            )
        else:
            subject = f"做好{year}年法治政府建设报告"
            piece = (what.text, what)
        body = [(style.paragraph(chance, 90), None), piece, (style.paragraph(chance, 90), None)]
        sheet = Sheet(f"{unit.folder}/{len(self.sheets):05d}.txt")
        for line in style.notice(chance, unit.voice, year, subject, body):
            sheet.line(line)
        if isinstance(what, Template):
            what.document = sheet.key
        self.sheets.append((sheet, {"place": unit.id, "year": year, "kind": "document"}))

    def _write_paragraph(self, unit: Unit, year: int) -> None:
        """Now and then a unit takes over a paragraph that has nothing to do with a practice, from a report of an earlier year."""
        chance = self.chance
        own = self.general.setdefault(unit.id, [])
        others = [version for source in self.world.sources.get(unit.id, ()) for version in self.general.get(source, ()) if version.year < year]
        if own and chance.random() < 0.35:
            own.append(self._edit(own[-1], unit.id, year, chance.choice(_SELF_RATES), "self"))
        elif others and chance.random() < 0.6:
            own.append(self._edit(chance.choice(others), unit.id, year, chance.choice(_COPY_RATES), "copy"))
        else:
            own.append(self._version(unit.id, year, self.style.paragraph(chance, chance.choice((85, 120, 170))), "own"))

    def _write_report(self, unit: Unit, year: int) -> None:
        chance, style = self.chance, self.style
        results: list[list[tuple[str, object]]] = [[] for _ in range(5)]
        problems: list[tuple[str, object]] = [(style.sentence(chance, unit.voice), None) for _ in range(3)]
        plans: list[tuple[str, object]] = [(style.sentence(chance, unit.voice), None) for _ in range(3)]
        for section in results:
            section += [(style.sentence(chance, unit.voice), None) for _ in range(chance.randint(*style.sentences))]
        loose: list[tuple[str, object]] = [(self.general[unit.id][-1].text, self.general[unit.id][-1])]
        for template in self._due(unit, year):
            loose.append((style.edit(chance, template.text, _TEMPLATE_RATE if chance.random() < 0.7 else 0.0), template))
        if unit.is_county:
            loose += self._county_tells(unit, year)
        else:
            loose += self._town_tells(unit, year, plans, problems)
        for piece in loose:
            section = chance.choice(results)
            section.insert(chance.randint(0, len(section)), piece)
        self._lay_out(unit, year, results, problems, plans)

    def _due(self, unit: Unit, year: int) -> list[Template]:
        chance = self.chance
        national = chance.sample([template for template in self.templates if template.kind == "boilerplate"], k=4)
        if unit.is_county:
            return national
        return national + [template for template in self.templates if template.county == unit.county and year in template.years and chance.random() < 0.8]

    def _county_tells(self, unit: Unit, year: int) -> list[tuple[str, object]]:
        told: list[tuple[str, object]] = []
        for town in self.world.below(unit.id):
            for number, practice in enumerate(self.practices):
                versions = self.latest.get((town.id, number))
                if versions and versions[0].year <= year and self.chance.random() < 0.03:
                    told.append((self.style.told_of(self.chance, practice, town.voice.name), Mention(number, "reported_by_superior", about=town.id)))
        return told

    def _town_tells(self, unit: Unit, year: int, plans: list[tuple[str, object]], problems: list[tuple[str, object]]) -> list[tuple[str, object]]:
        told: list[tuple[str, object]] = []
        for number in range(len(self.practices)):
            event = self.by_unit.get((unit.id, number))
            if event is None or event.year > year:
                self._not_yet(event, number, year, told, plans, problems)
            elif event.stopped is not None and year >= event.stopped:
                if year == event.stopped:
                    told.append((self.style.stopped(self.chance, self.practices[number]), Mention(number, "stopped")))
            else:
                told += self._at_work(unit, event, number, year)
        return told

    def _not_yet(
        self, event: Event | None, number: int, year: int, told: list[tuple[str, object]], plans: list[tuple[str, object]], problems: list[tuple[str, object]]
    ) -> None:
        chance, style, practice = self.chance, self.style, self.practices[number]
        draw = chance.random()
        if draw < (0.4 if event is not None and event.year == year + 1 else 0.02):
            worded = chance.random() < 0.5
            # a plan among the deeds needs its word; among the plans the heading says it
            (told if worded and chance.random() < 0.5 else plans).append((style.planned(chance, practice, worded=worded), Mention(number, "planned")))
        elif draw > 0.985:
            problems.append((style.negated(chance, practice), Mention(number, "negated")))
        elif draw > 0.975:
            told.append((style.exhorted(chance, practice), Mention(number, "exhorted")))

    def _at_work(self, unit: Unit, event: Event, number: int, year: int) -> list[tuple[str, object]]:
        chance, style, practice = self.chance, self.style, self.practices[number]
        versions = self.latest[unit.id, number]
        if (unit.id, year) in self.world.absent:
            return []
        if (unit.id, number) not in self.told:
            if chance.random() > 0.92:
                return []
            self.told.add((unit.id, number))
            version = versions[-1]
            since = event.year if chance.random() < 0.2 else None
            # the year is the unit's own and never part of the words that others take over
            pieces: list[tuple[str, object]] = [(style.since(since), None)] if since else []
            pieces.append((version.text, (version, Mention(number, "adopted", since))))
            if event.channel in ("sibling", "horizontal") and event.source and chance.random() < 0.2:
                pieces.append((style.credit(chance, practice, self.units[event.source].voice.name), Mention(number, "adopted", source=event.source)))
            return pieces
        if chance.random() > style.remention:
            return []
        if chance.random() < 0.5:
            return [(style.continued(chance, practice), Mention(number, "continued"))]
        version = self._edit(versions[-1], unit.id, year, chance.choice(_SELF_RATES), "self")
        versions.append(version)
        return [(version.text, (version, Mention(number, "continued")))]

    def _lay_out(
        self, unit: Unit, year: int, results: Sequence[list[tuple[str, object]]], problems: list[tuple[str, object]], plans: list[tuple[str, object]]
    ) -> None:
        chance, style = self.chance, self.style
        sheet = Sheet(f"{unit.folder}/{len(self.sheets):05d}.txt")
        for text in style.head(chance, unit.voice, year):
            sheet.line([(text, None)])
        sheet.line([(style.opening(chance, unit.voice, year), None)])
        deeds, sections, lacks, ahead = style.headings(chance, unit.voice, year, len(results))
        sheet.line([(deeds, None)])
        for heading, body in zip(sections, results, strict=True):
            sheet.line([(heading, None)])
            half = chance.randint(2, max(2, len(body) - 2))
            sheet.line(body[:half])
            if body[half:]:
                sheet.line(body[half:])
        for heading, body in ((lacks, problems), (ahead, plans)):
            sheet.line([(heading, None)])
            sheet.line(body)
        for text in style.tail(chance, unit.voice, year):
            sheet.line([(text, None)])
        self.sheets.append((sheet, {"place": unit.id, "year": year, "kind": "report"}))

    # -- telling the truth ---------------------------------------------------------------------------------------------------------------------------

    def _choose_kept(self, slots: list[tuple[Unit, int]]) -> list[tuple[Sheet, dict[str, Any]]]:
        """Exactly as many as were asked for: what is missing anyway goes first, then any report by lot; superiors' documents last."""
        present = [item for item in self.sheets if item[1]["kind"] == "document" or (item[1]["place"], item[1]["year"]) not in self.world.absent]
        surplus = len(present) - self.reports
        if surplus < 0:  # few places: fill up from those that were to be missing
            back = [item for item in self.sheets if item not in present]
            chosen = {id(item) for item in back[:-surplus]} | {id(item) for item in present}
            return [item for item in self.sheets if id(item) in chosen]
        reports = [item for item in present if item[1]["kind"] == "report"]
        dropped = {id(item) for item in self.chance.sample(reports, k=min(surplus, len(reports)))}
        kept = [item for item in present if id(item) not in dropped]
        return kept[: self.reports]

    def _tell(self, kept: list[tuple[Sheet, dict[str, Any]]]) -> dict[str, Any]:
        mentions: list[dict[str, Any]] = []
        for sheet, told in kept:
            for start, end, tag in sheet.spans:
                for part in tag if isinstance(tag, tuple) else (tag,):
                    if isinstance(part, Version):
                        part.printed.append((sheet.key, start, end))
                    elif isinstance(part, Template):
                        part.found.append((sheet.key, start, end))
                    elif isinstance(part, Mention):
                        practice = self.practices[part.practice]
                        mentions.append(
                            {
                                "report": sheet.key, "start": start, "end": end, "place": part.about or told["place"], "program": practice.id,
                                "status": part.status, "year": told["year"], "explicit_year": part.explicit, "named_source": part.source,
                            }
                        )  # fmt: skip
        there = {(told["place"], told["year"]) for _, told in kept if told["kind"] == "report"}
        return {
            "family": self.style.name,
            "seed": self.seed,
            "missing_share": self.missing,
            "years": [self.world.years[0], self.world.years[-1]],
            "places": [{"id": unit.id, "name": unit.voice.name, "county": unit.county, "level": "county" if unit.is_county else "township"} for unit in self.world.units],
            "programs": [{"id": p.id, "name": p.name, "members": list(p.members), "family": p.family, "in_vocabulary": p.known} for p in self.practices],
            "reports": [{"key": sheet.key, **told} for sheet, told in kept],
            "missing": [{"place": unit.id, "year": year} for unit in self.world.units for year in self.world.years if (unit.id, year) not in there],
            "network": [{"source": source, "target": unit} for unit, sources in sorted(self.world.sources.items()) for source in sources],
            "mandates": [{"county": m.county, "program": self.practices[m.practice].id, "time": round(m.time, 3), "in_collection": m.printed} for m in self.mandates],
            "adoptions": [self._tell_adoption(event) for event in self.events],
            "mentions": mentions,
            "copies": [told for version in self.versions if version.parent is not None for told in self._tell_copies(version)],
            "passages": [{"report": k, "start": s, "end": e, "lineage": version.lineage} for version in self.versions for k, s, e in version.printed],
            "templates": [
                {"id": f"t{t.number}", "kind": t.kind, "county": t.county, "document": t.document if any(k == t.document for k, _, _ in t.found) else None,
                 "text": t.text, "places": [{"report": k, "start": s, "end": e} for k, s, e in t.found]}
                for t in self.templates if t.found
            ],
        }  # fmt: skip

    def _tell_adoption(self, event: Event) -> dict[str, Any]:
        practice = self.practices[event.practice]
        return {
            "place": event.unit, "program": practice.id, "variant": practice.name, "status": "adopted", "time": round(event.time, 3), "year": event.year,
            "channel": event.channel, "source": event.source, "copied": event.copied, "edit_rate": event.rate if event.copied else None, "stopped": event.stopped,
        }  # fmt: skip

    def _tell_copies(self, version: Version) -> list[dict[str, Any]]:
        """A printed version with where its words came from: the printed place of the version it was edited from, None where that is in no report here."""
        parent = version.parent
        assert parent is not None
        source = {"report": parent.printed[0][0], "start": parent.printed[0][1], "end": parent.printed[0][2]} if parent.printed else None
        practice = None if version.practice is None else self.practices[version.practice].id
        return [
            {"report": key, "start": start, "end": end, "kind": version.kind, "source": source, "source_place": parent.unit, "edit_rate": version.rate, "lineage": version.lineage, "program": practice}
            for key, start, end in version.printed
        ]  # fmt: skip

    def _save(self, out: Path, kept: list[tuple[Sheet, dict[str, Any]]], truth: dict[str, Any]) -> Simulation:
        characters = 0
        for sheet, _ in kept:
            path = out / "reports" / sheet.key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(sheet.text.encode())
            characters += len(sheet.text)
        (out / "truth.json").write_bytes(msgspec.json.format(msgspec.json.encode(truth), indent=1) + b"\n")
        documents = sum(told["kind"] == "document" for _, told in kept)
        return Simulation(len(kept), documents, characters, len(self.world.units), len(self.events), len(truth["copies"]))
