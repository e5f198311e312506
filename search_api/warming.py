"""What the first visitors of a server would else wait for, done beside its first answers: names with their pinyin, the drawing of charts, the templates."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable
from functools import partial

from graph.queries import list_entities
from search_api.exploring import explore
from search_api.reader import Reader
from search_api.routers.measures import list_indicators
from search_api.searching import SearchQuestion, answer_search

_COMMON = 12  # programs whose pages are read before anybody asks
log = logging.getLogger("fazhi.http")

# New objects after which Python looks for circles among the youngest, and how often that leads to a look at older and at all of them. An answer makes thousands
# of objects and hardly a circle; with Python's own numbers a look at everything, 200 ms in which nobody is answered, came with every hundredth answer.
_LOOKS = (20_000, 20, 20)


class Warmer:
    """One per server. ``start`` it with the application and ``stop`` it at its end."""

    def __init__(self, reader: Reader) -> None:
        self._steps: tuple[Callable[[], object], ...] = (
            lambda: _open_stores(reader),
            lambda: answer_search(reader, SearchQuestion.model_validate({"q": "法律", "facets": ["county"], "size": 1})),
            lambda: _look_around(reader),
            reader.coverage,
            lambda: list_indicators(reader),
            lambda: self._read_pages(reader),
            _compile_templates,
            _draw_chart,
            reader.suggestions,
            reader.count_said,
            _settle,
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
            self._do(step)

    def _do(self, step: Callable[[], object]) -> None:
        if self._stopping.is_set():
            return
        try:
            step()
        except Exception as error:  # an engine that is away, say; whoever asks for it will hear of it
            log.info("not warmed: %s", error)

    def _read_pages(self, reader: Reader) -> None:
        """The largest pages, those of provinces and of what most places take up: there are few of them, and many readers begin there."""
        from search_api.routers.pages import place, program

        for id in sorted({row.place[: len("cn:35")] for row in reader.standings() if row.place and "?" not in row.place}):
            self._do(partial(place.read_page, reader, id))
        common = answer_search(reader, SearchQuestion.model_validate({"facets": ["program"], "size": 1})).facets["program"][:_COMMON]
        for named in common:
            self._do(partial(program.read_page, reader, named.value))


def _open_stores(reader: Reader) -> None:
    """First of all: what is kept is kept for what the stores show, and they say that only when they are open."""
    list_entities(reader.graph, type="Township", size=1)
    reader.workspace.text.statistics()
    reader.refresh(now=True)


def _compile_templates() -> None:
    from search_api.routers.pages.layout import read_words, templates

    read_words()
    pages = templates()
    for name in pages.list_templates(extensions=["html", "svg"]):
        pages.get_template(name)


def _look_around(reader: Reader) -> None:
    """Two hops around any township: what nearly all of them are tied to is read for all that follow."""
    for township in list_entities(reader.graph, type="Township", size=1).rows:
        explore(reader.graph, township.id, hops=2, kept=reader.known_ties())


def _settle() -> None:
    """What is here now stays as long as the server does: Python need not look through it for circles again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_LOOKS)


def _draw_chart() -> None:
    """Any chart: Altair is read, and the drawing program within vl-convert started, for all that follow."""
    from search_api import charts

    words = {"x": "x", "y": "y"}
    spec = charts.draw_bars_by_year([{"year": 2023, "series": "y", "value": 1}], series={"y": charts.COLOURS[0]}, line=None, words=words, description="")
    charts.draw_svg(charts.Chart(name="warm", spec=spec, columns=(), rows=()))
