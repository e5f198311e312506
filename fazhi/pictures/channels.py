"""Channels of adoptions as parted bars: in all, by year and by county."""

from __future__ import annotations

from typing import Any

from fazhi.explaining.words import Texts
from fazhi.pictures.rendering import Chart, finish, values
from fazhi.pictures.titling import title
from fazhi.spreading.model import Channels, Story

COLOURS = {
    "vertical": "#6f7a82",
    "sibling": "#155a7d",
    "horizontal": "#3f97c4",
    "hidden_common": "#7a3e9d",
    "self": "#4b7f2f",
    "independent": "#c9a227",
    "unknown": "#d5d9dc",
}
_MOST = 40  # bars
COLUMNS = ("group", "name", "channel", "count", "text_backed", "total", "share", "low", "high")


def draw_channels(story: Story, t: Texts) -> Chart:
    rows = tuple(
        (group.group, group.name, share.channel, share.count, share.text_backed, group.total, share.share, share.low, share.high)
        for group in story.channels for share in group.shares
    )  # fmt: skip
    return Chart(name="channels", spec=_draw(story, t), columns=COLUMNS, titled=True, rows=rows)


def _order(group: Channels) -> tuple[int, str]:
    return (0 if group.group is None else 1 if group.group.isdecimal() else 2), group.group or ""


def _draw(story: Story, t: Texts) -> dict[str, Any]:
    import altair as alt

    groups = [group for group in sorted(story.channels, key=_order) if group.total][:_MOST]
    words = {channel: t(f"spread.channel.{channel}") for channel in COLOURS}
    labels = {id(group): f"{group.name or t('spread.channels.all')} ({group.total})" for group in groups}
    rows = [
        {"group": labels[id(group)], "channel": words[share.channel], "count": share.count, "order": list(COLOURS).index(share.channel),
         "said": f"{labels[id(group)]}: {words[share.channel]}, {share.count}, {share.low:.0%}–{share.high:.0%}"}
        for group in groups for share in group.shares
    ]  # fmt: skip
    present = [channel for channel in COLOURS if any(share.channel == channel for group in groups for share in group.shares)]
    scale = alt.Scale(domain=[words[channel] for channel in present], range=[COLOURS[channel] for channel in present])
    chart = (
        alt.Chart(values(rows))
        .mark_bar(height=18)
        .encode(
            y=alt.Y("group:N", title=None, sort=list(labels.values()), scale=alt.Scale(domain=list(labels.values()))),
            x=alt.X("count:Q", title=t("spread.places"), axis=alt.Axis(format=",d", tickMinStep=1)).stack("zero"),
            color=alt.Color("channel:N", title=None, scale=scale, legend=alt.Legend(columns=2, symbolType="square", labelLimit=360)),
            order="order:Q",
            description="said:N",
            tooltip="said:N",
        )
        .properties(width=560, height=26 * max(len(groups), 1), title=title(t, "spread.channels", story))
    )
    return finish(chart, description=t("spread.channels.alt", program=story.name))
