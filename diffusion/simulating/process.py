"""Who takes up what, when, and after whom: orders from above, examples of peers, and what comes from nowhere."""

from __future__ import annotations

import heapq
import itertools
import random
from dataclasses import dataclass
from typing import Literal, NamedTuple

import vocabulary
from diffusion.simulating.style import Practice, Style
from diffusion.simulating.world import World

Channel = Literal["vertical", "sibling", "horizontal", "hidden_common", "independent"]


class Mandate(NamedTuple):
    """An order of a county; ``printed``: its document is in the collection, otherwise only its words are."""

    county: str
    practice: int
    time: float
    printed: bool


@dataclass
class Event:
    """One adoption. ``time`` is a fractional year, ``source`` whose example or order it follows, ``copied`` whether the words came along."""

    unit: str
    practice: int
    time: float
    channel: Channel
    source: str | None
    copied: bool
    rate: float  # of edits, where copied
    stopped: int | None = None  # the year in which it is given up
    mandate: Mandate | None = None

    @property
    def year(self) -> int:
        return int(self.time)


_WAVES = ("法律六进", "法律七进", "法律八进")
_KNOWN = (
    "法律明白人 学法用法示范户 法治带头人 法治副校长 法治赶集 法治体检 法官进网格 一村一警 三官一律 枫桥经验 浦江经验 积分制 小微权力清单 四议两公开 吹哨报到 接诉即办 诉源治理 访调对接 警调对接 以奖代补 "
    "六尺巷调解法 轻微违法免罚 说理式执法 河长制 田长制 路长制 一窗受理 帮办代办 府院联动 多调联动 一约四会 无讼村 两所联调 综合查一次 林长制"
).split()


def choose_practices(chance: random.Random, style: Style, reports: int) -> list[Practice]:
    """Programs of the vocabulary, the variants of 法律进 among them, and one or two that no vocabulary has."""
    known = {entry["name"]: entry for entry in vocabulary.packaged("programs")}
    count = 4 if reports < 40 else 12 if reports < 400 else 30
    practices = [Practice(f"program:{name}", name, tuple(known[name]["members"]), known[name]["family"]) for name in (_WAVES if count > 4 else _WAVES[:1])]
    others = chance.sample([name for name in _KNOWN if name in known], k=count - len(practices) - (2 if count > 4 else 1))
    practices += [Practice(f"program:{name}", name) for name in others]
    return practices + [Practice(f"program:{name}", name, known=False) for name in chance.sample(list(style.invented), k=2 if count > 4 else 1)]


def run_process(chance: random.Random, style: Style, world: World, practices: list[Practice]) -> tuple[list[Event], list[Mandate]]:
    """Adoptions of all practices in order of time, at most one of a practice and unit, and the orders behind some of them."""
    followers: dict[str, list[str]] = {}
    for unit, sources in world.sources.items():
        for source in sources:
            followers.setdefault(source, []).append(unit)
    events: list[Event] = []
    mandates: list[Mandate] = []
    for number in range(len(practices)):
        orders = _draw_mandates(chance, world, number)
        mandates += orders
        events += _spread(chance, style, world, number, orders, followers)
    events.sort(key=lambda event: (event.time, event.unit, event.practice))
    for event in events:
        if chance.random() < 0.04 and event.year + 2 <= world.years[-1]:
            event.stopped = event.year + 2
    return events, mandates


def _draw_mandates(chance: random.Random, world: World, practice: int) -> list[Mandate]:
    counties = [unit.id for unit in world.units if unit.is_county]
    if chance.random() > 0.5:
        return []
    chosen = chance.sample(counties, k=max(1, len(counties) // chance.choice((2, 4, 8))))
    # orders are issued in the first months, reports written in the last: a document is earlier than any report of its year
    return [Mandate(county, practice, chance.choice(world.years[1:]) + chance.uniform(0.0, 0.3), chance.random() < 0.7) for county in sorted(chosen)]


def _spread(chance: random.Random, style: Style, world: World, practice: int, mandates: list[Mandate], followers: dict[str, list[str]]) -> list[Event]:
    end, tie = float(world.years[-1] + 1), itertools.count()
    waiting: list[tuple[float, int, Event]] = []

    def propose(unit: str, time: float, channel: Channel, source: str | None, mandate: Mandate | None = None) -> None:
        if time < end:
            copied = channel != "independent" and chance.random() < style.copy_share
            event = Event(unit, practice, time, channel, source, copied, chance.choice((0.0, 0.05, 0.1, 0.2, 0.3)) if copied else 0.0, mandate=mandate)
            heapq.heappush(waiting, (time, next(tie), event))

    towns = [unit for unit in world.units if not unit.is_county]
    for unit in towns:
        if chance.random() < 0.5 / max(8.0, len(towns) ** 0.75):
            propose(unit.id, chance.uniform(world.years[0] - 1.5, end), "independent", None)
    propose(chance.choice(towns).id, world.years[0] + chance.uniform(-0.5, 1.5), "independent", None)
    for mandate in mandates:
        for unit in world.below(mandate.county):
            if chance.random() < 0.75:
                propose(unit.id, mandate.time + style.mandate_delay(chance), "vertical" if mandate.printed else "hidden_common", mandate.county, mandate)
    adopted: dict[str, Event] = {}
    counties = {unit.id: unit.county for unit in world.units}
    while waiting:
        _, _, event = heapq.heappop(waiting)
        if event.unit in adopted:
            continue
        adopted[event.unit] = event
        for follower in followers.get(event.unit, ()):
            if follower not in adopted and chance.random() < 0.4:
                propose(follower, event.time + style.delay(chance), "sibling" if counties[follower] == counties[event.unit] else "horizontal", event.unit)
    return list(adopted.values())
