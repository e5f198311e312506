"""What the API answers about how a practice spread over time. Shares are of the places that have reports here; a missing report is no “did not adopt”."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from diffusion.curves.model import FitName, Reading, RefusalCode
from search_api.models import Answered, Grounded

Share = Annotated[float | None, Field(title="Share", description="Between 0 and 1; null where nothing can be said.", examples=[0.42])]


class Refusal(Answered):
    """Why something is not said."""

    code: RefusalCode = Field(title="Code", examples=["few_events"])
    reason: str = Field(title="Reason", description="In words.")


class CurveYearRow(Answered):
    """One year, at its end."""

    year: int = Field(title="Year", examples=[2021])
    observed: int = Field(title="Observed", description="Places with a report on the year.", examples=[54])
    missing: int = Field(title="Missing", description="Places without one; they say nothing.", examples=[6])
    at_risk: int = Field(title="At risk", description="Places with a report on the year that are known not to have taken it up before.", examples=[40])
    events: int = Field(title="Events", description="Of them, seen with it in the year.", examples=[9])
    adopted: int = Field(title="Adopted", description="Seen with it by then.", examples=[15])
    open: int = Field(title="Open", description="May or may not have it: their reports are missing, or silent before they named it.", examples=[5])
    share: float | None = Field(title="Share", description="Adopted among those that are not open; null where all are.", examples=[0.27])
    lower: float = Field(title="Lower bound", description="If no open place has it.", examples=[0.25])
    upper: float = Field(title="Upper bound", description="If every open place has it; silence in a report that is there counts as not yet.", examples=[0.33])


class EstimateRow(Answered):
    """Share at the end of each year of the answer, with 95 % intervals over resampled places, without a law of growth."""

    name: str = Field(title="Name", description="turnbull, from intervals and silence; kaplan_meier, from years first seen, for comparison.")
    values: tuple[Share, ...]
    low: tuple[Share, ...]
    high: tuple[Share, ...]


class ParameterRow(Answered):
    name: str = Field(title="Name", examples=["inflection"])
    value: float = Field(title="Value", description="Rates are per year, inflection and year calendar years, before a share.", examples=[2020.4])
    low: float = Field(title="Low", description="Of the 95 % interval over resampled places.", examples=[2019.8])
    high: float = Field(title="High", examples=[2021.1])


class FitRow(Answered):
    """A law of growth whose ceiling are all places with reports."""

    name: FitName = Field(title="Name", description="mandate: a rate more from the year on in which a superior acted; step: from a year that is estimated.")
    parameters: tuple[ParameterRow, ...]
    log_likelihood: float
    aicc: float = Field(title="AICc", description="Smaller fits better; within 2, as well.")
    values: tuple[float, ...] = Field(title="Values", description="Share at the end of each year of the answer.")
    low: tuple[float, ...]
    high: tuple[float, ...]


class ActRow(Answered):
    superior: str = Field(title="Superior", examples=["cn:350524"])
    year: int = Field(title="Year", description="Of its first text in this collection that speaks of the practice.", examples=[2020])


class CoefficientRow(Answered):
    name: str = Field(title="Name", examples=["county_share"])
    value: float = Field(title="Value", description="Of the logarithm of the hazard.", examples=[1.8])
    low: float = Field(title="Low", description="Of the 95 % interval; errors are clustered by county.", examples=[0.9])
    high: float = Field(title="High", examples=[2.7])
    ratio: float = Field(title="Ratio", description="What the hazard is multiplied by for per.", examples=[1.2])
    per: str = Field(title="Per", examples=["an act of a superior in force"])


class HazardResult(Answered):
    """What goes before adoptions, place by place and year by year. Going before is not causing."""

    coefficients: tuple[CoefficientRow, ...]
    events: float = Field(title="Events", description="Adoptions, on average over the draws from what intervals leave open.")
    at_risk: float = Field(title="At risk", description="Place-years without it before.")
    counties: int
    left_out: tuple[str, ...] = Field(title="Left out", description="Covariates that do not vary here, or that these adoptions can't carry.")
    refused: Refusal | None = None
    caveats: tuple[str, ...] = ()
    seed: int
    draws: int


class NeighbourTestRow(Answered):
    name: str = Field(title="Name", description="knox, mantel or joins.", examples=["knox"])
    value: float
    expected: float = Field(title="Expected", description="Its mean over permutations.")
    p: float = Field(title="p", description="Share of permutations with at least as much nearness.", examples=[0.012])
    pairs: int


class NeighboursResult(Answered):
    """Whether places that are near each other took it up at about the same time."""

    distance: str = Field(title="Distance", description="kilometres; or tree, steps in the administrative tree, where places have no points.")
    near: str = Field(title="Near", description="What counts as near.", examples=["same county"])
    places: int
    unlocated: int = Field(title="Unlocated", description="Adopters without a point, left out.")
    tests: tuple[NeighbourTestRow, ...]
    refused: Refusal | None = None
    seed: int
    permutations: int


class RangeRow(Answered):
    name: str = Field(title="Name", examples=["share"])
    value: float = Field(title="Value", description="Of the whole collection.")
    low: float
    high: float


class ShakenRow(Answered):
    """What is left over some tries."""

    name: str = Field(title="Name", description="hidden_10, hidden_30, county_left_out or templates_excluded.", examples=["hidden_10"])
    tries: int
    tau: float | None = Field(title="Tau", description="Median of Kendall's tau between the orders of adopters; null where there is no order.")
    least_tau: float | None
    jaccard: float | None = Field(title="Jaccard", description="Median of Jaccard's index of the adopters, without those taken away.")
    least_jaccard: float | None
    holding: float | None = Field(title="Holding", description="Share of intervals that hold those of the whole collection.")
    same_label: float | None = Field(title="Same label", description="Share of tries with the same law chosen.")
    numbers: tuple[RangeRow, ...]


class ReversedRow(Answered):
    """No less backward than forward: it shows no direction."""

    name: str
    forward: float | None
    backward: float | None


class RobustnessResult(Answered):
    """The same from other collections: reports hidden, counties left out, words of templates not counted, time reversed."""

    hidden: tuple[ShakenRow, ...]
    counties: ShakenRow | None
    weightiest: str | None = Field(title="Weightiest", description="The county whose leaving out changes most.")
    templates: ShakenRow | None
    templated: int = Field(title="Templated", description="Statements in sentences of templates.")
    mentions: int = Field(title="Mentions", description="Statements in all.")
    reversed: ReversedRow | None
    seed: int
    draws: int
    caveats: tuple[str, ...]


class CurveResult(Grounded):
    """How a practice spread. Where refused is set there are no fits, and the reason says why."""

    program: str = Field(title="Program", examples=["program:法律八进"])
    years: tuple[CurveYearRow, ...]
    estimates: tuple[EstimateRow, ...]
    fits: tuple[FitRow, ...] = Field(title="Fits", description="The smallest AICc first.")
    chosen: FitName | None = Field(title="Chosen", description="The law with the smallest AICc.")
    rivals: tuple[FitName, ...] = Field(title="Rivals", description="Laws that fit as well.")
    reading: Reading | None = Field(title="Reading", description="What the shape is like, never what caused it; null where the data can't tell.")
    reading_refused: Refusal | None = Field(title="Reading refused", description="Why there is no reading.")
    refused: Refusal | None = Field(title="Refused", description="Why there are no fits.")
    mandates: tuple[ActRow, ...] = Field(title="Mandates", description="Superiors' texts that speak of it.")
    caveats: tuple[str, ...] = Field(title="Caveats", description="What to keep in mind, in words.")
    eligible: int = Field(title="Eligible", description="Places with a report here: the whole that shares are of.", examples=[60])
    adopters: int = Field(title="Adopters", description="Of them, seen with it at any time.", examples=[31])
    left_censored: int = Field(title="Left-censored", description="Adopters that may have had it before watching began.", examples=[7])
    events: int = Field(title="Events", description="Adopters that were seen without it before.", examples=[24])
    outside: int = Field(title="Outside", description="Places that only superiors' reports name with it; not counted.", examples=[0])
    mention_rate: float = Field(title="Mention rate", description="How often a report of a place that has it names it.", examples=[0.9])
    seed: int
    resamples: int
    hazard: HazardResult | None = Field(None, title="Hazard", description="With tests=true.")
    neighbours: NeighboursResult | None = Field(None, title="Neighbours", description="With tests=true.")
    robustness: RobustnessResult | None = Field(None, title="Robustness", description="With robustness=true.")
