"""The source of each adoption: what the text names before what it has in common with others, and that before times alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from diffusion.adoptions.model import Adoption
from diffusion.attribution.assembling import Act, Assembled, chain, county_of
from diffusion.attribution.model import Attribution, Channel, Ground
from diffusion.networks.panel import NO_ACT, Parents, Text
from diffusion.networks.parents import Fit

_LEAST = 0.2  # of the posterior that the best source of a channel needs to be named, where no text speaks for it
_NAMED = 0.95  # posterior of a source that the text itself names
_ORDERED = 0.8  # of a superior where the sentence says that it was wanted from above: the words that townships of one county share may be the superior's

_Share = tuple[Channel, str | None, Act | None, float]


def decide(assembled: Assembled, parents: Parents, found: Fit, text: Text) -> dict[tuple[str, str], Attribution]:
    """(program, place) → where it comes from, of all adoptions that may have happened while the collection watches."""
    problem = parents.problem
    shares: dict[int, list[_Share]] = defaultdict(list)
    for at in np.flatnonzero(found.share > 1e-4):
        event, rate = int(problem.event[at]), int(problem.rate[at])
        shares[event].append((*_name(assembled, parents, int(parents.act[at]), rate), float(found.share[at])))
    rows = {}
    for event in range(problem.events):
        program, place = assembled.programs[problem.event_practice[event]], assembled.places[parents.event_place[event]]
        rows[program, place] = _decide(assembled, program, place, shares[event], 1 - float(problem.event_mass[event]), text)
    return rows


def attribute(rows: dict[tuple[str, str], Attribution], adoption: Adoption, assembled: Assembled) -> Attribution:
    """The attribution of one adoption; of what was there when watching began only what a report names says where it came from. What a successor has is its
    predecessor's."""
    if adoption.predecessor is not None:
        ground = Ground(kind="succession", facts=adoption.facts[:1])
        return Attribution(
            place=adoption.place,
            program=adoption.program,
            source=adoption.predecessor,
            channel="self",
            posterior=adoption.p,
            text_backed=True,
            evidence=(ground,),
        )
    unknown = Attribution(place=adoption.place, program=adoption.program, source=None, channel="unknown", posterior=0.0, text_backed=False, evidence=())
    return rows.get((adoption.program, adoption.place)) or _find_named(assembled, adoption.program, adoption.place) or unknown


def _decide(assembled: Assembled, program: str, place: str, shares: Sequence[_Share], before: float, text: Text) -> Attribution:
    if named := _find_named(assembled, program, place):
        return named
    grounds = assembled.grounds.get((program, place), {})
    chosen = _choose(assembled, program, place, shares)
    if not any("/" in source and county_of(source) != county_of(place) for source in grounds):
        for source, told in sorted(grounds.items()):
            if any(ground.kind == "ordered" for ground in told):
                posterior = max(_ORDERED, chosen.posterior if chosen.source == source else 0.0)
                chosen = Attribution(place=place, program=program, source=source, channel="vertical", posterior=posterior, text_backed=True, evidence=told)
    unknown = before / (before + (1 - before) * (text.found if chosen.text_backed else 1.0)) if before else 0.0
    if unknown > 0.5:
        return Attribution(place=place, program=program, source=None, channel="unknown", posterior=round(unknown, 4), text_backed=False, evidence=())
    return chosen


def _find_named(assembled: Assembled, program: str, place: str) -> Attribution | None:
    """The source that a report names; a peer before a superior."""
    grounds, above = assembled.grounds.get((program, place), {}), chain(place)
    for source, told in sorted(grounds.items(), key=lambda item: (item[0] in above, item[0])):
        if told[0].kind == "named" and ("/" in source or source in above):
            channel: Channel = "vertical" if source in above else "sibling" if county_of(source) == county_of(place) else "horizontal"
            return Attribution(place=place, program=program, source=source, channel=channel, posterior=_NAMED, text_backed=True, evidence=told)
    return None


def _name(assembled: Assembled, parents: Parents, act: int, rate: int) -> tuple[Channel, str | None, Act | None]:
    if act != NO_ACT:
        told = assembled.acts[act]
        return ("vertical" if told.key is not None else "hidden_common"), told.superior, told
    if rate >= parents.first_edge:
        edge = rate - parents.first_edge
        source, target = int(parents.edge_source[edge]), int(parents.edge_target[edge])
        return ("sibling" if assembled.panel.county[source] == assembled.panel.county[target] else "horizontal"), assembled.places[source], None
    return "independent", None, None


def _choose(assembled: Assembled, program: str, place: str, shares: Sequence[_Share]) -> Attribution:
    by_source: dict[tuple[Channel, str | None], float] = defaultdict(float)
    by_kind: dict[str, float] = defaultdict(float)
    acts: dict[str | None, Act] = {}
    for channel, source, act, share in shares:
        by_source[channel, source] += share
        by_kind["peer" if channel in ("sibling", "horizontal") else channel] += share
        if act is not None:
            acts[source] = act
    kind = max(sorted(by_kind), key=lambda each: by_kind[each])
    wanted = ("sibling", "horizontal") if kind == "peer" else (kind,)
    (channel, source), posterior = max(((key, share) for key, share in sorted(by_source.items(), key=str) if key[0] in wanted), key=lambda each: each[1])
    grounds = assembled.grounds.get((program, place), {}).get(source or "", ())
    if channel == "hidden_common" and any(ground.kind == "text" for ground in grounds):
        channel = "vertical"  # the superior's words are here, only what they say of the practice was not read as an act
    if source is not None and posterior < _LEAST and not grounds:
        source = None
    evidence = grounds or ((Ground(kind="act", act=acts[source].key),) if source in acts else (Ground(kind="time"),) if source is not None else ())
    return Attribution(
        place=place, program=program, source=source, channel=channel, posterior=round(posterior, 4), text_backed=bool(grounds), evidence=evidence
    )
