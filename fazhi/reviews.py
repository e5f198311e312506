"""What commands need to know before somebody decides: which report is meant, and its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from fazhi.errors import Invalid, NotFound
from ingest.ids import report_id
from ingest.model import Fact, FactType

if TYPE_CHECKING:
    from fazhi.workspace import Workspace


def find_report(workspace: Workspace, target: str) -> str:
    """The report id of a key or a report id; a deleted document's, too, for its reviews are kept. Raises NotFound."""
    archive = workspace.archive
    for document in (archive.lookup(target), archive.find(target)):
        if document is not None:
            return document.report
    for report in (report_id(target), target):
        if archive.reviews(report=report, limit=1):
            return report
    raise NotFound(f"There is no report {target}.", cure="`fazhi status --documents` lists keys and reports.")


def list_facts(workspace: Workspace, target: str, type: str | None = None) -> list[Fact]:
    """A report's facts as decided, in the order of the text. Raises NotFound, and Invalid for an unknown type."""
    if type is not None and type not in get_args(FactType):
        raise Invalid(f"There is no type {type}.", cure=f"Types: {', '.join(get_args(FactType))}.")
    facts = workspace.archive.analysis(find_report(workspace, target)).facts
    return [fact for fact in facts if type is None or fact.type == type]
