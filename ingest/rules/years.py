"""The year that a sentence itself gives its numbers: 2022年，调解纠纷70件 in a report on 2023."""

from __future__ import annotations

from ingest.draft import Draft
from ingest.patterns import lazy

_SAID = lazy(
    r"(?<![比较与同从由自至到\d—－~-])(?:(?P<year>(?:19|20)\d\d)年(?!\d|前|后)(?:度|全年|内)?|(?P<last>上一?年|去年)(?:度|全年)?|(?P<before_last>前年)(?:度|全年)?)"
    r"(?!(?:\d{1,2}月)?(?:\d{1,2}日)?[底末初]?(?:以来|以后|之后|起|开始|至|到|—|－|~|-|同期|相比|的))"
)
_NOW = lazy("今年|本年度?|当年|目前|现在?有|截至|至今|累计|(?:19|20)\\d\\d年")  # another time than the year before it
_SOMETHING_ELSE = lazy(  # what the year belongs to in place of the number: 2016年成立的调解室, 2022年印发方案，…
    r"(?:成立|建立|组建|建成|修建|新建|改造|创办|创建|设立|启动|投入|启用|挂牌|出台|印发|制定|修订|颁布|施行|被评|获评|荣获)(?:[^，。；\d]{0,3}的|[^，。；\d]{0,20}[，、])|以来|比"
)
_EARLIEST = 15  # years before the report's: what is further away is history


def spoken_year(draft: Draft, start: int, end: int) -> int | None:
    """The year before the report's own that the sentence of a number speaks of there; None where it names none, or names it for something else.

    A year counts from where it stands to the next word of time or the end of the sentence; not in brackets and titles, and not in comparisons (比2022年增长).
    """
    covered = draft.frame.year
    if covered is None:
        return None
    sentence, _ = draft.sentence_at(start)
    before = draft.clean[sentence:end]
    found = next(reversed(list(_SAID.finditer(before))), None)
    if found is None or before.count("《", 0, found.start()) > before.count("》", 0, found.start()):
        return None
    if before.count("（", 0, found.start()) > before.count("）", 0, found.start()):
        return None
    behind = before[found.end() :]
    if _NOW.search(behind) or _SOMETHING_ELSE.search(behind):
        return None
    year = int(found["year"]) if found["year"] else covered - (1 if found["last"] else 2)
    return year if covered - _EARLIEST <= year < covered else None
