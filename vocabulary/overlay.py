"""Names that people of a data folder have reviewed: accepted into a catalogue, or rejected. Kept apart from the packaged files, so that an upgrade loses none.

The overlay is a folder of YAML files, each with a list ``decisions`` of rows like

    - {kind: program, name: 周四说事夜, decision: accept, class: mechanism, definition: 每周四晚上干部到村里听群众说事。}
    - {kind: program, name: 一村一顾问, decision: accept, as: 一村一法律顾问}
    - {kind: platform, name: 双微, decision: reject, reason: 不是名称}
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

from fazhi.errors import Invalid
from vocabulary.names import fold_name

Kind = Literal["program", "platform", "body", "indicator"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FILES: dict[Kind, str] = {"program": "programs", "platform": "platforms", "body": "bodies", "indicator": "indicators"}
CLASSES: dict[Kind, tuple[str, ...]] = {
    "program": ("program", "mechanism", "campaign", "system", "brand", "party"),
    "platform": ("app", "wechat", "site", "hall", "column", "hotline", "system", "national"),
    "body": (
        *("government", "party", "congress", "cppcc", "department", "office", "group", "police", "court", "procuratorate"),
        *("justice", "enforcement", "mediation", "grassroots", "mass", "service", "supervision"),
    ),
    "indicator": ("count", "rate", "money", "persons", "area", "length", "time"),
}
_FIELDS = {"kind", "name", "decision", "as", "id", "class", "definition", "unit", "local", "reason", "decided"}
_TEXTS = ("name", "as", "id", "class", "definition", "unit", "reason")
_LONGEST = 60
_DEEPEST = 8  # mappings and lists in one another
_LARGEST = 5_000_000  # bytes of one file: a hundred times what years of reviewing write
_IDENTIFIER = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]")


class Decision(NamedTuple):
    """One reviewed name. ``same_as``: the catalogue's entry that it is another spelling of; ``id``: the new entry's name or, for indicators, its id."""

    kind: Kind
    name: str
    accepted: bool
    same_as: str | None = None
    id: str | None = None
    cls: str | None = None
    definition: str | None = None
    unit: str | None = None
    local: bool = False
    reason: str | None = None
    decided: str | None = None
    where: str = ""  # file and number of the entry, for messages

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, fold_name(self.name)


class Overlay(NamedTuple):
    """All decisions of a data folder. Two with the same effect have the same ``version``, whoever decided when and why; empty for none."""

    decisions: tuple[Decision, ...] = ()
    version: str = ""

    def rejected(self, kind: str) -> frozenset[str]:
        """Folded names that are none of this kind."""
        return frozenset(fold_name(decision.name) for decision in self.decisions if decision.kind == kind and not decision.accepted)

    def accepted(self, kind: str) -> tuple[Decision, ...]:
        return tuple(decision for decision in self.decisions if decision.kind == kind and decision.accepted)


EMPTY = Overlay()


def read_overlay(folder: Path) -> Overlay:
    """The decisions of all ``*.yaml`` files in a folder; none where it is not there. Raises Invalid that names file, entry and cure."""
    if not folder.is_dir():
        return EMPTY
    return make_overlay(decision for path in sorted(folder.glob("*.yaml")) if not path.name.startswith(".") for decision in _read_file(path))


def make_overlay(decisions: Iterable[Decision]) -> Overlay:
    """Raises Invalid where a name is decided twice."""
    taken: dict[tuple[str, str], Decision] = {}
    for decision in decisions:
        before = taken.setdefault(decision.key, decision)
        if before is not decision:
            raise Invalid(
                f"{decision.where}: The {decision.kind} {decision.name} is decided twice; the first time in {before.where}.",
                cure="Keep one of the two; `fazhi vocabulary undo NAME` takes back one that a command has written.",
            )
    ordered = tuple(taken[key] for key in sorted(taken))
    return Overlay(ordered, _version_of(ordered)) if ordered else EMPTY


def _version_of(decisions: tuple[Decision, ...]) -> str:
    effects = [[*one.key, one.accepted, one.same_as, one.id, one.cls, one.unit, one.local] for one in decisions]
    return hashlib.sha256(json.dumps(effects, ensure_ascii=True).encode()).hexdigest()[:12]


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The rows of one file as they stand there. Raises Invalid where it is no list of decisions."""
    import yaml  # most data folders have no such file, and every command would wait for the import

    cure = "Correct it, or move the file out of the folder; docs/vocabulary.md shows how an entry looks."
    try:
        if path.stat().st_size > _LARGEST:
            raise Invalid(f"{path}: The file is larger than {_LARGEST // 1_000_000} MB.", cure=cure)
        text = path.read_text(encoding="utf-8")
        if _is_deep(text):
            raise Invalid(f"{path}: It is nested deeper than a list of entries.", cure=cure)
        data = yaml.load(text, Loader=_loader())  # noqa: S506 - a safe loader
    except UnicodeDecodeError:
        raise Invalid(f"{path}: The file is not UTF-8.", cure="Save it as UTF-8.") from None
    except OSError as error:
        raise Invalid(f"{path}: The file can't be read: {error.strerror}.", cure="Check its rights.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" line {mark.line + 1}" if mark is not None else ""
        raise Invalid(f"{path}{line}: This is not YAML: {getattr(error, 'problem', None) or error}.", cure=cure) from None
    rows = data.get("decisions") if isinstance(data, dict) else data
    if data is None or (isinstance(data, dict) and rows is None and not data.keys() - {"decisions"}):
        return []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise Invalid(f"{path}: There is no list called decisions in it.", cure=cure)
    return rows


def _loader() -> Any:
    import yaml

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def _is_deep(text: str) -> bool:
    """Whether it is nested as no list of entries is. The parser in C builds what it reads by recursion: a file of nothing but [ would end the process."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=_loader()):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                return True
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return False


def _read_file(path: Path) -> Iterator[Decision]:
    for number, row in enumerate(read_rows(path), 1):
        yield read_decision(row, f"{path.name} entry {number}")


def read_decision(row: dict[str, Any], where: str) -> Decision:
    """One row, checked. ``where`` stands in front of messages. Raises Invalid."""
    known = row.get("name")
    if isinstance(known, str) and known:
        where = f"{where} ({known[:_LONGEST]})" if where else known[:_LONGEST]

    def refuse(detail: str, cure: str) -> Invalid:
        return Invalid(f"{where}: {detail}", cure=cure)

    if unknown := sorted(map(str, row.keys() - _FIELDS)):
        raise refuse(f"There is no field {unknown[0]}.", f"Fields are {', '.join(sorted(_FIELDS))}.")
    kind, decision = row.get("kind"), row.get("decision")
    if kind not in KINDS:
        raise refuse(f"The kind {kind!r} is unknown.", f"Use one of {', '.join(KINDS)}.")
    if decision not in ("accept", "reject"):
        raise refuse(f"The decision {decision!r} is unknown.", "Write accept or reject.")
    for field in _TEXTS:
        value = row.get(field)
        if value is not None and not isinstance(value, str):
            raise refuse(f"{field} is {value!r}, which is no text.", "Put it in quotation marks.")
        if isinstance(value, str) and (value != value.strip() or not value or _UNPRINTABLE.search(value)):
            raise refuse(f"{field} is empty, or has blanks at its ends or control characters.", "Write the words alone.")
    name = row.get("name")
    if name is None or not fold_name(name) or len(name) > _LONGEST:
        raise refuse("The name is missing, has no letters, or is longer than 60 characters.", "Give the name as reports write it.")
    if len(fold_name(name)) < 2:
        raise refuse("A name of one character would be found everywhere.", "Give at least two characters.")
    if not isinstance(row.get("local", False), bool):
        raise refuse("local is neither true nor false.", "Write local: true for a platform that each place has of its own.")
    chosen = Decision(
        kind=kind,
        name=name,
        accepted=decision == "accept",
        same_as=row.get("as"),
        id=row.get("id"),
        cls=row.get("class"),
        definition=row.get("definition"),
        unit=row.get("unit"),
        local=row.get("local", False),
        reason=row.get("reason"),
        decided=None if row.get("decided") is None else str(row["decided"]),
        where=where,
    )
    _check_fields(chosen, refuse)
    return chosen


def _check_fields(decision: Decision, refuse: Any) -> None:
    """Fields that go together."""
    new = [field for field, value in (("id", decision.id), ("class", decision.cls), ("unit", decision.unit), ("local", decision.local)) if value]
    if not decision.accepted:
        if new or decision.same_as or decision.definition:
            raise refuse("A rejected name has a reason and nothing else.", "Drop the other fields, or accept it.")
        return
    if decision.same_as is not None:
        if new:
            raise refuse(f"It is both another spelling of {decision.same_as} and a new entry ({new[0]}).", "Give either as or the fields of a new entry.")
        return
    if decision.cls is not None and decision.cls not in CLASSES[decision.kind]:
        raise refuse(f"The class {decision.cls} is unknown for a {decision.kind}.", f"Use one of {', '.join(CLASSES[decision.kind])}.")
    if decision.local and decision.kind != "platform":
        raise refuse("Only platforms are local or not.", "Drop local.")
    if decision.kind != "indicator":
        if decision.unit is not None:
            raise refuse("Only indicators have a unit.", "Drop unit.")
        return
    if decision.id is None or _IDENTIFIER.fullmatch(decision.id) is None:
        raise refuse(f"A new indicator needs an id in small letters and underscores, not {decision.id!r}.", "Give one like lectures_held.")
    if decision.unit is None:
        raise refuse("A new indicator needs a unit.", "Give the unit it is counted in: 件, 人次, %, 万元.")
    kind = decision.cls or "count"
    if (kind == "rate") != (decision.unit == "%") or (kind == "money") != (decision.unit == "万元"):
        raise refuse(f"The class {kind} does not go with the unit {decision.unit}.", "A rate is in %, money in 万元, and nothing else is.")
