"""``fazhi query FILE``: a combined question from a file of JSON or YAML, the same that ``POST /api/query`` takes."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.text import Text

from fazhi.errors import Invalid, NotFound, TooLarge

if TYPE_CHECKING:
    from pydantic import ValidationError

    from fazhi.combining import Combined, Question, Row, Statement
    from fazhi.workspace import Workspace

MOST_BYTES = 1 << 20
_GROUPS = ("where", "all", "any")
_SAYS = {"stated": "says so", "unstated": "no report says so", "unknown": "unknown: reports are missing, or a number is only approximate"}


def read_question(file: Path, **changes: Any) -> Question:
    """The question in a file, ``-`` for the standard input; ``changes`` that are not None win. Raises Invalid with place and cure, NotFound, TooLarge."""
    from pydantic import ValidationError

    from fazhi.combining import Question

    name = "Standard input" if str(file) == "-" else str(file)
    told = _load(_read(file, name), name)
    if not isinstance(told, dict):
        raise Invalid(f"{name}: A question is an object with where and more.", cure='Write it like {"where": [{"text": "调解工作室"}]}.')
    told |= {name: value for name, value in changes.items() if value is not None}
    try:
        return Question.model_validate(told)
    except ValidationError as error:
        raise _explain(error, name) from None


def answer(workspace: Workspace, question: Question) -> Combined:
    """A page of its answer, with the coverage behind it."""
    import msgspec

    from fazhi import asking
    from fazhi.combining import Combiner

    workspace.refresh()
    found = Combiner(workspace).answer(question)
    level = question.level if question.find == "reports" else None
    covered = asking.coverage(workspace, place=found.place, level=level, from_year=question.from_year, to_year=question.to_year)
    return msgspec.structs.replace(found, coverage=covered)


def _read(file: Path, name: str) -> str:
    if str(file) == "-":
        raw = sys.stdin.buffer.read(MOST_BYTES + 1)
    else:
        if not file.is_file():
            raise NotFound(f"There is no file {file}.", cure="Name a file with a question in JSON or YAML, or - for the standard input.")
        with file.open("rb") as opened:
            raw = opened.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise TooLarge(f"{name} has more than {MOST_BYTES} bytes.", cure="A question is short; name the file that holds it.")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(f"{name}: Byte {error.start} is not UTF-8.", cure="Save the file as UTF-8.") from None


def _load(text: str, name: str) -> Any:
    """JSON is YAML, but for tabs; so it is tried first."""
    import json

    import yaml

    try:
        return json.loads(text)
    except ValueError as error:
        if text.lstrip().startswith(("{", "[")):
            place = f"line {error.lineno}, column {error.colno}" if isinstance(error, json.JSONDecodeError) else "its beginning"
            problem = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
            json_error = Invalid(f"{name}, {place}: {problem}.", cure="Put names and text into double quotes, and commas between entries.")
        else:
            json_error = None
    except RecursionError:
        raise Invalid(f"{name}: Its brackets lie too deep in each other.", cure="Groups may lie 8 deep in each other.") from None
    try:
        return yaml.safe_load(text)  # in Python: the loader in C ends the process where brackets lie too deep
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        if json_error is not None:
            raise json_error from None
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}, column {mark.column + 1}" if mark else "its beginning"
        problem = getattr(error, "problem", None) or "It can't be read as YAML"
        raise Invalid(f"{name}, {place}: {problem}.", cure="Indent entries alike with blanks, and put text with signs like : or # into quotes.") from None


def _explain(error: ValidationError, name: str) -> Invalid:
    """The first thing that is wrong, with its path in the question."""
    wrong = error.errors(include_url=False, include_context=False)
    first = wrong[0]
    got = first["input"]
    shown = f" (there is {got!r})" if isinstance(got, str | int | float | bool) else ""
    more = f" And {len(wrong) - 1} more." if len(wrong) > 1 else ""
    where = write_path(first["loc"])
    return Invalid(
        f"{name}{f', {where}' if where else ''}: {first['msg'].removeprefix('Value error, ')}{shown}.{more}",
        cure="docs/query.md shows every condition; the page /docs of `fazhi serve` lists all fields.",
    )


def write_path(loc: Sequence[str | int]) -> str:
    """``where[0].any[1].took_up`` of pydantic's ("where", 0, "any", "any", 1, "took_up", "took_up"): which kind a condition was taken for is left out."""
    pieces: list[str] = []
    previous: str | int | None = None
    is_condition = False  # the next piece names the kind that the condition was taken for
    for piece in loc:
        if is_condition and isinstance(piece, str):
            is_condition = False
            continue
        if isinstance(piece, int):
            pieces.append(f"[{piece}]")
            is_condition = previous in _GROUPS
        else:
            pieces.append(f".{piece}" if pieces else piece)
            is_condition = piece == "not"
        previous = piece
    return "".join(pieces)


