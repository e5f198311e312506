"""The words of a story: its banner, its intervals, its reasons."""

from __future__ import annotations

from functools import cache

from jinja2 import PackageLoader

from fazhi.explaining.words import Labels, Texts, read_labels
from fazhi.spreading.model import Arrow, Banner, Story, Unit


@cache
def labels() -> Labels:
    return read_labels("fazhi.spreading", "labels.yaml")


def template_loader() -> PackageLoader:
    """Parts of pages about a practice's story."""
    return PackageLoader(__package__, "pages")


def new_texts(lang: str | None) -> Texts:
    return Texts(lang, labels())


def write_banner(t: Texts, banner: Banner) -> str:
    """Reports that there are and that are missing, how many adopters are censored and tied: what stands on every picture."""
    parts = [
        t(
            "spread.banner", from_year=banner.from_year, to_year=banner.to_year, places=banner.places, eligible=banner.eligible,
            observed=banner.observed, missing=banner.missing,
        )
    ]  # fmt: skip
    if banner.adopters:
        shares = {"censored_share": percent(banner.censored_share), "tie_share": percent(banner.tie_share)}
        line = "spread.banner_adopters" if banner.practices == 1 else "spread.banner_pairs"
        parts.append(t(line, adopters=banner.adopters, censored=banner.censored, ties=banner.ties, **shares))
    else:
        parts.append(t("spread.banner_none"))
    if banner.unreadable:
        parts.append(t("spread.banner_unreadable", count=banner.unreadable))
    return ("；" if t.lang == "zh" else "; ").join(parts) + ("。" if t.lang == "zh" else ".")


def banner_lines(t: Texts, banner: Banner) -> list[str]:
    """The banner as the lines beneath a picture's title."""
    stop = "；" if t.lang == "zh" else "; "
    return [*write_banner(t, banner).split(stop), t("spread.caveat.first_here")]


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def write_interval(t: Texts, t_lower: int | None, t_upper: int | None) -> str:
    """(2018, 2020] is: between 2019 and 2020."""
    if t_upper is None:
        return t("spread.interval.none")
    if t_lower is None:
        return t("spread.interval.by", year=t_upper)
    if t_lower + 1 == t_upper:
        return t("spread.interval.in", year=t_upper)
    return t("spread.interval.between", low=t_lower + 1, high=t_upper)


def style_of(arrow: Arrow) -> str | None:
    """How an arrow is drawn; None where it has no source."""
    if arrow.source is None:
        return None
    if arrow.channel == "hidden_common":
        return "hidden"
    kind = "above" if arrow.channel == "vertical" else "peer"
    return f"{kind}_{'time' if arrow.reason == 'time' else 'text'}" if kind == "peer" else f"above_{'text' if arrow.text_backed else 'time'}"


def write_arrow(t: Texts, arrow: Arrow) -> str:
    """Reason and evidence of an arrow in one piece: what stands on it when it is pointed at."""
    source = arrow.source_name or t("spread.reason.none")
    head = f"{source} → {arrow.target_name}: {t('spread.channel.' + arrow.channel)}, {percent(arrow.posterior)}. "
    reason = t(f"spread.reason.{arrow.reason or 'none'}")
    said = " | ".join(f"{sentence.key} ({sentence.year or '–'}): {sentence.text}" for sentence in arrow.sentences[:2])
    return f"{head}{reason}. {said}"


def write_unit(t: Texts, unit: Unit) -> str:
    """A row of the timeline in words."""
    said = " | ".join(f"{sentence.year or '–'}: {sentence.text}" for sentence in unit.sentences[:1])
    return f"{unit.county_name} {unit.name}: {t('spread.status.' + unit.status)}, {write_interval(t, unit.t_lower, unit.t_upper)}. {said}"


def write_first(t: Texts, story: Story) -> str:
    """Who was first here, or why nobody can be said to be. Never an origin."""
    first = story.first
    name = first.candidates[0].name if first.candidates else ""
    return t(f"spread.first.{first.reason}", place=name, count=len(first.candidates))
