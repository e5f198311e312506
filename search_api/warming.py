"""What the first visitors of a server would else wait for, done beside its first answers: names with their pinyin, the drawing of charts, the templates."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from fulltext.store import Filters
from graph.queries import list_entities
from search_api.reader import Reader

log = logging.getLogger("fazhi.http")


class Warmer:
    """One per server. ``start`` it with the application and ``stop`` it at its end."""

    def __init__(self, reader: Reader) -> None:
        self._steps: tuple[Callable[[], object], ...] = (
            reader.refresh,
            lambda: reader.workspace.text.search(None, Filters(), size=1, facets=("county",), views=True),
            lambda: list_entities(reader.graph, type="Township", size=1),
            reader.coverage,
            _compile_templates,
            _draw_chart,
            reader.suggestions,
        )
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._work, name="fazhi-warming", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Returns once the step under way is done; each takes a second or two."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _work(self) -> None:
        for step in self._steps:
            if self._stopping.is_set():
                return
            try:
                step()
            except Exception as error:  # an engine that is away, say; whoever asks for it will hear of it
                log.info("not warmed: %s", error)


def _compile_templates() -> None:
    from search_api.routers.pages.layout import templates

    pages = templates()
    for name in pages.list_templates(extensions=["html", "svg"]):
        pages.get_template(name)


def _draw_chart() -> None:
    """Any chart: Altair is read, and the drawing program within vl-convert started, for all that follow."""
    from search_api import charts

    words = {"x": "x", "y": "y"}
    spec = charts.draw_bars_by_year([{"year": 2023, "series": "y", "value": 1}], series={"y": charts.COLOURS[0]}, line=None, words=words, description="")
    charts.draw_svg(charts.Chart(name="warm", spec=spec, columns=(), rows=()))
