"""Accept and reject names: every decision is one line of ``reviewed.yaml`` in the folder of the overlay, which people may edit as well."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from filelock import FileLock, Timeout

import vocabulary
from fazhi.answers import Reviewed
from fazhi.errors import Conflict, Invalid, NotFound, Unavailable
from fazhi.reviewed import use_overlay
from vocabulary.merging import SHAPES, entries_of, find_entry, merge, spellings_of
from vocabulary.names import fold_name
from vocabulary.overlay import FILES, KINDS, Decision, Kind, make_overlay, read_decision, read_overlay, read_rows

if TYPE_CHECKING:
    from fazhi.settings import Settings
    from fazhi.workspace import Workspace

FILE = "reviewed.yaml"
_HEADER = """\
# 审核过的名称：接受的补进目录，排除的不再当作这一类。一行一条，可以手工修改；怎样写见 docs/vocabulary.md。
# Reviewed names, one a line: accepted ones join the catalogue, rejected ones are no longer taken for one of their kind.
decisions:
"""
_WAIT = 10.0  # seconds for another command that writes the same file


def accept(
    settings: Settings,
    name: str,
    kind: Kind,
    *,
    same_as: str | None = None,
    id: str | None = None,
    cls: str | None = None,
    definition: str | None = None,
    unit: str | None = None,
    local: bool = False,
) -> Reviewed:
    """Take a name into the catalogue: as another spelling of an entry (``same_as``), or as a new entry; or have one read that was too general to be.

    Raises Invalid where it does not fit, is known already or is decided already; Conflict where another command is writing.
    """
    row = {
        "kind": kind,
        "name": name,
        "decision": "accept",
        "as": same_as,
        "id": id,
        "class": cls,
        "unit": unit,
        "local": local or None,
        "definition": definition,
    }
    with _writing(settings) as path:
        use_overlay(settings)
        decision = _read_new(settings, row)
        entries = entries_of(kind, vocabulary.load(FILES[kind]))
        known = spellings_of(kind, entries).get(fold_name(name))
        if known is not None and not (known.get("generic") and same_as is None):
            raise Invalid(f"The catalogue has {name} already: {known[SHAPES[kind].name]}.", cure="There is nothing to accept.")
        if same_as is not None and _find(kind, same_as) is None:
            raise NotFound(f"There is no {kind} {same_as} in the catalogue.", cure="Name an entry as the catalogue does, or accept a new one without --as.")
        _append(settings, path, row, decision)
    return show(decision)


def reject(settings: Settings, name: str, kind: Kind, *, reason: str | None = None) -> Reviewed:
    """Say that a name is none of its kind: it is no longer extracted as one, and no longer offered. Raises Invalid, Conflict."""
    row = {"kind": kind, "name": name, "decision": "reject", "reason": reason}
    with _writing(settings) as path:
        decision = _read_new(settings, row)
        _append(settings, path, row, decision)
    return show(decision)


def undo(settings: Settings, name: str | None = None, kind: Kind | None = None) -> Reviewed:
    """Take back the decision on a name, or the last one. Raises NotFound, and Invalid where the name is decided for several kinds."""
    with _writing(settings) as path:
        rows = read_rows(path) if path.exists() else []
        chosen = [row for row in rows if _is_on(row, name, kind)]
        if not chosen:
            if name is not None and (other := _decided_elsewhere(settings, name, kind)):
                raise NotFound(f"The decision on {name} stands in {other}, which no command has written.", cure="Take the entry out of that file.")
            raise NotFound(f"There is no decision{f' on {name}' if name else ''} to take back.", cure="`fazhi vocabulary list` shows what is decided.")
        if name is not None and len(chosen) > 1:
            kinds = ", ".join(str(row.get("kind")) for row in chosen)
            raise Invalid(f"{name} is decided as {kinds}.", cure="Say which with --kind.")
        gone = chosen[-1]
        _rewrite(path, rows, [row for row in rows if row is not gone], gone)
        use_overlay(settings)
    return show(read_decision(gone, FILE))


def list_decisions(settings: Settings) -> list[Reviewed]:
    """All decisions by kind and name. Raises Invalid where a file of the overlay can't be read."""
    return [show(decision) for decision in read_overlay(settings.vocabulary_folder).decisions]


def kind_of_entry(settings: Settings, entry: str) -> Kind | None:
    """The kind of a catalogue's entry, given by name or id; None where no kind has it, or several."""
    use_overlay(settings)
    of = [kind for kind in KINDS if entry.startswith(f"{kind}:")] or [kind for kind in KINDS if _find(kind, entry) is not None]
    return of[0] if len(of) == 1 else None


def find_kind(workspace: Workspace, name: str) -> Kind:
    """What a name is, by what the archive's facts say of it. Raises Invalid where they do not decide it."""
    from fazhi.candidates import find_kinds

    kinds = find_kinds(workspace, name)
    if len(kinds) == 1:
        return kinds[0]
    told = f"Reports here use {name} as {' and as '.join(kinds)}." if kinds else f"No report here names {name}."
    raise Invalid(told, cure=f"Say what it is with --kind: {', '.join(KINDS)}.")


