"""Worlds with a known law of growth: when each place takes a practice up, and what its reports say of it."""

from __future__ import annotations

import numpy as np

from diffusion.adoptions.model import Adoption, Mention, Watched

PROGRAM = "program:法治赶集"
NAMES = {PROGRAM: "法治赶集"}


def draw_years(law: str, places: int, first: int, chance: np.random.Generator, **of: float) -> np.ndarray:
    """The year of adoption of each place; ends of years count, so that 2019.0 is the end of 2019."""
    u = chance.random(places)
    if law == "logistic":
        time = of["inflection"] + np.log(u / (1 - u)) / of["rate"]
    elif law == "constant":
        time = first - 1 - np.log(1 - u) / of["rate"]
    elif law == "bass":
        p, q, before = of["innovation"], of["imitation"], of.get("before", 0.0)
        time = first - 1 - np.log((1 - u) / (p + q * u) * (p + q * before) / (1 - before)) / (p + q)
    elif law == "step":
        felt, until = -np.log((1 - u) / (1 - of.get("before", 0.0))), of["year"] - first
        slow = of["rate"] * until
        time = first - 1 + np.where(felt < slow, felt / of["rate"], until + (felt - slow) / (of["rate"] + of["after"]))
    else:
        raise ValueError(law)
    return np.ceil(time).astype(int)


def name_places(count: int, of_county: int = 10) -> list[str]:
    return [f"cn:35{1 + at // (of_county * 5):02d}{21 + at // of_county % 5}/{at % of_county:02d}镇" for at in range(count)]


def watch(
    law: str, *, places: int = 200, first: int = 2014, last: int = 2024, missing: float = 0.1, mention: float = 1.0, seed: int = 1, **of: float
) -> tuple[Watched, dict[str, int]]:
    """What is reported in such a world, and the true years."""
    chance = np.random.default_rng(seed)
    years = dict(zip(name_places(places), draw_years(law, places, first, chance, **of).tolist(), strict=True))
    return report(years, chance, first, last, missing, mention), years


def report(years: dict[str, int], chance: np.random.Generator, first: int, last: int, missing: float, mention: float) -> Watched:
    present = {place: tuple(year for year in range(first, last + 1) if chance.random() >= missing) for place in years}
    mentions = [mention_of(place, year) for place, own in present.items() for year in own if year >= years[place] and chance.random() < mention]
    return Watched(mentions=tuple(mentions), present={place: own for place, own in present.items() if own}, first=first, last=last)


def mention_of(place: str, year: int) -> Mention:
    key = f"{place}/{year}.txt"
    return Mention(
        place=place, program=PROGRAM, report=key, covered=year, own=True, modality="done", negated=False, fact=key, confidence=0.95,
        sentence="我镇开展法治赶集活动。", at=4, length=4, key=key, start=100, end=111,
    )  # fmt: skip


def take_at_their_word(watched: Watched) -> list[Adoption]:
    """Rows of those who take silence for absence: from the last silent report to the first that names it."""
    rows = []
    for place, own in watched.present.items():
        naming = [mention.covered for mention in watched.mentions if mention.place == place]
        if naming:
            silent = [year for year in own if year < min(naming)]
            lower = max(silent, default=None)
            rows.append(
                Adoption(
                    place=place,
                    program=PROGRAM,
                    status="adopted",
                    t_lower=lower,
                    t_upper=min(naming),
                    censored=None if silent else "left",
                    p=0.95,
                    facts=(),
                )
            )
    return rows
