"""``fazhi demo``: a small synthetic corpus, three questions that show what the service is for, and the server."""

from __future__ import annotations

from pathlib import Path

import cypher
from fazhi import printing, serving, workspace
from fazhi.answers import CypherAnswer
from fazhi.errors import NotFound
from fazhi.settings import Settings
from fazhi.workspace import Workspace

_QUESTION = "法律八进"
_INDICATOR = "调解矛盾纠纷数"


def find_corpus() -> Path:
    """The synthetic reports: inside the installed package, or in the source tree. Raises NotFound."""
    package = Path(__file__).resolve().parent
    for folder in (package / "corpus", package.parent / "examples" / "corpus"):
        if folder.is_dir() and any(folder.iterdir()):
            return folder
    raise NotFound("The sample corpus is not installed.", cure="Name a folder of reports with --corpus.")


def show(settings: Settings, *, separate: bool, corpus: Path | None, serve: bool) -> None:
    """``separate``: keep the samples apart from the user's own reports, in a folder beside them."""
    if separate:
        settings = settings.model_copy(update={"home": settings.home.with_name(f"{settings.home.name}-demo")})
    reports = corpus or find_corpus()
    with workspace.open(settings=settings) as space:
        printing.say(f"Taking in {reports} …")
        printing.print_summary(space.ingest([reports]))
        _show_answers(space)
    printing.say(f"\nThe data folder is {settings.home}")
    if serve:
        _serve(settings)


def _show_answers(space: Workspace) -> None:
    printing.say(f"\n1. Who writes of {_QUESTION}, and in which words?   fazhi search {_QUESTION}")
    printing.print_answer(space.search(_QUESTION, size=3, passages=1))
    statement = cypher.load("demo/advisers_and_rooms")
    printing.say(f"\n2. Which places name a legal adviser and a mediation room?   fazhi cypher '{' '.join(statement.split())}'")
    printing.print_rows(space.cypher(statement))
    printing.say(f"\n3. How many disputes were settled?   GET /api/measures?indicator={_INDICATOR}")
    printing.print_rows(_measures(space))


def _measures(space: Workspace) -> CypherAnswer:
    from graph.queries import list_measures

    columns = ("place", "year", "value", "unit", "approx", "sentence")
    rows = []
    try:
        found = list_measures(space.graph, _INDICATOR, size=5).rows
    except NotFound:
        found = ()
    for measure in found:
        item = space.archive.projectable(measure.report)
        fact = next(fact for fact in item.analysis.facts if fact.id == measure.fact)
        start, end = next(((start, end) for start, end in item.analysis.sentences if start <= fact.start < end), (fact.start, fact.end))
        values = (measure.place_name, measure.year, measure.value, measure.unit, measure.approx, item.text[start:end].strip())
        rows.append(dict(zip(columns, values, strict=True)))
    return CypherAnswer(columns=columns, rows=tuple(rows), truncated=False, snapshot=space.archive.snapshot())


def _serve(settings: Settings) -> None:
    sock = serving.find_port(settings.host, settings.port)
    port = sock.getsockname()[1]
    if port != settings.port and settings.port:
        printing.say(f"Port {settings.port} is taken; using {port}.")
    address = serving.address_of(sock, settings.host)
    printing.say(f"Search page  {address}/\nAPI manual   {address}/docs\nA question   {address}/api/search?q={_QUESTION}")
    serving.serve(settings, sock)
