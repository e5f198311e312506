"""How pictures are drawn: Altair says what, vl-convert draws it here, without a browser and without a network. The rows behind a picture are its CSV.

Both are read when the first picture is drawn: they take a second that nobody should wait for at start.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec

from fazhi.errors import Unavailable
from fazhi.measuring.tables import defuse

FONT = "'Noto Sans CJK SC', 'Noto Sans SC', 'Source Han Sans SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei', sans-serif"
INK, SOFT, LINE = "#1d2327", "#59636b", "#dcdfe2"
# told apart by people who don't see colours well, and dark enough on white
COLOURS = ("#155a7d", "#c25a12", "#4b7f2f", "#7a3e9d", "#a8324a", "#6b6300", "#00756b", "#5b5f97", "#8a4b2a", "#3c3c3c", "#b0357c", "#2b6cb0")
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts", "~/Library/Fonts", "C:/Windows/Fonts")
_FONT_FILES = (".ttf", ".ttc", ".otf", ".otc")
_KEPT = 64  # drawings, at most some 100 kB each
_SCALE = 2.0  # of a PNG
_SVG = "http://www.w3.org/2000/svg"
_EMPTY_MARKS = re.compile(r' role="graphics-symbol" aria-roledescription="[a-z]+ mark container"(?=/>)')  # called a picture without having anything to show
_FRAMES = ("axis", "legend", "title")  # whose words can be read without pointing at them


class Chart(msgspec.Struct, frozen=True, kw_only=True):
    """``spec`` is Vega-Lite with its values in it, or a picture that is drawn already; ``columns`` and ``rows`` are the same as a table."""

    name: str
    spec: dict[str, Any] | str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    titled: bool = False  # whether marks say in the drawing what they are, to whoever points at them

    @property
    def digest(self) -> str:
        """Equal charts have equal ones."""
        return hashlib.sha256(msgspec.json.encode([self.spec, self.columns, self.rows, self.titled])).hexdigest()[:32]


class NoFont(Unavailable):
    """This machine could only draw boxes in place of Chinese characters."""


class _Fonts:
    """What this process knows of fonts: whether one has Chinese characters, and which files it looked at to find out."""

    def __init__(self) -> None:
        self.chinese = False
        self.read: set[Path] = set()


_fonts = _Fonts()
_reading = threading.Lock()
_drawn: OrderedDict[str, str] = OrderedDict()
_keeping = threading.Lock()


def draw_svg(chart: Chart) -> str:
    if isinstance(chart.spec, str):
        return chart.spec
    digest = chart.digest
    with _keeping:
        if digest in _drawn:
            _drawn.move_to_end(digest)
            return _drawn[digest]
    import vl_convert

    svg = _EMPTY_MARKS.sub("", str(vl_convert.vegalite_to_svg(chart.spec, allowed_base_urls=[])))  # nothing is fetched, whatever the values say
    if chart.titled:
        svg = add_titles(svg)
    with _keeping:
        _drawn[digest] = svg
        while len(_drawn) > _KEPT:
            _drawn.popitem(last=False)
    return svg


def draw_png(chart: Chart) -> bytes:
    """Raises NoFont where Chinese characters would come out as boxes."""
    if not has_chinese_font():
        raise NoFont(
            "No font of this server has Chinese characters, so a PNG would show boxes.",
            cure="Take the SVG, which uses the reader's fonts, or install a font such as fonts-noto-cjk on the server; it is found without a restart.",
        )
    import vl_convert

    return bytes(vl_convert.svg_to_png(draw_svg(chart), scale=_SCALE))


def has_chinese_font() -> bool:
    """Whether Chinese characters can be drawn; fonts that were installed since the last time are taken in. Once there is one, nobody looks again."""
    with _reading:
        if not _fonts.chinese:
            _fonts.chinese = _draws_chinese() or (_read_new_fonts() and _draws_chinese())
        return _fonts.chinese


def _draws_chinese() -> bool:
    """Whether two different characters are drawn differently: without a font for them both are the same box."""
    import vl_convert

    def draw(character: str) -> bytes:
        text = f'<text x="1" y="17" font-size="16" font-family="{FONT}">{character}</text>'
        return bytes(vl_convert.svg_to_png(f'<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20">{text}</svg>'))

    return draw("法") != draw("治")


def _read_new_fonts() -> bool:
    """Hand vl-convert, which reads the fonts of the system once, the folders with font files that it was not handed before; whether there are any."""
    import vl_convert

    found = {path for folder in FONT_FOLDERS for path in Path(folder).expanduser().rglob("*") if path.suffix.lower() in _FONT_FILES}
    folders = sorted({str(path.parent) for path in found - _fonts.read})
    for folder in folders:
        vl_convert.register_font_directory(folder)
    _fonts.read |= found
    return bool(folders)


def write_csv(chart: Chart) -> bytes:
    """RFC 4180 in UTF-8 with a byte order mark, by which spreadsheets know it; text is defused."""
    page = io.StringIO()
    page.write("\ufeff")
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(chart.columns)
    writer.writerows([defuse(cell) if isinstance(cell, str) else "" if cell is None else cell for cell in row] for row in chart.rows)
    return page.getvalue().encode()


def finish(chart: Any, *, description: str) -> dict[str, Any]:
    """An Altair chart as Vega-Lite in the look of the pages."""
    words = {"labelColor": INK, "titleColor": SOFT, "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 240}
    spec: dict[str, Any] = chart.properties(description=description, background="#ffffff", padding=8).to_dict(
        validate=False
    )  # its parts were checked when they were made
    _open_values(spec)
    spec["config"] = {
        "font": FONT,
        "view": {"stroke": None},
        "axis": {**words, "gridColor": LINE, "domainColor": SOFT, "tickColor": SOFT},
        "legend": {**words, "orient": "bottom", "symbolOpacity": 1, "columnPadding": 24, "rowPadding": 4},
    }
    return spec


def values(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Rows as the data of an Altair chart. They go through it as one piece of JSON, which ``finish`` opens again: Altair copies and checks each
    row, which takes a second of thousands.
    """
    import altair as alt

    return alt.InlineData(values=msgspec.json.encode(rows).decode())


def _open_values(spec: Any) -> None:
    """Put rows in the place of their JSON, wherever data stand in a specification."""
    if isinstance(spec, list):
        for part in spec:
            _open_values(part)
    elif isinstance(spec, dict):
        for name, part in spec.items():
            if name == "data" and isinstance(part, dict) and isinstance(part.get("values"), str):
                part["values"] = msgspec.json.decode(part["values"])
            elif name == "datasets":
                spec[name] = {key: msgspec.json.decode(rows) if isinstance(rows, str) else rows for key, rows in part.items()}
            else:
                _open_values(part)


def add_titles(svg: str) -> str:
    """The drawing with the words of each mark as its title, which browsers show to whoever points at it."""
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ElementTree.fromstring(svg)  # noqa: S314 - our own drawing
    for mark in root.iter():
        words = mark.get("aria-label")
        if words and mark.get("aria-roledescription", "") not in _FRAMES and mark.find(f"{{{_SVG}}}title") is None:
            title = ElementTree.Element(f"{{{_SVG}}}title")
            title.text = words
            mark.insert(0, title)
    return ElementTree.tostring(root, encoding="unicode")
