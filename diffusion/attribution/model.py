"""What attribution is made from and what comes of it."""

from __future__ import annotations

from typing import Literal

import msgspec

Channel = Literal["vertical", "sibling", "horizontal", "hidden_common", "self", "independent", "unknown"]


class Ground(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a source is thought to be one. ``facts`` are of the adopting report; ``passages``: keys and offsets of the words that both have. A place that
    is ``mentioned`` stands in the sentence that takes the practice up, which does not say in known words that it came from there; where that sentence says that
    somebody above wanted it, it is ``ordered``."""

    kind: Literal["named", "ordered", "mentioned", "text", "act", "time", "succession"]
    facts: tuple[str, ...] = ()
    passages: tuple[tuple[str, int, int, str, int, int], ...] = ()  # source's key, start, end; adopter's key, start, end
    act: str | None = None  # key of the superior's text
    sentence: str | None = None


class Attribution(msgspec.Struct, frozen=True, kw_only=True):
    """Where one adoption comes from, as far as these reports tell. ``posterior``: of the source; ``source``: a graph id, None where there is none."""

    place: str
    program: str
    source: str | None
    channel: Channel
    posterior: float
    text_backed: bool
    evidence: tuple[Ground, ...]