def _find(kind: Kind, name: str) -> dict[str, Any] | None:
    entries = entries_of(kind, vocabulary.load(FILES[kind]))
    return find_entry(kind, entries, spellings_of(kind, entries), name)


def show(decision: Decision) -> Reviewed:
    """A decision as commands and HTTP answer it. ``known``: the packaged catalogue has the name by now, so that accepting it changes nothing."""
    entries = entries_of(decision.kind, vocabulary.packaged(FILES[decision.kind]))
    return Reviewed(
        kind=decision.kind,
        name=decision.name,
        decision="accept" if decision.accepted else "reject",
        same_as=decision.same_as,
        id=decision.id,
        cls=decision.cls,
        definition=decision.definition,
        unit=decision.unit,
        local=decision.local,
        reason=decision.reason,
        decided=decision.decided,
        where=decision.where,
        known=decision.accepted and fold_name(decision.name) in spellings_of(decision.kind, entries),
    )


# -- the file --------------------------------------------------------------------------------------------------------------------------------------


@contextmanager
def _writing(settings: Settings) -> Iterator[Path]:
    """Nobody else writes the file inside the block."""
    folder = settings.vocabulary_folder
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".reviewed.lock", timeout=_WAIT):
            yield folder / FILE
    except Timeout:
        raise Conflict(f"Another command is writing {folder / FILE}.", cure="Try again in a moment.") from None
    except OSError as error:
        raise Unavailable(f"{folder / FILE} can't be written: {error.strerror}.", cure="Check the rights and the disk.") from None


def _read_new(settings: Settings, row: Mapping[str, Any]) -> Decision:
    """The row as a decision. Raises Invalid where it is none, or where there is one on the name."""
    decision = read_decision({field: value for field, value in row.items() if value is not None}, "")
    before = next((other for other in read_overlay(settings.vocabulary_folder).decisions if other.key == decision.key), None)
    if before is not None:
        said = "accepted" if before.accepted else "rejected"
        raise Invalid(f"{before.name} is {said} already ({before.where}).", cure=f"Take that back first: `fazhi vocabulary undo {before.name}`.")
    return decision


def _append(settings: Settings, path: Path, row: Mapping[str, Any], decision: Decision) -> None:
    """Add one line and leave the rest of the file as it is, comments and all. Raises Invalid for a decision that the catalogue does not take."""
    overlay = make_overlay([*read_overlay(settings.vocabulary_folder).decisions, decision])
    merge(FILES[decision.kind], vocabulary.packaged(FILES[decision.kind]), overlay)
    stored = {field: value for field, value in row.items() if value is not None} | {"decided": datetime.now(UTC).date().isoformat()}
    text = path.read_text(encoding="utf-8") if path.exists() else _HEADER
    rows = read_rows(path) if path.exists() else []
    _replace(path, f"{text.rstrip()}\n{_line(stored)}", [*rows, stored])
    use_overlay(settings)


def _rewrite(path: Path, rows: Sequence[Mapping[str, Any]], kept: Sequence[Mapping[str, Any]], gone: Mapping[str, Any]) -> None:
    """Take one row out of the file."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    number = next((number for number in range(len(lines) - 1, -1, -1) if lines[number].strip() == _line(gone).strip()), None)
    text = "".join(lines[:number] + lines[number + 1 :]) if number is not None else ""
    _replace(path, text, kept)


def _replace(path: Path, text: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Put ``text`` there if it holds these rows; else, where a person has laid the file out in another way, all rows anew. Whole or not at all."""
    partial = path.with_name(f".{path.name}.part")
    try:
        partial.write_text(text, encoding="utf-8")
        try:
            fits = read_rows(partial) == list(rows)
        except Invalid:
            fits = False
        if not fits:
            partial.write_text(_HEADER + "".join(map(_line, rows)), encoding="utf-8")
        with partial.open("rb") as file:
            os.fsync(file.fileno())
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _line(row: Mapping[str, Any]) -> str:
    dumped: str = yaml.safe_dump(dict(row), allow_unicode=True, default_flow_style=True, sort_keys=False, width=1 << 20)
    return f"- {dumped.strip()}\n"


def _is_on(row: Mapping[str, Any], name: str | None, kind: Kind | None) -> bool:
    return (name is None or fold_name(str(row.get("name", ""))) == fold_name(name)) and (kind is None or row.get("kind") == kind)


def _decided_elsewhere(settings: Settings, name: str, kind: Kind | None) -> str | None:
    folded = fold_name(name)
    return next(
        (
            decision.where
            for decision in read_overlay(settings.vocabulary_folder).decisions
            if fold_name(decision.name) == folded and (kind is None or decision.kind == kind)
        ),
        None,
    )
