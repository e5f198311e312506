"""Villages that a report counts against the register: a note, because villages merge and reports count communities now with them and now apart."""

from __future__ import annotations

from ingest.audit.reading import Reading, checks, side_of
from ingest.gazetteer import gazetteer
from ingest.model import Fact, Finding, Side

_REGISTER = "2023-06-30"
_ALL_OF_THEM = frozenset("均都全已皆实落完配签建各")  # 9个村均已…; but 9个村级调解室 and 9个社区服务室 count rooms


def check_villages(reading: Reading) -> list[Finding]:
    """A note where a township speaks of more villages than the statistics bureau lists (30 June 2023), or of all its villages and they are fewer."""
    frame = reading.frame
    if frame.level != "township" or frame.status != "resolved" or frame.place is None:
        return []
    stated = [count for count in reading.counts if count.unit == "个" and count.approx is None and _word(count) is not None]
    if not stated:
        return []
    listed = gazetteer().villages(frame.place)
    if not listed:
        return []
    communities = sum(name.endswith("社区") for name in listed)
    sizes = {"all": len(listed), "community": communities, "village": len(listed) - communities}
    found: dict[tuple[str, float], Finding] = {}
    for count in stated:
        of = checks().villages[_word(count) or "村"]
        value = count.value or 0
        if value in (sizes[of], len(listed)) or (of == "village" and value in sizes.values()) or (of, value) in found:
            continue
        if value > len(listed) or (_means_all(reading, count) and value < sizes[of]):
            found[of, value] = _find(reading, count, sizes, of)
    return list(found.values())


def _word(count: Fact) -> str | None:
    """村（社区） of 村（社区）均签约; None where the words count something else, such as 村级调解室 or 社区工作者."""
    phrase = count.indicator or ""
    match = checks().village_word.match(phrase)
    if match is None or (len(match.group()) <= 2 and match.end() < len(phrase) and phrase[match.end()] not in _ALL_OF_THEM):
        return None
    return match.group()


def _means_all(reading: Reading, count: Fact) -> bool:
    near = reading.text[max(0, count.start - 6) : count.end]
    return count.indicator_id in ("villages", "administrative_villages") and checks().whole_township.search(near) is not None


def _find(reading: Reading, count: Fact, sizes: dict[str, int], of: str) -> Finding:
    listed = f"{sizes['village']}村、{sizes['community']}社区"
    zh = f"报告写{count.value}个{_word(count)}；国家统计局名录（{_REGISTER}）列有{listed}。"
    known = f"{sizes['village']} villages and {sizes['community']} communities"
    en = f"The report counts {count.value} {_word(count)}; the statistics bureau's list of {_REGISTER} has {known}."
    register = Side(role="register", surface=listed, value=sizes[of])
    return reading.find("village_count", "note", zh, en, [side_of(count, "value"), register], stated=count.value, computed=sizes[of], unit="个")
