"""``fazhi explain``: one report as one HTML page that shows what was found in it, what was turned down, and why.

The page needs nothing beside itself: no address leads out of it, no script runs in it. The server's report page is made of the same parts.
"""

from __future__ import annotations

import base64
import hashlib
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path

from jinja2 import BaseLoader, Environment, PackageLoader, StrictUndefined

import fazhi
from fazhi.batch import limits_of
from fazhi.errors import FazhiError, Invalid, NotFound
from fazhi.explaining.view import About, build_view
from fazhi.explaining.words import Texts
from fazhi.extracting import open_whole
from fazhi.reviewed import use_overlay
from fazhi.settings import Settings
from ingest.model import Explanation, Source

SUFFIX = ".explain.html"


class Unread(FazhiError):
    """The file holds no report that can be read."""

    status = 422
    slug = "unreadable"


def explain_file(path: Path, settings: Settings, *, out: Path | None = None, key: str | None = None, lang: str | None = None) -> Path | None:
    """Write the page of the report in ``path`` and return where: ``out``, or NAME.explain.html in the working directory; to the standard output for ``-``.

    ``key`` chooses one report of a file that holds several. Raises Unread, Invalid, NotFound.
    """
    from ingest.pipeline import load_pipeline

    use_overlay(settings)
    source = read_one(path, settings, key)
    target = out or Path(f"{path.name}{SUFFIX}")
    if target.exists() and target.samefile(path):
        raise Invalid(f"{target} is the report itself.", cure="Name another file with --out.")
    page = render_page(source, load_pipeline().explain(source), lang).encode("utf-8", "xmlcharrefreplace")  # a lone surrogate has no bytes
    if target == Path("-"):
        sys.stdout.buffer.write(page)
        return None
    with open_whole(target) as stream:
        stream.write(page)
    return target


def read_one(path: Path, settings: Settings, key: str | None = None) -> Source:
    """The one report of a file, or the one with this key."""
    from ingest.readers import Unreadable, iter_sources

    if path.is_dir():
        raise Invalid(f"{path} is a folder.", cure="Name one file.")
    first: Source | None = None
    broken = ""
    for item in iter_sources([path], limits=limits_of(settings)):
        if isinstance(item, Unreadable):
            if key is None or item.name == key:
                raise Unread(f"{item.name}: {item.reason}", cure=item.cure)
            broken = broken or f" {item.name} can't be read: {item.reason}"
        elif key is not None and item.key == key:
            return item
        elif key is None and first is not None:
            raise Invalid(f"{path.name} holds several reports.", cure=f"Choose one with --key, such as --key {first.key!r}.")
        else:
            first = first or item
    if first is None or key is not None:
        raise NotFound(
            f"{path.name} holds no report{f' with the key {key}' if key else ''}.{broken}", cure="`fazhi extract` names the keys: the field `doc` of its lines."
        )
    return first


def render_page(source: Source, explanation: Explanation, lang: str | None = None) -> str:
    """The page as one HTML document; the same explanation gives the same page."""
    from ingest.gazetteer import gazetteer

    t = Texts(lang)
    analysis = explanation.analysis
    view = build_view(
        t,
        About(title=source.title or analysis.frame.title or source.key, key=source.key, url=source.url, published=source.published),
        source.text,
        analysis,
        rejections=explanation.rejections,
        dropped=explanation.dropped,
        name_place=lambda id: gazetteer().full_name(id) or None,
    )
    style = read_style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return (
        _templates()
        .get_template("explained.html")
        .render(
            t=t,
            view=view,
            open_facts=True,
            style=style,
            style_hash=f"sha256-{digest}",
            version=fazhi.__version__,
            rules=analysis.pipeline,
            vocabulary=analysis.vocabulary,
        )
    )


@cache
def read_style() -> str:
    """The view's style sheet."""
    return files(__name__).joinpath("pages/view.css").read_text(encoding="utf-8")


def make_templates(loader: BaseLoader) -> Environment:
    """Templates that escape all that is put into them and refuse names that nobody gave."""
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


def template_loader() -> PackageLoader:
    return PackageLoader(__name__, "pages")


@cache
def _templates() -> Environment:
    return make_templates(template_loader())
