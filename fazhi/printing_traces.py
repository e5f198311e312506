"""Traces and networks for people."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fazhi.printing import say

if TYPE_CHECKING:
    from diffusion.adoptions.model import Adoption
    from diffusion.attribution.model import Attribution
    from fazhi.tracing import Coverage, Edge, Network, Trace

_EDGES = 40  # lines of a network; all are in --json


def print_trace(found: Trace) -> None:
    """A line for each place in order of time, then what was seen and what can't be said."""
    sources = {(row.program, row.place): row for row in found.attributions}
    for row in sorted(found.adoptions, key=lambda row: (row.t_upper is None, row.t_upper or 0, row.t_lower or 0, row.place)):
        source = sources.get((row.program, row.place))
        say(f"{row.place}\t{_interval(row)}\t{row.status}\t{row.variant}\t{_source(source) if source is not None else ''}".rstrip())
    statuses = Counter(row.status for row in found.adoptions)
    say(f"{', '.join(f'{count} {status}' for status, count in statuses.most_common())}. {_covered(found.coverage)}")
    say("Years are (after, by]: taken up after the end of the one and by the end of the other. First seen in this collection is no origin.")
    for words in found.caveats:
        say(words)


def print_network(found: Network) -> None:
    """The edges that may be shown, then how many there are."""
    shown = [edge for edge in found.edges if edge.shown]
    for edge in shown[:_EDGES]:
        say(_edge(edge))
    say(
        f"{len(shown)} of {len(found.edges)} edges may be shown (support of at least 0.8 in {found.resamples} resampled networks, q of at most 0.05 by "
        f"{found.shuffles} shuffled ones); {found.programs} programs. {_covered(found.coverage)}"
    )
    if len(shown) > _EDGES:
        say(f"The {_EDGES} strongest are listed; --json has all.")


@contextmanager
def counting(what: str) -> Iterator[Callable[[int, int], None]]:
    """Tells a terminal how much is done; says nothing elsewhere."""
    visible = sys.stderr.isatty()

    def tell(done: int, of: int) -> None:
        if visible:
            sys.stderr.write(f"\r{done} of {of} {what}")
            sys.stderr.flush()

    yield tell
    if visible:
        sys.stderr.write("\r\x1b[K")


def _interval(row: Adoption) -> str:
    if row.t_upper is None:
        return "–"
    return f"({'' if row.t_lower is None else row.t_lower}, {row.t_upper}]"


def _source(row: Attribution) -> str:
    if row.source is None:
        return row.channel
    return f"{row.channel} {row.source} ({row.posterior:.2f}, {'words' if row.text_backed else 'time only'})"


def _edge(edge: Edge) -> str:
    backed = "words" if edge.text_backed else "time only"
    return f"{edge.source}\t{edge.target}\t{edge.expected:.1f} practices\tsupport {edge.support:.2f}\tq {edge.q:.3f}\t{backed}"


def _covered(coverage: Coverage) -> str:
    if not coverage.reports:
        return "No report here has a place and a year."
    return f"{coverage.reports} reports of {coverage.places} places, {coverage.from_year} to {coverage.to_year}; {coverage.missing} are missing here."
