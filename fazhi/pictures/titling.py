"""What stands above each picture: what it shows, and the reports it rests on."""

from __future__ import annotations

from typing import Any

from fazhi.explaining.words import Texts
from fazhi.pictures.rendering import INK, SOFT
from fazhi.spreading.model import Banner, Story
from fazhi.spreading.wording import banner_lines


def title(t: Texts, name: str, story: Story, *more: str | None) -> Any:
    """The title of a picture of one practice, with the coverage banner beneath it."""
    return head(t, f"{story.name} · {t(name)}", story.banner, story.snapshot, *more)


def head(t: Texts, words: str, banner: Banner, snapshot: str, *more: str | None) -> Any:
    """A title with the reports that a picture rests on."""
    import altair as alt

    return alt.TitleParams(
        words,
        subtitle=[*banner_lines(t, banner), *(line for line in more if line), f"{t('spread.snapshot')} {snapshot}"],
        anchor="start", frame="bounds", fontSize=14, subtitleFontSize=11, color=INK, subtitleColor=SOFT, subtitlePadding=6, offset=14,
    )  # fmt: skip
