"""A practice's story as one self-contained page, to be handed to a colleague: pictures and tables, no script, nothing fetched from anywhere."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import Environment

import fazhi
from diffusion.curves.model import Curve
from diffusion.history import list_events
from fazhi.errors import NotFound
from fazhi.explaining import make_templates, read_style
from fazhi.explaining.words import Texts
from fazhi.extracting import open_whole
from fazhi.locating import ATTRIBUTION
from fazhi.pictures import channels, coverage, first, maps, timeline, tree, variants
from fazhi.pictures import curve as curves
from fazhi.pictures.rendering import Chart, draw_svg
from fazhi.spreading.model import Candidate, Story, Unit, Variants
from fazhi.spreading.telling import Slots, read_slots, tell
from fazhi.spreading.variants import follow_variants
from fazhi.spreading.wording import new_texts, percent, template_loader, write_banner, write_first, write_interval
from fazhi.tracing import Trace
from fazhi.workspace import Workspace

_ROWS = 2_000  # of a table


def write_page(workspace: Workspace, trace: Trace, file: Path, *, lang: str | None = None, curve: Curve | None = None) -> Path:
    """Write the page of a traced practice, with its ``curve`` where one is given; the same trace gives the same bytes.

    ``file`` is whole or not there, whatever happens meanwhile.
    """
    slots = read_slots(workspace)
    story = tell(workspace, trace, slots)
    try:
        flow: Variants | None = follow_variants(workspace, story.program)
    except NotFound:  # a name that is not in the vocabulary is not in the graph
        flow = None
    page = render_page(story, slots, flow, lang, curve).encode("utf-8", "xmlcharrefreplace")
    with open_whole(file) as stream:
        stream.write(page)
    return file


def render_page(story: Story, slots: Slots, flow: Variants | None, lang: str | None = None, curve: Curve | None = None) -> str:
    """The page as one HTML document."""
    t = new_texts(lang)
    style = f"{read_style()}\n{_read_own_style()}"
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    flow = flow if flow is not None and len(flow.uses) > 1 else None

    def interval(row: Unit | Candidate) -> str:
        return write_interval(t, row.t_lower, row.t_upper)

    return (
        _templates()
        .get_template("handed.html")
        .render(
            t=t,
            story=story,
            pictures=[(name, alt, draw_svg(chart)) for name, alt, chart in _draw_all(story, slots, flow, curve, t)],
            arrows=sorted(story.arrows, key=lambda arrow: (arrow.source is None, arrow.reason == "time", arrow.to_year or 9999, arrow.target)),
            events=list_events(story.program),
            variants=flow,
            banner_line=write_banner(t, story.banner),
            first_line=write_first(t, story),
            interval=interval,
            percent=percent,
            sentence_href=lambda sentence: "",
            place_href=lambda place: "",
            beside_href=lambda arrow: "",
            most=_ROWS,
            style=style,
            style_hash=f"sha256-{digest}",
            version=fazhi.__version__,
            attribution=ATTRIBUTION,
        )
    )


def _draw_all(story: Story, slots: Slots, flow: Variants | None, curve: Curve | None, t: Texts) -> list[tuple[str, str, Chart]]:
    """(name, words for those who can't see it, picture); where nobody states it, only which reports there are."""
    drawn: list[tuple[str, Chart]] = []
    if story.banner.adopters:
        drawn = [
            ("timeline", timeline.draw_timeline(story, t)),
            ("tree", tree.draw_tree(story, t)),
            ("first", first.draw_first(story, t)),
            ("channels", channels.draw_channels(story, t)),
            ("map", maps.draw_maps(story, t, slots.present)),
        ]
    if curve is not None and story.banner.adopters:
        drawn.insert(2, ("curve", curves.draw_curve(story, t, curve)))
    if flow is not None:
        drawn.append(("variants", variants.draw_variants(story, t, flow)))
    drawn.append(("coverage", coverage.draw_coverage(story, t, slots.present)))
    return [(name, t(f"spread.{name}.alt", program=story.name), chart) for name, chart in drawn]


@cache
def _read_own_style() -> str:
    return files("fazhi.spreading").joinpath("pages/handed.css").read_text(encoding="utf-8")


@cache
def _templates() -> Environment:
    return make_templates(template_loader())
