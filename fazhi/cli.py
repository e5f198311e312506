"""The command line. Each command opens what it needs and nothing more: ``fazhi --help`` must not wait for engines, so imports stand inside the commands.

Exit code 0 only when everything asked was done, 1 when some input failed or something went wrong, 2 for wrong use, 130 when stopped by Ctrl-C.
"""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from enum import StrEnum
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from fazhi import curve_command, diffusion_commands, key_commands, review_commands, trace_commands, vocabulary_commands, watch_commands
from fazhi.command_group import HELP_NAMES, HomeOption, JsonOption, open_workspace
from fazhi.errors import FazhiError, Forbidden, Invalid
from fazhi.pointing import point, pointing_into

if TYPE_CHECKING:
    from fazhi.settings import Settings

app = typer.Typer(
    name="fazhi",
    help="Knowledge graph and search over the law-based-government reports of Chinese townships.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=HELP_NAMES,
)

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress, only the summary.")]
Workers = Annotated[int | None, typer.Option(min=1, max=256, help="Processes that extract facts; by default one for each CPU.", show_default=False)]
SomePaths = Annotated[list[Path] | None, typer.Argument(metavar="PATH...", help="As PATH of extract; none with --stale.", show_default=False)]
Deep = Annotated[bool, typer.Option("--deep", help="Count nodes, edges and terms of every report, too. Slow: each report is projected again.")]
Paths = Annotated[list[Path], typer.Argument(metavar="PATH...", help="Folders, txt, md, html, docx, pdf, jsonl and zip files.")]


class Projected(StrEnum):
    graph = "graph"
    text = "text"


class Listed(StrEnum):
    GRAPH = "graph"
    INDEX = "index"
    PANEL = "panel"
    CASCADES = "cascades"
    GRAPHML = "graphml"


class TableFormat(StrEnum):
    csv = "csv"
    parquet = "parquet"


class Order(StrEnum):
    score = "score"
    year = "year"
    newest = "-year"
    place = "place"


class Level(StrEnum):
    province = "province"
    prefecture = "prefecture"
    county = "county"
    township = "township"


class SectionName(StrEnum):
    heading = "heading"
    results = "results"
    problems = "problems"
    plan = "plan"
    responsibility = "responsibility"
    other = "other"


class ModalityName(StrEnum):
    done = "done"
    ongoing = "ongoing"
    planned = "planned"
    exhorted = "exhorted"


class Lang(StrEnum):
    zh = "zh"
    en = "en"


class _Given:
    """What stands before the command's name."""

    home: Path | None = None


_given = _Given()


def _version(wanted: bool) -> None:
    if wanted:
        import fazhi

        typer.echo(f"fazhi {fazhi.__version__}")
        raise typer.Exit


@app.callback()
def begin(
    home: HomeOption = None, version: Annotated[bool, typer.Option("--version", help="Show the version and leave.", callback=_version, is_eager=True)] = False
) -> None:
    """Knowledge graph and search over the law-based-government reports of Chinese townships."""
    _given.home = home


# -- taking in -------------------------------------------------------------------------------------------------------------------------------------------


@app.command()
def ingest(
    paths: SomePaths = None,
    stale: Annotated[bool, typer.Option("--stale", help="Read again what was read with older rules or words, from the stored originals; no PATH.")] = False,
    home: HomeOption = None,
    workers: Workers = None,
    json: JsonOption = False,
    quiet: Quiet = False,
) -> None:
    """Take reports in: read, extract, store, and bring graph and index up to date. Run it again to go on where it was cut off."""
    from fazhi import printing

    if stale == bool(paths):
        raise Invalid("Both PATH and --stale are given." if stale else "No PATH is given.", cure="Name files or folders, or --stale alone.")
    settings, shown = _settings(home, workers=workers), not (json or quiet)
    with _stopping() as stop, open_workspace(settings, "write", create=not stale) as workspace, printing.progress(paths or (), shown=shown) as report:
        summary = workspace.ingest_stale(report=report, stop=stop) if stale else workspace.ingest(paths or (), report=report, stop=stop)
    if json:
        printing.print_json(summary)
    else:
        printing.print_summary(summary)
    if summary.interrupted:
        raise typer.Exit(130)
    if summary.failed:
        raise typer.Exit(1)


