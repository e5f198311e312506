"""Which place a web address belongs to, as far as its letters tell: county governments spell their names in their hosts.

No list of hosts is kept: they follow from the register. Four ways are in use (host labels only, never the path):

- the name in pinyin, with or without the level: ``anxi``, ``tonghaixian``;
- prefecture and county by their initials: ``qzlc`` for 泉州市鲤城区;
- province and county by their initials: ``fjax`` for 福建省安溪县, ``tjjh`` for 天津市静海区;
- the county's initials with the level's: ``ndjcq`` only as far as they have four letters, since shorter ones are shared by dozens.

A host is evidence among candidates that share a name, never a name by itself.
"""

from __future__ import annotations

from functools import cache, lru_cache
from urllib.parse import urlsplit

from ingest.gazetteer import Gazetteer, Place

_GENERAL = frozenset("www gov cn org com net edu zwgk xxgk zfxxgk zf wz m sfj sfxz fzb credit english ga".split())
_LEAST = 4  # letters of an abbreviation that is worth something


def weigh_host(url: str, place: Place, above: tuple[Place, ...]) -> int:
    """How strongly an address speaks for a county or prefecture: 3 its name in pinyin, 2 an abbreviation together with the place above, 0 nothing.

    ``above`` are the places over it, nearest first. Only hosts below .cn count.
    """
    labels = _labels(url)
    if not labels:
        return 0
    whole, initials = _latin(place.stem)
    level_whole, level_initials = _latin(place.name[len(place.stem) :])
    if any(label in (whole, whole + level_whole, whole + level_initials) or (len(whole) >= 6 and label.startswith(whole)) for label in labels):
        return 3
    abbreviations = {_latin(higher.stem)[1] + initials for higher in above} | {_latin(higher.stem)[1] + initials + level_initials for higher in above}
    abbreviations |= {initials + level_initials}
    return 2 if any(label in abbreviations and len(label) >= _LEAST for label in labels) else 0


def find_county(url: str, register: Gazetteer) -> str | None:
    """The one county whose name an address spells more strongly than any other's; None where several do equally or none does."""
    if not _labels(url):
        return None
    scored = []
    for identifier, place in register.places.items():
        if place.level == "county" and (score := weigh_host(url, place, tuple(register.chain(identifier)[-2::-1]))):
            scored.append((score, identifier))
    best = max(scored, default=(0, ""))[0]
    winners = [identifier for score, identifier in scored if score == best]
    return winners[0] if len(winners) == 1 else None


@lru_cache(maxsize=256)
def _labels(url: str) -> frozenset[str]:
    host = (urlsplit(url if "//" in url else "//" + url).hostname or "").lower()
    return frozenset(host.split(".")) - _GENERAL if host.endswith(".cn") else frozenset()


@cache
def _latin(stem: str) -> tuple[str, str]:
    """(pinyin, initials) of a name."""
    from pypinyin import lazy_pinyin

    syllables = lazy_pinyin(stem)
    return "".join(syllables), "".join(syllable[0] for syllable in syllables if syllable)