def print_answer(found: Combined) -> None:
    """For people: each row with the sentence for each of its conditions."""
    from fazhi.printing import make_console

    console = make_console()
    for row in found.rows:
        console.print(Text.assemble((_name(row), "bold"), f"  {_reports(row)}"))
        for finding in row.findings:
            if finding.kind == "place":
                continue
            console.print(Text.assemble(f"  {finding.condition}  ", (_SAYS[finding.says], "dim" if finding.says != "stated" else "")))
            for statement in finding.statements:
                console.print(Text(f"    {_tell(statement)}", style="dim"))
                for passage in statement.passages:
                    text = Text(passage.text)
                    for span in passage.highlights:
                        text.stylize("bold yellow", span.start - passage.start, span.end - passage.start)
                    lines = Text(" ").join(line for line in text.split("\n") if line.plain.strip())
                    console.print(Text.assemble("    ", lines, (f"  [{passage.start}–{passage.end}, {passage.section}]", "dim")))
    for step in found.plan:
        looked = "" if step.estimate is None else f", {step.way} of {step.estimate} statements"
        unknown = f", {step.unknown} undecided" if step.unknown else ""
        console.print(Text(f"{step.condition} {step.kind}{looked}: {step.candidates} → {step.found}{unknown}, {step.milliseconds:.1f} ms", style="dim"))
    what = "places" if found.find == "places" else "reports"
    shown = f"{len(found.rows)} of {found.total} {what}" if found.total != len(found.rows) else f"{found.total} {what}"
    if found.coverage is not None:
        years = "" if found.coverage.from_year is None else f", {found.coverage.from_year}–{found.coverage.to_year}"
        shown += f"; looked at {found.coverage.reports} reports of {found.coverage.places} places{years}"
    console.print(Text(f"{shown}.", style="dim"))
    if found.undecided_total:
        names = ", ".join(place.name for place in found.undecided[:5]) + (" …" if found.undecided_total > 5 else "")
        console.print(Text(f"Undecided for {found.undecided_total} places, because reports are missing or numbers are approximate: {names}", style="dim"))
    if found.next:
        console.print(Text(f"More with --cursor {found.next}", style="dim"))


def _name(row: Row) -> str:
    name = " › ".join(row.path) or row.name or row.place or "place unknown"
    return f"{name}  {row.title or row.report}" if row.report else name


def _reports(row: Row) -> str:
    if row.report:
        return str(row.year or "year unknown")
    years = sorted({held.year for held in row.reports if held.year is not None})
    return f"{row.reports_total} reports{f' ({years[0]}–{years[-1]})' if years else ''}" if row.reports_total else "no report of its own"


def _tell(statement: Statement) -> str:
    value = "" if statement.value is None else f"{statement.value:g}{statement.unit or ''}{f' ({statement.approx})' if statement.approx else ''}"
    parts = (statement.name, value, statement.modality, str(statement.year or "year unknown"), statement.title or statement.report)
    return ", ".join(part for part in parts if part)
