"""Two reports side by side, with the words that both have lit and templates greyed."""

from __future__ import annotations

from starlette.responses import HTMLResponse

from fazhi.errors import Invalid
from fazhi.reusing import update_reuse
from fazhi.spreading.beside import Stretch, lay_beside, list_pairs
from search_api.parameters import ReportId
from search_api.reader import Reading
from search_api.routers.pages.layout import Paging, new_router

router = new_router()


@router.get("/reports/{id}/beside/{other}")
def show_beside(page: Paging, reader: Reading, id: ReportId, other: ReportId) -> HTMLResponse:
    if id == other:
        raise Invalid("This is one report twice.", cure="Name two reports.")
    items = reader.read(id), reader.read(other)
    keys = [item.document.key for item in items]
    index = update_reuse(reader.workspace)
    found = lay_beside((keys[0], items[0].text), (keys[1], items[1].text), list_pairs(index, keys))
    first = {name: _find_first(stretches) for name, stretches in (("left", found.left), ("right", found.right))}
    return page.render("beside.html", found=found, items=items, ids=(id, other), first=first, snapshot=reader.snapshot, since_whole=index.meta.since_whole)


def _find_first(stretches: tuple[Stretch, ...]) -> dict[int, int]:
    """Where each passage begins: its number leads there, and stands there once."""
    begins: dict[int, int] = {}
    for stretch in stretches:
        if stretch.number is not None:
            begins.setdefault(stretch.number, stretch.start)
    return begins
