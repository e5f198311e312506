"""What a township has from those that it was made of: an adoption that is older than the township itself, and no new one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from diffusion.adoptions.model import CLAIMS, Adoption, Succession
from ingest.model import Fact

BECOMES = "SUCCEEDED_BY"


def gather(told: Iterable[tuple[int, Fact]]) -> tuple[Succession, ...]:
    """One row for each pair of places that reports (by covered year) say one became of the other; a date in a text counts before the year of a report.

    What is planned or denied is left out, and what is said both ways round: nobody can tell which was first.
    """
    by_pair: dict[tuple[str, str], list[tuple[int, Fact]]] = defaultdict(list)
    for covered, fact in told:
        if fact.subject_node and fact.object_node and fact.modality in ("done", "ongoing") and fact.polarity == "positive":
            by_pair[fact.subject_node, fact.object_node].append((covered, fact))
    return tuple(_join(old, new, said) for (old, new), said in sorted(by_pair.items()) if (new, old) not in by_pair)


def _join(old: str, new: str, said: Sequence[tuple[int, Fact]]) -> Succession:
    dates = [int(str(fact.attrs["date"])[:4]) for _, fact in said if fact.attrs.get("date")]
    return Succession(
        old=old, new=new, year=min(dates or [covered for covered, _ in said]), dated=bool(dates), facts=tuple(sorted(fact.id for _, fact in said))
    )


def inherit(rows: Sequence[Adoption], successions: Sequence[Succession]) -> list[Adoption]:
    """The rows of one program, by place, where a successor's own claim only goes on with what a predecessor had by the year in which it went.

    A claim from before that year is the successor's own, as is one that a text dates after it. A successor whose reports are silent has no row: that it goes
    on there is not said. Of several predecessors the one that had it first counts.
    """
    by_place = {row.place: row for row in rows}
    for one in sorted(successions, key=lambda each: (each.year, each.new, each.old)):
        heir, before = by_place.get(one.new), by_place.get(one.old)
        if heir is None or before is None or heir.t_upper is None or before.t_upper is None or before.t_upper > one.year:
            continue
        if before.status not in CLAIMS - {"stopped"} or heir.status not in CLAIMS - {"stopped"}:
            continue
        if heir.predecessor is None and (heir.t_upper < one.year or (heir.basis == "said" and heir.t_lower is not None and heir.t_lower >= one.year)):
            continue
        if heir.predecessor is None or (before.t_upper, before.place) < (heir.t_upper, heir.predecessor):
            by_place[one.new] = _pass_on(before, heir, one)
    return [by_place[row.place] for row in rows]


def _pass_on(before: Adoption, heir: Adoption, one: Succession) -> Adoption:
    own = heir.facts if heir.predecessor is None else tuple(fact for fact in heir.facts[1:] if fact not in one.facts)
    return msgspec.structs.replace(
        heir,
        status="inherited",
        predecessor=before.place,
        t_lower=before.t_lower,
        t_upper=before.t_upper,
        censored=before.censored,
        basis=before.basis,
        years=before.years,
        before=before.before,
        p=round(before.p * heir.p, 4) if heir.predecessor is None else heir.p,
        facts=(one.facts[0], *own),
    )