@app.command()
def extract(
    paths: Paths,
    out: Annotated[Path | None, typer.Option("--out", metavar="FILE", help="Write there in place of the standard output.", show_default=False)] = None,
    audit: Annotated[
        Path | None, typer.Option("--audit", metavar="FILE", help="Write there what does not go together, one JSON object a line.", show_default=False)
    ] = None,
    workers: Workers = None,
) -> None:
    """Print the facts of reports, one JSON object a line, in the order of the input. Needs no data folder."""
    from fazhi import extracting

    settings = _settings(None, workers=workers)
    if extracting.print_facts(paths, settings, out, audit):
        raise typer.Exit(1)


@app.command()
def audit(
    targets: Annotated[
        list[str] | None,
        typer.Argument(metavar="[FILE|KEY...]", help="Files, folders, or keys of reports here; by default all of these.", show_default=False),
    ] = None,
    warnings: Annotated[bool, typer.Option("--warnings", help="Only warnings, no notes.")] = False,
    lang: Annotated[Lang, typer.Option(help="Language of the messages.")] = Lang.en,
    workers: Workers = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Show where reports do not agree with themselves: rates and counts, parts and sums, two values, years. Nothing is changed."""
    from fazhi import auditing, printing

    settings = _settings(home, workers=workers)
    audited = auditing.iter_audited(targets or [], settings, lambda: open_workspace(settings, "read"))
    if printing.print_audit(audited, lang=lang.value, warnings=warnings, json=json):
        raise typer.Exit(1)


@app.command()
def explain(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="One report, in any format that can be read.")],
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="OUT.html", help="Where to write; - for the standard output. [default: FILE.explain.html]", show_default=False),
    ] = None,
    key: Annotated[str | None, typer.Option(help="Which report, where a zip or jsonl holds several.", show_default=False)] = None,
    lang: Annotated[Lang, typer.Option(help="Language of the page.")] = Lang.zh,
) -> None:
    """Write one page that shows a report with its facts marked, what stayed undecided, what was rejected, and why. Needs no data folder."""
    from fazhi import explaining, printing

    written = explaining.explain_file(file, _settings(None), out=out, key=key, lang=lang.value)
    if written is not None:
        printing.say(f"Wrote {written}.")


@app.command()
def delete(
    keys: Annotated[list[str], typer.Argument(metavar="KEY...", help="Keys as `fazhi search` shows them.")], home: HomeOption = None, json: JsonOption = False
) -> None:
    """Forget documents, with all that only they support in graph and index."""
    from fazhi import printing

    with open_workspace(_settings(home), "write", create=False) as workspace:
        deletion = workspace.delete(keys)
    if json:
        printing.print_json(deletion)
    else:
        printing.say(f"{len(deletion.deleted)} deleted.")
        for key in deletion.unknown:
            printing.complain(f"{key}: There is no document with this key. `fazhi status --documents` lists the keys.")
        printing.complain_of_lost(deletion.lost_reviews)
    if deletion.unknown:
        raise typer.Exit(1)


# -- asking ----------------------------------------------------------------------------------------------------------------------------------------------


@app.command()
def search(
    question: Annotated[
        str, typer.Argument(metavar="Q", help='Words, "exact phrase", AND OR NOT or 与 或 非, brackets; or a whole question; "" for all reports.')
    ],
    place: Annotated[str | None, typer.Option(help="Graph id of a place, with all below it: cn:3505.", show_default=False)] = None,
    from_year: Annotated[int | None, typer.Option("--from", metavar="YEAR", help="First year covered.", show_default=False)] = None,
    to_year: Annotated[int | None, typer.Option("--to", metavar="YEAR", help="Last year covered.", show_default=False)] = None,
    level: Annotated[Level | None, typer.Option(help="Level of the reporting place.", show_default=False)] = None,
    program: Annotated[str | None, typer.Option(help="Reports that name this program: 法律八进.", show_default=False)] = None,
    body: Annotated[str | None, typer.Option(help="Reports that name this body: 司法所, of any place.", show_default=False)] = None,
    indicator: Annotated[str | None, typer.Option(help="Reports that state a number of this indicator.", show_default=False)] = None,
    section: Annotated[SectionName | None, typer.Option(help="The words must stand in sections of this kind.", show_default=False)] = None,
    modality: Annotated[ModalityName | None, typer.Option(help="The words must stand in a sentence that says this.", show_default=False)] = None,
    sort: Annotated[Order, typer.Option(help="Best, oldest or newest first, or by place.")] = Order.score,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Reports on a page.")] = 10,
    cursor: Annotated[str | None, typer.Option(help="Go on after a page: its `next`.", show_default=False)] = None,
    passages: Annotated[int, typer.Option(min=0, max=1000, help="Sentences shown of each report.")] = 3,
    synonyms: Annotated[bool, typer.Option("--synonyms", help="Names of the vocabulary count in all their writings.")] = False,
    words: Annotated[bool, typer.Option("--words", help="Demand every word, also of a question in a whole sentence.")] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Find reports, and the sentences in them that answer. The language: docs/search.md."""
    from fazhi import printing

    conditions: dict[str, Any] = {"place": place, "from_year": from_year, "to_year": to_year, "program": program, "body": body, "indicator": indicator}
    conditions |= {"level": level and level.value, "section": section and section.value, "modality": modality and modality.value}
    with open_workspace(_settings(home), "read") as workspace, pointing_into(question):
        answer = workspace.search(question, sort=sort.value, size=limit, cursor=cursor, passages=passages, synonyms=synonyms, whole=not words, **conditions)
    if json:
        printing.print_json(answer)
    else:
        printing.print_answer(answer)


@app.command()
def cypher(
    statement: Annotated[str, typer.Argument(metavar="STATEMENT", help="A reading openCypher statement; - reads it from the standard input.")],
    param: Annotated[
        list[str] | None, typer.Option("--param", "-p", metavar="NAME=VALUE", help="A parameter; the value is JSON, or else text.", show_default=False)
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Most rows.", show_default=False)] = None,
    timeout: Annotated[float | None, typer.Option(min=0.01, max=600, help="Seconds.", show_default=False)] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Ask the graph in Cypher. Reading only."""
    from fazhi import printing

    text = sys.stdin.read() if statement == "-" else statement
    with open_workspace(_settings(home), "read") as workspace, pointing_into(text):
        answer = workspace.cypher(text, _parameters(param or []), timeout=timeout, max_rows=limit)
    if json:
        printing.print_json(answer)
    else:
        printing.print_rows(answer)


@app.command()
def query(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A question in JSON or YAML, as docs/query.md shows it; - for the standard input.")],
    limit: Annotated[int | None, typer.Option(min=1, max=100, help="Rows on a page.", show_default=False)] = None,
    cursor: Annotated[str | None, typer.Option(help="Go on after a page: its `next`.", show_default=False)] = None,
    evidence: Annotated[int | None, typer.Option(min=0, max=5, help="Statements shown of each condition.", show_default=False)] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Also tell how it was worked out.")] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Find places or reports that meet conditions on text and graph together, with the sentence for each condition."""
    from fazhi import printing, query_commands

    question = query_commands.read_question(file, size=limit, cursor=cursor, evidence=evidence, explain=explain or None)
    with open_workspace(_settings(home), "read") as workspace:
        answer = query_commands.answer(workspace, question)
    if json:
        printing.print_json(answer)
    else:
        query_commands.print_answer(answer)


# -- caring ----------------------------------------------------------------------------------------------------------------------------------------------


@app.command()
def status(
    documents: Annotated[bool, typer.Option("--documents", help="List the documents by key.")] = False, home: HomeOption = None, json: JsonOption = False
) -> None:
    """Show what there is, what waits, what failed, and who writes."""
    from fazhi import printing

    with open_workspace(_settings(home), "read") as workspace:
        if documents:
            printing.print_documents(workspace.archive.documents(counted=False), json=json)
            return
        answer = workspace.status()
    if json:
        printing.print_json(answer)
    else:
        printing.print_status(answer)


@app.command()
def check(deep: Deep = False, home: HomeOption = None, json: JsonOption = False) -> None:
    """Compare archive, graph and index, both ways. Exit code 1 where they differ."""
    from fazhi import printing

    with open_workspace(_settings(home), "read") as workspace:
        answer = workspace.check(deep=deep)
    if json:
        printing.print_json(answer)
    else:
        printing.print_check(answer)
    if not answer.fine:
        raise typer.Exit(1)


@app.command()
def repair(deep: Deep = False, home: HomeOption = None, json: JsonOption = False) -> None:
    """Mend graph and index where they differ from the archive, and nothing else."""
    from fazhi import printing

    with open_workspace(_settings(home), "write", create=False) as workspace:
        answer = workspace.repair(deep=deep)
    if json:
        printing.print_json(answer)
    else:
        printing.print_repair(answer)
        for key in answer.missing_originals:
            printing.complain(f"{key}: The original file is missing from the archive. Ingest it again from where it came.")
    if answer.missing_originals:
        raise typer.Exit(1)


@app.command()
def rebuild(
    which: Annotated[Projected | None, typer.Argument(metavar="[graph|text]", help="Only this one; by default both.", show_default=False)] = None,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Fill graph or index anew from the archive, check it, and switch; searching goes on meanwhile."""
    from fazhi import printing

    with open_workspace(_settings(home), "write", create=False) as workspace:
        answer = workspace.rebuild(which.value if which else None)
    if json:
        printing.print_json(answer)
    else:
        printing.say(f"Rebuilt {' and '.join(answer.rebuilt)} from {answer.reports} reports in {answer.seconds:.1f} s.")


@app.command()
def runs(limit: Annotated[int, typer.Option(min=1, help="Most runs.")] = 20, home: HomeOption = None, json: JsonOption = False) -> None:
    """List the latest ingests, deletions and reviews, newest first; `fazhi diff` compares two of them."""
    from fazhi import printing, printing_runs

    with open_workspace(_settings(home), "read") as workspace:
        found = workspace.archive.runs(limit)
    if json:
        printing.print_json(found)
    else:
        printing_runs.print_runs(found)


@app.command()
def diff(
    first: Annotated[int, typer.Argument(metavar="RUN", help="As `fazhi runs` numbers them.")],
    second: Annotated[int, typer.Argument(metavar="RUN")],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """List which facts, links and numbers changed, report by report, from the end of one run to the end of another."""
    from fazhi import comparing, printing, printing_runs

    with open_workspace(_settings(home), "read") as workspace:
        archive = workspace.archive
        ends = archive.run(first), archive.run(second)
        found = comparing.compare_runs(archive, first, second)
        if json:
            printing.print_json({"first": ends[0], "second": ends[1], "reports": [report for report in found if report.differs]})
        else:
            printing_runs.print_diff(*ends, found)


@app.command()
def export(
    which: Annotated[
        Listed,
        typer.Argument(
            help="Nodes and edges of the graph, documents and terms of the index, the numbers that reports state, all adoptions, or who follows whom."
        ),
    ],
    form: Annotated[TableFormat, typer.Option("--format", help="Of a panel; cascades are CSV.")] = TableFormat.csv,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", help="Write there: a panel (and how to cite it to FILE.json), cascades, GraphML.", show_default=False),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    indicator: Annotated[
        list[str] | None,
        typer.Option("--indicator", "-i", help="Id, name or a report's own words; again for more. [default: all]", show_default=False),
    ] = None,
    place: Annotated[str | None, typer.Option(help="Graph id of a place, with all below it: cn:3505.", show_default=False)] = None,
    from_year: Annotated[int | None, typer.Option("--from", metavar="YEAR", help="First year.", show_default=False)] = None,
    to_year: Annotated[int | None, typer.Option("--to", metavar="YEAR", help="Last year.", show_default=False)] = None,
    level: Annotated[Level, typer.Option(help="Level of the places in a panel's rows.")] = Level.township,
    by: Annotated[Level | None, typer.Option(help="Add the places up to this level; needs --indicator.", show_default=False)] = None,
    empty: Annotated[bool, typer.Option("--empty", help="Cells without a number, too, each with its reason; needs --indicator.")] = False,
    bom: Annotated[bool, typer.Option("--bom", help="Mark the CSV as UTF-8, for Excel.")] = False,
    home: HomeOption = None,
) -> None:
    """Print all that graph or index hold, one JSON object a line; the panel of numbers: place by year by indicator; the intervals in which places took up
    practices (CSV); or the network of who follows whom (GraphML). Equal content gives equal bytes."""
    from fazhi import diffusion_exporting, exporting, printing

    if which is Listed.PANEL:
        from fazhi.measuring import Question, writing
        from fazhi.measuring.exporting import Export

        question = Question(
            indicators=tuple(indicator or ()), place=place, from_year=from_year, to_year=to_year, level=level.value, by=by and by.value, empty=empty
        )
        with open_workspace(_settings(home), "read") as workspace:
            workspace.refresh()
            writing.write_panel(workspace, Export(question=question, format=form.value, bom=bom), out, replace=force)
        return
    if which in (Listed.CASCADES, Listed.GRAPHML):
        if indicator or place or from_year or to_year or by or empty or bom or form is not TableFormat.csv:
            raise Invalid(f"These options are those of a panel, not of {which.value}.", cure=f"`fazhi export {which.value}` takes --out and --force.")
        with open_workspace(_settings(home), "read", create=False) as workspace:
            diffusion_exporting.write(workspace, which.value, out, replace=force)
        return
    if out or indicator or place or from_year or to_year or by or empty or bom:
        raise Invalid(f"These options are those of a panel, not of {which.value}.", cure=f"`fazhi export {which.value}` takes none of them.")
    with open_workspace(_settings(home), "read") as workspace:
        workspace.refresh()
        printing.print_lines(exporting.list_lines(workspace, "graph" if which is Listed.GRAPH else "index"))


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What to write: fazhi-2026-11-21.tar.gz.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Copy archive, original files, reviews and reviewed names into one file, while others go on working. Graph and index are made anew by restore."""
    from fazhi import backup as backups
    from fazhi import printing

    with open_workspace(_settings(home), "read") as workspace:
        written = backups.write(workspace, file, replace=force)
    if json:
        printing.print_json(written)
    else:
        held = f"{written.documents} documents, {written.originals} original files, {written.bytes} bytes"
        printing.say(f"Wrote {written.file}: {held}, {written.seconds:.1f} s.")
    _complain_of_missing(written.missing)


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="What `fazhi backup` wrote, on whatever engines.")],
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Fill an empty data folder from a backup, on the engines that are set now, and rebuild graph and index. Cut off, run it again."""
    from fazhi import backup as backups
    from fazhi import printing

    restored = backups.restore(_settings(home), file)
    if json:
        printing.print_json(restored)
    else:
        printing.say(f"Restored {restored.documents} documents of {restored.created} into {restored.home}, rebuilt graph and index, {restored.seconds:.1f} s.")
    _complain_of_missing(restored.missing)


# -- serving ---------------------------------------------------------------------------------------------------------------------------------------------


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; beyond loopback it needs FAZHI_API_KEY. [default: 127.0.0.1]", show_default=False)
    ] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="[default: 8000]", show_default=False)] = None,
    processes: Annotated[int | None, typer.Option(min=1, max=64, help="Processes that answer: one for each core. [default: 1]", show_default=False)] = None,
    home: HomeOption = None,
) -> None:
    """Serve the API and the pages."""
    from fazhi import serving

    serving.serve(_settings(home, host=host, port=port, processes=processes))


@app.command()
def demo(
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Print the sample answers and leave.")] = False,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="First port to try. [default: 8000]", show_default=False)] = None,
    corpus: Annotated[Path | None, typer.Option(metavar="DIR", help="Reports to show in place of the synthetic ones.", show_default=False)] = None,
    home: HomeOption = None,
) -> None:
    """Take in a small synthetic corpus, show three sample answers, and serve it."""
    from fazhi import demonstration

    demonstration.show(
        _settings(home, port=port), separate=home is None and _given.home is None and not os.environ.get("FAZHI_HOME"), corpus=corpus, serve=not no_serve
    )


app.add_typer(review_commands.make_app(lambda home: _settings(home)), name="review")


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(metavar="[DIR]", help="Where docker-compose.yml lies. [default: .]", show_default=False)] = Path(),
    embedded: Annotated[bool, typer.Option("--embedded", help="No servers: archive, graph and text index in the volume of the service.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Write a new one; the former is kept beside it.")] = False,
) -> None:
    """Write the .env for docker-compose.yml, with random passwords, and say what to do next."""
    from fazhi import initial, printing

    written = initial.write_environment(folder, "embedded" if embedded else "servers", force=force)
    printing.say(f"Wrote {written.file} (only you can read it)." + (f" The former one is {written.kept}." if written.kept else "") + " Next:")
    for step in written.steps:
        printing.say(f"  {step}")


app.add_typer(vocabulary_commands.make_app(lambda home: _settings(home)), name="vocabulary")


app.add_typer(key_commands.make_app(lambda home: _settings(home)), name="keys")
app.add_typer(watch_commands.make_app(lambda home: _settings(home)), name="watch")
app.add_typer(diffusion_commands.make_app(lambda home: _settings(home)), name="reuse")
app.command()(diffusion_commands.simulate)
app.command()(trace_commands.make_trace(lambda home: _settings(home)))
app.command()(trace_commands.make_network(lambda home: _settings(home)))
app.command()(curve_command.make_command(lambda home: _settings(home)))


@app.command()
def log(
    who: Annotated[str | None, typer.Option(metavar="NAME", help="Only changes by this name, or with the key of this id.", show_default=False)] = None,
    before: Annotated[int | None, typer.Option(min=1, metavar="ENTRY", help="Only older ones than this entry.", show_default=False)] = None,
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="Most entries.")] = 50,
    home: HomeOption = None,
    json: JsonOption = False,
) -> None:
    """Show who changed what over HTTP, and every change of keys, newest first."""
    key_commands.print_log(_settings(home), who=who, before=before, limit=limit, json=json)


# -- below -----------------------------------------------------------------------------------------------------------------------------------------------


def _settings(home: Path | None, **overrides: Any) -> Settings:
    from fazhi.settings import load_settings

    return load_settings(home=home or _given.home, **overrides)


def _complain_of_missing(versions: Sequence[str]) -> None:
    from fazhi import printing

    for version in versions:
        printing.complain(f"{version}: This original file was gone or damaged when the backup was made. Ingest it again from where it came.")
    if versions:
        raise typer.Exit(1)


def _parameters(given: list[str]) -> dict[str, Any]:
    import json

    parameters: dict[str, Any] = {}
    for item in given:
        name, equals, value = item.partition("=")
        if not equals or not name:
            raise Invalid(f"The parameter {item!r} is not NAME=VALUE.", cure="Write it like --param place=cn:3505.")
        try:
            parameters[name] = json.loads(value)
        except ValueError:
            parameters[name] = value
    return parameters


@contextmanager
def _stopping() -> Iterator[Callable[[], bool]]:
    """Turn the first Ctrl-C or TERM into a wish to stop after what is under way; the second one stops at once."""
    wishes: list[int] = []

    def note(number: int, _: FrameType | None) -> None:
        if wishes:
            raise KeyboardInterrupt
        wishes.append(number)
        sys.stderr.write("\nStopping after what is under way; once more stops at once.\n")

    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(wishes)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def main() -> NoReturn:
    """Entry point of ``fazhi``. No traceback reaches a user; FAZHI_DEBUG=1 shows it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
        _leave(0)
    except SystemExit as leaving:
        _leave(leaving.code if isinstance(leaving.code, int) else 0 if leaving.code is None else 1)
    except KeyboardInterrupt:
        _complain("Stopped.")
        _leave(130)
    except FazhiError as error:
        if os.environ.get("FAZHI_DEBUG"):
            raise
        _complain(str(error))
        if error.text and error.position is not None:
            _write(point(error.text, error.position))
        _leave(2 if isinstance(error, Invalid | Forbidden) else 1)
    except OSError as error:
        if os.environ.get("FAZHI_DEBUG"):
            raise
        _complain(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}. Check the path, the rights and the disk.")
        _leave(1)
    except Exception as error:
        if os.environ.get("FAZHI_DEBUG"):
            raise
        _complain(f"Something is wrong in the program: {type(error).__name__}: {error}"[:500] + " Set FAZHI_DEBUG=1 to see where.")
        _leave(1)


def _complain(text: str) -> None:
    """One line, whatever the message was made of."""
    _write(f"fazhi: {' '.join(text.split())}")


def _write(lines: str) -> None:
    with suppress(OSError):
        sys.stderr.write(f"{lines}\n")


def _leave(code: int) -> NoReturn:
    try:
        sys.stdout.flush()
    except (OSError, ValueError):
        # Whoever read our output has gone, as `head` does: the interpreter's own flush at the end must not complain either
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.exit(code)
