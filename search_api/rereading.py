"""Reading a stored report again, to see what the present rules turn down in it.

Rejections are not stored: there are more of them than facts, they change with every version of the rules, and hardly anybody asks. Reading one report again
takes milliseconds; the rules themselves are loaded when somebody asks first, so that a server that is never asked stays small and starts at once.
"""

from __future__ import annotations

import threading

from archive.model import Projectable
from archive.store import Archive
from fazhi.errors import Conflict
from ingest.model import Explanation

LIMIT = 100_000
"""Characters; a report has some thousand. Longer ones would hold up whoever asks at the same time."""

_reading = threading.Lock()  # the pipeline serves one thread at a time


def explain_again(archive: Archive, item: Projectable) -> Explanation:
    """What the present rules say of a stored report, with the text, tables and metadata that its reader handed on. Raises NotFound, Conflict."""
    from ingest.pipeline import load_pipeline

    source = archive.source(item.document.report)
    if source.text != item.text:
        raise Conflict("The report has a new version since.", cure="Load the page again.")
    with _reading:
        return load_pipeline().explain(source)


def name_place(id: str) -> str | None:
    """A place's full name in the register, which the rules have loaded by now."""
    from ingest.gazetteer import gazetteer

    return gazetteer().full_name(id) or None
