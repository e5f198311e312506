"""Reviews for people: one line each, tables, and what does not apply any more."""

from __future__ import annotations

from collections.abc import Sequence

from archive.applying import MARK
from archive.reviews import Review, Standing
from fazhi.printing import print_table, say
from ingest.model import Fact


def describe(standing: Standing) -> str:
    review = standing.review
    where = f" in {standing.reports} reports" if standing.reports > 1 else ""
    state = f"undone by {review.undone_by}" if standing.state == "undone" else f"applies{where}" if standing.state == "applies" else "does not apply now"
    return f"Review {review.id}: {tell(review)}: {state}."


def tell(review: Review) -> str:
    """What it decides, in a few words."""
    if review.anchor is not None:
        words = " ".join(review.anchor.surface.split())
        quoted = words if words.startswith("“") else f"“{words}”"
        kind = f"{review.anchor.relation} {review.anchor.subject or '?'} → {review.anchor.object or '?'}" if review.anchor.relation else review.anchor.type
        end = f" ({review.end})" if review.end else ""
        return f"{review.action} {kind} {quoted} in {review.key}{f' to {review.target}{end}' if review.target else ''}"
    if review.action == "rename":
        return f"rename {review.node} to {review.name}"
    if review.action == "split":
        return f"split {review.node} to {review.target} in {', '.join(part.key for part in review.reports)}"
    return f"merge {review.node} into {review.target}"


def print_standings(standings: Sequence[Standing]) -> None:
    rows = [
        (str(standing.review.id), tell(standing.review), standing.review.user, standing.review.created, standing.state, standing.review.note)
        for standing in standings
    ]
    if rows:
        print_table(("review", "decision", "user", "time", "state", "note"), rows)
    for standing in standings:
        for lost in standing.lost:
            say(f"Review {standing.review.id} does not apply{f' in {lost.key}' if lost.key else ''}: {lost.reason}.")
    lost_ones = sum(standing.state == "lost" for standing in standings)
    say(f"{len(rows)} reviews{f', of which {lost_ones} apply nowhere now' if lost_ones else ''}.")


def print_facts(facts: Sequence[Fact]) -> None:
    rows = [
        (
            fact.id,
            fact.relation or fact.type,
            " ".join(fact.surface.split()),
            _linked(fact),
            fact.modality,
            f"{fact.confidence:.2f}",
            str(fact.attrs.get(MARK, "")),
        )
        for fact in facts
    ]
    if rows:
        print_table(("fact", "type", "words", "means", "modality", "confidence", "reviewed"), rows)
    say(f"{len(rows)} facts.")


def _linked(fact: Fact) -> str:
    if fact.type == "relation":
        return f"{fact.subject_node or fact.subject or '?'} → {fact.object_node or fact.object or '?'}"
    if fact.type == "metric":
        number = f" = {fact.value:g}{fact.unit or ''}" if fact.value is not None else ""
        return f"{fact.indicator_id or fact.indicator or '?'}{number}"
    return fact.node or ""
