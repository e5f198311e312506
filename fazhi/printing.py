"""Answers as tables for people and as JSON for machines. What is asked for goes to the standard output, all else to the standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from archive.model import Document, Failure, Statistics
from fazhi.answers import Answer, Candidates, Check, CypherAnswer, Passage, Progress, Repair, Reviewed, Status, Summary
from fazhi.printing_runs import describe_run
from graph import schema

if TYPE_CHECKING:
    from fazhi.auditing import Audited
    from fulltext.understood import Understood

_PLAIN_SECONDS = 5.0  # between lines of progress where there is no terminal
_SHOWN_FAILURES = 20


def make_console(stream: Any = None) -> Console:
    """A terminal's width, or as wide as it takes: a table in a pipe must not cut anything off."""
    stream = stream or sys.stdout
    return Console(file=stream, soft_wrap=not stream.isatty(), width=None if stream.isatty() else 10_000, highlight=False)


def say(text: str) -> None:
    print(text)


def complain(text: str) -> None:
    """One line on the standard error."""
    print(" ".join(text.split()), file=sys.stderr)


def print_json(value: Any) -> None:
    """Indented UTF-8 JSON and a line end."""
    _write(msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=2) + b"\n")


def _write(raw: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(raw)
    sys.stdout.buffer.flush()


@contextmanager
def progress(paths: Sequence[Path], *, shown: bool) -> Iterator[Callable[[Progress], None] | None]:
    """A bar on a terminal, now and then a line elsewhere, nothing where not ``shown``."""
    if not shown:
        yield None
    elif sys.stderr.isatty():
        with _bar(paths) as report:
            yield report
    else:
        yield _lines()


@contextmanager
def _bar(paths: Sequence[Path]) -> Iterator[Callable[[Progress], None]]:
    from rich import progress as rich_progress

    from ingest.readers import count_inputs

    columns = (
        rich_progress.TextColumn("[progress.description]{task.description}"),
        rich_progress.BarColumn(),
        rich_progress.MofNCompleteColumn(),
        rich_progress.TimeElapsedColumn(),
        rich_progress.TimeRemainingColumn(),
    )
    with rich_progress.Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Counting …", total=None)
        bar.update(task, total=count_inputs(paths) if paths else None, description="Reading …")

        def report(state: Progress) -> None:
            failed = f" · {state.failed} failed" if state.failed else ""
            bar.update(task, completed=state.done, description=escape(f"{_cut(state.name)}{failed}"))

        yield report


def _lines() -> Callable[[Progress], None]:
    told = time.monotonic()

    def report(state: Progress) -> None:
        nonlocal told
        if time.monotonic() - told > _PLAIN_SECONDS:
            told = time.monotonic()
            complain(f"{state.done} done, {state.failed} failed")

    return report


def _cut(name: str, width: int = 40) -> str:
    return name if len(name) <= width else f"…{name[1 - width :]}"


def complain_of_lost(reviews: Sequence[int]) -> None:
    """Say which decisions of people stopped to apply by what was just done."""
    if reviews:
        numbers = ", ".join(map(str, reviews[:_SHOWN_FAILURES])) + (" …" if len(reviews) > _SHOWN_FAILURES else "")
        complain(f"{_count(len(reviews), 'review')} ({numbers}) no longer apply; nothing of them is lost: fazhi review list --lost")


def print_summary(summary: Summary) -> None:
    counts = ", ".join(f"{getattr(summary, outcome)} {outcome}" for outcome in ("new", "changed", "unchanged", "duplicate", "failed"))
    say(f"{counts} in {summary.seconds:.1f} s.")
    print_failures(summary.failures)
    if summary.interrupted:
        complain("Stopped before the end; what is counted here is in. Run the same command again to go on.")
    complain_of_lost(summary.lost_reviews)


def print_failures(failures: Iterable[Failure]) -> None:
    for failure in failures:
        complain(f"{failure.name}: {failure.reason} {failure.cure}")


def print_answer(answer: Answer) -> None:
    console = make_console()
    for hit in answer.hits:
        where = " › ".join((*hit.path[:-1], hit.place_name or "")) if hit.path else hit.place_name or hit.place or "place unknown"
        console.print(Text.assemble((hit.title or hit.key, "bold"), f"  {where}  {hit.year or 'year unknown'}"))
        console.print(Text(f"  {hit.key}", style="dim"))
        for passage in hit.passages:
            console.print(Text.assemble("  ", _marked(passage), (f"  [{passage.start}–{passage.end}, {passage.section}]", "dim")))
    if answer.understood:
        console.print(Text(f"{_tell(answer.understood)} Demand every word with --words.", style="dim"))
    for place in answer.unknown_places:
        known = "is in the official list of places, but no report of it is here" if place.registered else "is the name of no place that a report here is of"
        console.print(Text(f"“{place.name}” {known}; that says nothing about what was done there.", style="yellow"))
    shown = f"{len(answer.hits)} of {answer.total} reports" if answer.total != len(answer.hits) else f"{answer.total} reports"
    years = "" if answer.coverage.from_year is None else f", {answer.coverage.from_year}–{answer.coverage.to_year}"
    console.print(Text(f"{shown}; searched {answer.coverage.reports} reports of {answer.coverage.places} places{years}.", style="dim"))
    if answer.next:
        console.print(Text(f"More with --cursor {answer.next}", style="dim"))


def _tell(understood: Understood) -> str:
    """How a question was read, in one line."""
    told = [f"{part.kind} {part.text}" + (f" ({part.value})" if part.value != part.text else "") for part in understood.conditions]
    if understood.names:
        told.append(f"about {', '.join(part.text for part in understood.names)}")
    if understood.words and understood.least:
        told.append(f"at least {understood.least} of {', '.join(part.text for part in understood.words)}")
    if more := (*understood.doing, *(() if understood.least else understood.words)):
        told.append(f"rather with {', '.join(part.text for part in more)}")
    return f"Read as a question: {'; '.join(told)}."


def _marked(passage: Passage) -> Text:
    text = Text(passage.text)
    for start, end in passage.highlights:
        text.stylize("bold yellow", start - passage.start, end - passage.start)
    return Text(" ").join(line for line in text.split("\n") if line.plain.strip())


def print_rows(answer: CypherAnswer) -> None:
    print_table(answer.columns, ([_cell(row.get(column)) for column in answer.columns] for row in answer.rows))
    say(f"{len(answer.rows)} rows{'; there are more: raise --limit' if answer.truncated else ''}.")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if isinstance(value, str) else msgspec.json.encode(value, enc_hook=str).decode()


def print_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    table = Table()
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    if table.columns:
        make_console().print(table)


def print_documents(documents: Iterable[Document], *, json: bool) -> None:
    """One line each, tab-separated: key, report, place, year, key of the counted one of equal documents. JSON lines with ``json``."""
    for document in documents:
        if json:
            _write(msgspec.json.encode(document) + b"\n")
        else:
            say("\t".join((document.key, document.report, document.place or "", str(document.year or ""), document.duplicate_of or "")))


def print_status(status: Status) -> None:
    archive, coverage = status.archive, status.coverage
    years = "" if coverage.from_year is None else f", {coverage.from_year}–{coverage.to_year}"
    nodes = sum(count for label, count in status.graph["nodes"].items() if label in schema.nodes())  # a township counts as a place
    lines = [
        ("data folder", status.home),
        ("reports", f"{archive.reports} of {coverage.places} places{years}"),
        ("documents", f"{archive.documents}, of which {archive.duplicates} duplicates; {archive.versions} versions"),
        ("graph", f"{nodes} nodes, {sum(status.graph['edges'].values())} edges; {archive.pending['graph']} reports waiting"),
        ("index", f"{status.text.get('reports', '?')} reports; {archive.pending['text']} waiting"),
        ("compared", _describe_links(archive)),
        ("disk", ", ".join(f"{name} {size / 1e6:.1f} MB" for name, size in status.disk.items())),
        ("snapshot", archive.snapshot),
        ("writer", str(status.writer or "none")),
        ("unreadable", str(archive.failures)),
        ("reviews", f"{archive.reviews}, of which {archive.lost} apply nowhere now: fazhi review list --lost" if archive.lost else str(archive.reviews)),
        ("stale", f"{status.stale}, read with older rules or words: fazhi ingest --stale" if status.stale else "0"),
    ]
    if status.runs:
        lines.append(("last run", describe_run(status.runs[0])))
    table = Table(show_header=False, box=None)
    for name, value in lines:
        table.add_row(Text(name, style="dim"), Text(value, overflow="fold"))
    make_console().print(table)
    print_failures(status.failures[:_SHOWN_FAILURES])
    if len(status.failures) > _SHOWN_FAILURES:
        complain(f"… and {len(status.failures) - _SHOWN_FAILURES} more: fazhi status --json")


def _describe_links(archive: Statistics) -> str:
    """Whether the texts were compared with each other as they are now."""
    kept = archive.links
    if kept.snapshot is None:
        return "not yet: fazhi reuse build"
    told = f"{kept.links} times a report has words of an earlier one"
    return told if kept.snapshot == archive.snapshot else f"{told}; the collection has changed since: fazhi reuse build"


def print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        _write(line.encode("utf-8", "surrogatepass") + b"\n")


def print_repair(repair: Repair) -> None:
    strays = f"{repair.strays} stray nodes and " if repair.strays else ""
    say(f"Mended {repair.graph} reports in the graph and {repair.text} in the index; took away {strays}{repair.swept} stray files.")
    for projection in repair.rebuilt:
        say(f"Rebuilt the {projection}.")


def print_check(check: Check) -> None:
    if check.fine:
        say(f"Archive, graph and index agree on {check.reports} reports{', counted to the last edge and term' if check.deep else ''}.")
        return
    for difference in check.differences:
        if difference.missing or difference.surplus or difference.stale or difference.pending:
            counts = f"{len(difference.missing)} reports missing, {len(difference.surplus)} too many, {len(difference.stale)} of an older state"
            say(f"{difference.projection}: {counts}; {difference.pending} changes wait. Run `fazhi repair`.")
        if difference.miscounted or difference.strays or difference.lost or not difference.terms:
            counts = f"{len(difference.miscounted)} reports with more or less than they say, {len(difference.strays)} nodes that no report speaks of"
            counts += f", {len(difference.lost)} nodes missing or in the wrong place{'' if difference.terms else ', terms of no report'}"
            say(f"{difference.projection}: {counts}. Run `fazhi repair --deep`.")
        for name in ("missing", "surplus", "stale", "miscounted", "strays", "lost"):
            for item in getattr(difference, name)[:_SHOWN_FAILURES]:
                say(f"  {name} {item}")
    for key in check.missing_originals:
        say(f"{key}: The original file is missing from the archive. Ingest it again from where it came.")


def print_candidates(answer: Candidates) -> None:
    console = make_console()
    for place, candidate in enumerate(answer.candidates, 1):
        years = "year unknown" if candidate.first_year is None else _span(candidate.first_year, candidate.last_year)
        counts = f"{_count(candidate.townships, 'township')}, {_count(candidate.reports, 'report')}, {years}"
        console.print(Text.assemble(f"{place}. ", (candidate.name, "bold"), f"  {candidate.kind}{f' ({candidate.unit})' if candidate.unit else ''}  {counts}"))
        if candidate.spellings:
            console.print(Text(f"   also written {', '.join(candidate.spellings[:5])}", style="dim"))
        if candidate.nearest:
            near = candidate.nearest
            written = "" if near.spelling == near.entry else f", written {near.spelling}"
            console.print(Text(f"   most like {near.entry}{written} ({near.similarity:.2f})", style="dim"))
        for example in candidate.examples:
            console.print(Text(f"   {' '.join(example.text.split())}  [{example.key}]"))
    coverage = answer.coverage
    console.print(Text(f"{len(answer.candidates)} of {answer.total} names; looked at {coverage.reports} reports of {coverage.places} places.", style="dim"))


def _span(first: int, last: int | None) -> str:
    return str(first) if last is None or first == last else f"{first}–{last}"


def print_decision(decision: Reviewed, *, undone: bool = False) -> None:
    article = "an" if decision.kind == "indicator" else "a"
    what = f"as {decision.same_as}" if decision.same_as else f"as a new {decision.kind}" if decision.decision == "accept" else f"as {article} {decision.kind}"
    if undone:
        say(f"Taken back: {decision.name} is no longer {decision.decision}ed {what}.")
    else:
        say(f"{decision.decision.title()}ed {decision.name} {what}.")


def print_decisions(decisions: Sequence[Reviewed]) -> None:
    rows = []
    for decision in decisions:
        what = decision.reason or "" if decision.decision == "reject" else f"= {decision.same_as}" if decision.same_as else decision.id or decision.cls or "new"
        note = "in the catalogue now" if decision.known else ""
        rows.append((decision.kind, decision.name, decision.decision, what, decision.decided or "", decision.where.partition(" (")[0], note))
    if rows:
        print_table(("kind", "name", "decision", "what", "decided", "where", "note"), rows)
    say(f"{_count(len(rows), 'name')} decided.")


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def print_audit(audited: Iterable[Audited | Failure], *, lang: str, warnings: bool, json: bool) -> bool:
    """Each report with findings, its findings and their evidence; as JSON one report a line. Returns whether an input failed."""
    console, reports, failed = make_console(), 0, False
    counts = {"warning": 0, "note": 0}
    for report in audited:
        if isinstance(report, Failure):
            failed = True
            print_failures([report])
            continue
        reports += 1
        findings = [finding for finding in report.findings if not warnings or finding.severity == "warning"]
        for finding in findings:
            counts[finding.severity] += 1
        if json:
            _write(msgspec.json.encode({"key": report.key, "findings": findings}) + b"\n")
        elif findings:
            console.print(Text(report.key, style="bold"))
            for finding in findings:
                message = finding.message_zh if lang == "zh" else finding.message_en
                console.print(Text.assemble("  ", (finding.severity, "bold yellow" if finding.severity == "warning" else "dim"), f"  {message}"))
                for side in finding.evidence:
                    where = "" if side.start is None else f"  [{side.start}–{side.end}]"
                    console.print(Text(f"    {side.role}: {' '.join(side.surface.split())}{where}", style="dim"))
    if not json:
        notes = "" if warnings else f" and {_count(counts['note'], 'note')}"
        say(f"{_count(counts['warning'], 'warning')}{notes} in {_count(reports, 'report')}.")
    return failed
