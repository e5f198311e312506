"""Persons in roles and legal advisers.

A name is a surname with one or two characters that stands directly beside a role (镇党委书记某某某, 某某某律师) and ends where a name can end. A role without
a name is nobody. A lawyer whom the text calls somebody's legal adviser becomes a ``legal_adviser``; a post without a name is noted once, as 法律顾问（未具名）.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation, MatchKind

import vocabulary
from ingest.draft import Draft, Mention
from ingest.patterns import lazy
from ingest.rejections import Reason, Reject, unheard
from ingest.rules.signs import Signs, iter_at, iter_near
from ingest.rules.spans import Spans
from ingest.segment import tag_words

_PREMIER = lazy("总理|国务院|中央")
_NOT_GIVEN = frozenset("的了和与及或是为在被将把由等各们这那我你您他她它也都并但则者某×XxＸ就不无已向对从到至以于个名位次件起场第等同副兼任")
_LEADERS = lazy("习近平|毛泽东|邓小平|江泽民|胡锦涛|李克强|李强|马克思|列宁|雷锋|焦裕禄|孔繁森")
# What may follow a name
_AFTER = lazy(
    r"(?:$|[两二三四五]位|[两二三四五]名|[，。、；：！？\s“”（）〔〕《》\-—/|]|(?:记者|通讯员|编辑|摄影|党委|党工委|支部|镇|乡|副|律师|同志|先生|女士|老师|教授|法官|检察官|所长|主任|书记|局长|庭长|等(?!级)|和(?!平)|与|及|以及|为|担任|兼任|任|作(?!风)|主持|主讲|带领|带队|带头|率|率队|率先|在|就|对|向|以|围绕|结合|从|到|来到|赴|参加|出席|列席|介绍|表示|强调|指出|要求|"
    r"传达|宣读|通报|汇报|致辞|讲话|讲解|讲授|授课|宣讲|开展|进行|深入|组织|亲自|现场|应邀|受邀|作为|通过|运用|用|给|将|把|被|说|告诉|认为|代表|负责|分管|牵头|主动|详细|耐心|重点|首先|随后|分别|多次|团队|一行|出任|受聘|签订|签约|提供|解答|的|还|也|便|则|是|获|荣获|被评|履行|述职|述法|发言|点评|总结|部署|安排|接访|走访|调研|指导|督导|协助|参与|调解|化解|审理|担当|常驻|定期|每|先后|年均|今年|去年|近年|全年|连续|累计|一起|一同|共同|均|都|已|曾|再次|热情|耐心|当场|当即|立即|积极|认真|深情|动情|感慨|高兴|激动|坦言|讲述|回忆|家|因|所|发放|走进|来|去|应|受|高度|始终|坚持|全程|严格|全面|多次|又|正(?=[对在为给向就跟与和忙带])|正在|身着|牵头|一人|耐心|及时|义务|轮流|列举|引导|告诫|呼吁|提醒|提示|透露|坐诊|坐班|值守|值班|驻点|帮助|用心|细致|上门|入户|逐一|迅速|随即|接受|收到|接到|获得|入选|当选|撰写|制作|自|荣立|被|致|进村|下沉|登台|登门|亲临|主抓|挂帅|挂点|包案|包联|联系|做|讲|谈|听取|听|看|接|抓|管|审|办|跟|同|跑|带着|带上|出庭|应诉|领衔|挂职|带班|值守|动情|边|[握拉拿捧指望]着|成功(?!率)|竖起|既|负[总主责]|掷地|坐镇|吃住|点[了赞]|掌舵|笑|叹|忙|守|骑|背|挨|不(?!足|少|止|同|仅)|没|唱|教|搭|劝|拉|调成|一[手头直面边口年人]|演唱|表演|演示|编写|创作|翻译|主演|出镜|走遍|白天|坐在|站在|利用|依托|依法|凭借|秉持|\d{1,2}人|\.(?!\d)))"
)
_LIST = lazy(r"[、]|(?:以及|和|与|及(?!时))(?=[\u4e00-\u9fff])")
_ROLE_AGAIN = lazy("(?:见习)?(?:记者|通讯员) ?")
_BRACKET = lazy(r"（[^（），。；]{2,16}）(?=、)")
_BLANK_LIST = lazy(r" ")
_INTRODUCED = lazy(r"(?:：|为|是|由|（| )?")
_ETHNIC = lazy(rf"[\u4e00-\u9fff]{{1,7}}(?:·[\u4e00-\u9fff]{{1,8}}){{0,2}}·[\u4e00-\u9fff]{{1,8}}?(?={_AFTER.pattern})")
# Names in Chinese transcription that stand without a role: both parts are of characters that transcribe
_TRANSCRIBED_PART = "[阿艾安敖奥巴白拜贝丹荪海再妮莎代旦丁亥合宰铁森别克比彼别布才策达德登地迪丁都多额尔夫甫尕嘎盖格根古哈汗合赫胡华吉加贾江杰卡凯坎克库拉莱兰勒丽里力利林龙鲁洛玛麦买满曼毛梅美蒙米敏明莫姆木穆那纳乃娜内尼努诺帕皮普其奇恰强钦青热仁日如茹萨塞赛沙山什舍斯苏素孙索塔台泰坦提图吐托瓦万旺维乌吾西希夏肖辛雅亚延叶依伊以亦英尤优玉远扎泽孜卓祖孟朝音牧吴马逊]"
_TRANSCRIBED = lazy(
    rf"(?<![\u4e00-\u9fff·]){_TRANSCRIBED_PART}{{1,7}}·{_TRANSCRIBED_PART}{{1,8}}|(?<=[的由和与及向对员部长记任]){_TRANSCRIBED_PART}{{1,7}}·{_TRANSCRIBED_PART}{{1,8}}"
)
# Roles that stand after a name
_TRAILING = lazy(
    r"(?:律师|同志|先生|女士|法官|检察官|老师|教授|副教授|讲师|警官|民警|书记|副书记|主任|副主任|所长|副所长|镇长|副镇长|乡长|副乡长|局长|副局长|庭长|副庭长|院长|副院长|检察长|调解员|委员|校长|副校长|站长|队长)"
)
# What may stand before a name that its role follows
_BEFORE = lazy(
    r"(?:^|[，。、；：“”（）《\s]|聘请|聘任|聘用|选聘|续聘|外聘|邀请|特邀|邀|请|由|与|和|及|向|对|被|以及|经|对接|联系|委托|安排|组织|事务所|顾问|律师|书记|主任|所长|镇长|乡长|局长|庭长|院长|法官|所|局|院|中心|村|社区|镇|乡|街道|任命|选派|指派|聘|感谢|包括|有|是|为|如|等|在|让)$"
)
_HIRED = lazy(r"(?:聘请|聘任|聘用|选聘|续聘|外聘|特聘|特邀|邀请)(?:了)?")
_HIRED_SIGNS = Signs("聘请 聘任 聘用 选聘 续聘 外聘 特聘 特邀 邀请")
_DOT = Signs("·")
# A word of two or more characters with one of these tags begins no name
_NEVER_NAMES = frozenset(["v", "d", "a", "c", "p", "r", "ad", "an", "vn", "t", "f", "m", "i", "u", "vd", "l", "b"])
_CONJUNCTIONS = frozenset("和向从")  # surnames too, but hardly ever
_WORD_TAGS = ("v", "d", "a", "n", "t", "m", "c", "p", "r", "q", "i", "l", "b", "f", "u", "z", "s", "j")


class Roles:
    """Roles and names from ``vocabulary/roles.yaml``."""

    def __init__(self) -> None:
        data = vocabulary.load("roles")
        self.names: list[str] = list(dict.fromkeys([*data["person_roles"], *data["label_roles"]]))
        self._names = frozenset(self.names)
        self._matcher = AhoCorasick(self.names, matchkind=MatchKind.LeftmostLongest, implementation=Implementation.DFA)
        self.careful = frozenset(data["careful_roles"])
        self.single = frozenset(data["surnames"]["single"].split())
        self.compound = frozenset(data["surnames"]["compound"].split())
        self.safe = self.single - frozenset(data["surnames"]["words"])
        elements = "|".join(sorted(data["surnames"]["elements"].split(), key=len, reverse=True))
        self.elements = lazy(rf"(?:{elements}){{1,3}}")
        # what a name may begin with, but for names with a middle dot
        self.starts = self.single | {word[0] for word in self.compound} | {word[0] for word in elements.split("|")}
        self.labels = frozenset(data["label_roles"])
        self.trailing = frozenset(name for name in self.names if _TRAILING.fullmatch(name))
        self.not_names = frozenset(data["not_names"])
        self.not_lengths = sorted({len(word) for word in self.not_names})

    def find(self, text: str) -> list[tuple[str, int, int]]:
        return [(self.names[index], start, end) for index, start, end in self._matcher.find_matches_as_indexes(text)]

    def begins(self, text: str, position: int) -> bool:
        """Whether a role of two or more characters begins here."""
        return any(text[position : position + length] in self._names for length in (2, 3, 4, 5, 6))

    def is_word(self, text: str, position: int) -> bool:
        """Whether a plain word (高度, 成立) begins here instead of a name."""
        return any(text[position : position + length] in self.not_names for length in self.not_lengths)


@cache
def roles() -> Roles:
    return Roles()


class Named(NamedTuple):
    """A person: the name's span, the role beside it."""

    start: int
    end: int
    name: str
    role: str
    role_start: int


def _plain_word(name: str) -> bool:
    """Whether the segmenter's dictionary knows the whole as a word that is no name: 解答, 石材."""
    tags = tag_words(name)
    if tags[0][1] == "m" and name[0] in roles().safe:
        return False
    return len(tags) == 1 and tags[0][1] in _WORD_TAGS and not tags[0][1].startswith("nr") and len(name) <= 3 and tags[0][1] not in ("j", "s")


# A character that ends a name as well as begins what the person does; the pattern says what follows where it is the verb.
_VERBS_BEHIND = {
    "作": lazy("动员|讲话|了|专题|表态|发言|辅导|报告|题为|总结|经验|交流|重要|具体|部署|安排|主题|开班|述"),
    "主": lazy("持|讲"),
    "亲": lazy("自"),
    "带": lazy("队|领|头"),
    "现": lazy("场"),
    "当": lazy("场|即|庭|天"),
}


_FOR_THE = lazy("[为向][民国华平军明公党众阳东荣]")  # 吴为民, 赵向东


def _ends_before_word(text: str, position: int, end: int, tagged: list[tuple[str, str]]) -> bool:
    """Whether a plain word begins right behind a frequent surname with its given name: 梁国栋|牵头, 余大海|耐心."""
    if (text[position] not in roles().safe and text[position : position + 2] not in roles().compound) or end >= len(text) or _is_verb(text[position + 1 : end]):
        return False
    at = position
    for word, _ in tagged:
        if at == end:
            return len(word) >= 2
        at += len(word)
    return False


def _is_whole_name(name: str) -> bool:
    tags = tag_words(name)
    return len(tags) == 1 and len(name) == 3 and tags[0][1] == "nr" and "某" not in name


def _is_verb(given: str) -> bool:
    tags = tag_words(given)
    return len(tags) == 1 and len(given) == 2 and tags[0][1] in ("v", "vn", "d", "p", "c", "ad", "r")


def name_end(text: str, position: int, *, loose: bool = False, reject: Reject = unheard) -> int | None:
    """Where a name that begins at ``position`` ends, or None where none begins. ``loose``: the text around says that a name stands here (主讲人：)."""
    known = roles()
    if position >= len(text):
        return None
    first = text[position]
    if not "\u4e00" <= first <= "\u9fff":
        return None
    if text.find("·", position, position + 8) >= 0 and (ethnic := _ETHNIC.match(text, position)) and "某" not in ethnic.group():
        return ethnic.end()
    if (element := known.elements.match(text, position)) is not None and element.end() - position >= 3 and _AFTER.match(text, element.end()):
        return element.end()
    if text[position : position + 2] in known.compound:
        lengths: tuple[int, ...] = (4, 3, 2) if first in known.single else (4, 3)
    elif first in known.single:
        lengths = (3, 2)
    else:
        return None
    if (leader := _LEADERS.match(text, position)) is not None and not (leader.group() == "李强" and not _PREMIER.search(text, max(0, position - 12), position)):
        reject("person", position, leader.end(), "person.beside_role", "a national leader, no person of this report")
        return None
    if known.is_word(text, position):
        reject("person", position, min(position + 2, len(text)), "person.beside_role", "a plain word, not a name")
        return None
    tagged = tag_words(text[position : position + 9])
    word, tag = tagged[0]
    if tag == "m" and first in known.safe:
        tag = "n"  # 钱大年, 余大海: no numbers
    if tag == "v" and len(word) == 4 and first in known.safe:
        tag = "n"  # 邓桂生握|着: a verb that the segmenter made up
    if tag in ("v", "n") and len(word) == 2 and len(tagged) > 1 and len(tagged[1][0]) == 1 and _LEADS.match(text, position + 3):
        tag = "n"  # 毛锁|牛带领: another one
    if not loose and ((len(word) >= 2 and tag in _NEVER_NAMES) or (word in _CONJUNCTIONS and not tag.startswith("nr"))):
        reject("person", position, position + len(word), "person.beside_role", "a plain word, not a name")
        return None
    failed: Reason = "no name ends there"
    for length in lengths:
        end = position + length
        given = text[position + 1 : end]
        if end > len(text) or (
            not (length == 3 and _FOR_THE.fullmatch(given))
            and any(character in _NOT_GIVEN or not "\u4e00" <= character <= "\u9fff" for character in given)
            and not (tag == "nr" and len(word) == length == 3)
        ):
            continue
        if not _AFTER.match(text, end) and not (tag == "nr" and len(word) == length and length == 3) and not _ends_before_word(text, position, end, tagged):
            continue
        if length == 3 and given[1] in "一二三四" and text[end : end + 1] in "审级是方般直等届":
            continue  # 责任编辑：贾某|一审
        if length == 3 and given[1] in _VERBS_BEHIND and _VERBS_BEHIND[given[1]].match(text, end):
            continue  # 陈立|作动员讲话
        if any(text.startswith(role, position + 1) for role in ("律师", "书记", "主任", "组长", "所长", "成员", "村民", "居民")):
            continue
        if not loose and _plain_word(text[position:end]):
            failed = "a plain word, not a name"
            continue
        return end
    reject("person", position, min(position + 2, len(text)), "person.beside_role", failed)
    return None


_ETHNIC_BEFORE = lazy(r"[\u4e00-\u9fff]{2,7}(?:·[\u4e00-\u9fff]{1,8}){1,3}$")


def name_start(text: str, position: int) -> int | None:
    """Where a name that ends at ``position`` begins, or None."""
    known = roles()
    ethnic = _ETHNIC_BEFORE.search(text[max(0, position - 24) : position]) if text.find("·", max(0, position - 24), position) >= 0 else None
    if ethnic is not None and re.search("[等的和与]", ethnic.group().rpartition("·")[2]):
        return None  # 某某·某某等双语|调解员
    if ethnic is not None:
        start = position - len(ethnic.group())
        for lead in ("邀请", "聘请", "由", "请", "和", "与"):
            if text.startswith(lead, start):
                start += len(lead)
        return start
    for length in (3, 2, 4):
        start = position - length
        if start < 0:
            continue
        first = text[start]
        if length == 4:
            if text[start : start + 2] not in known.compound:
                continue
        elif text[start : start + 2] not in known.compound and first not in known.single:
            continue
        if length == 2 and text[start : start + 2] in known.compound:
            continue
        if known.is_word(text, start) or _LEADERS.match(text, start):
            continue
        if first in _CONJUNCTIONS and not tag_words(text[start:position])[0][1].startswith("nr"):
            continue
        given = text[start + 1 : position]
        if given[-1] in _ENDS_OF_PLACES:
            return None
        if any(character in _NOT_GIVEN or not "\u4e00" <= character <= "\u9fff" for character in given) and not _is_whole_name(text[start:position]):
            continue
        if _plain_word(text[start:position]):
            continue
        if not _BEFORE.search(text, max(0, start - 3), start):
            continue
        return start
    return None


def iter_persons(text: str, reject: Reject = unheard) -> Iterator[Named]:
    """Names beside roles, by position of the role; a list after one role (律师甲、乙) gives each."""
    known = roles()
    for role, start, end in known.find(text):
        after, before = text[end : end + 1], text[start - 1 : start]
        if (after in known.starts or after in _MARKS_AFTER or role in _BYLINES or "·" in text[end : end + 9]) and not role.endswith(("同志", "先生", "女士")):
            yield from _names_after(text, role, start, end, reject)
        if (
            role in known.trailing
            or role == "法律顾问"
            or (before in _COUNTED_LAST and _COUNTED.search(text, max(0, start - 7), start))
            or (before in _HOLDS_LAST and _HOLDS.search(text, max(0, start - 2), start))
        ):
            yield from _names_before(text, role, start)
    for match in iter_near(_TRANSCRIBED, _DOT, text, before=7, after=8):
        start = match.start()
        for role, _, end in known.find(match.group()):
            start = start if role in known.labels else match.start() + end  # 图 is a label, and the beginning of 图尔荪
        if "·" in text[start : match.end()] and start < match.end():
            yield from _list_from(text, "", start, start)
    yield from _listed(text)
    for match in iter_at(_CONCURRENT, _CONCURRENT_SIGNS, text):
        begin = None if text.endswith("同志", 0, match.start()) else name_start(text, match.start())
        if begin is not None and text[begin - 1 : begin] == "由" and text[begin] in known.safe:
            yield Named(begin, match.start(), text[begin : match.start()], match["role"], match.start("role"))
    for match in _NEWS_BYLINE.finditer(text) if any(sign in text for sign in _NEWS_SIGNS) else ():
        position = match.start("names")
        for name in _split_names(match["names"]):
            yield Named(position, position + len(name), name, "通讯员", match.start("names"))
            position += len(name) + (text[position + len(name)] in " 、")
    for match in iter_near(_CALLED, _CALLED_SIGNS, text, before=0, after=0):
        yield from _list_from(text, "", match.start(), match.end())
    for match in iter_at(_HIRED, _HIRED_SIGNS, text):
        hired = name_end(text, match.end())
        if hired is not None and re.match(r"(?:律师|等|、|和)?[^，。；]{0,14}?(?:为|担任|作为|任)", text[hired : hired + 24]):
            yield from _list_from(text, "律师" if text.startswith("律师", hired) else "", match.start(), match.end())


def _names_after(text: str, role: str, start: int, end: int, reject: Reject) -> Iterator[Named]:
    position, loose = end, False
    if text[end : end + 1] == "”":
        position = end = end + 1
    if role in roles().labels and text[end : end + 1] not in ("：", " ", "/"):
        return
    if role in _BYLINES and (byline := _BYLINE.match(text, end)) is not None:
        yield from _list_from(text, role, start, byline.end(), loose=True, reject=reject)
        return
    if role in _OF_THE_PEOPLE and not _SPEAKS.match(text, end):
        return
    if text[end : end + 1] in ("为", "是") and role in _NAMED_BY_VERB and _sure_name(text, end + 1):
        position = end + 1
    elif text[end : end + 1] == "/":
        position, loose = end + 1, True
    if text[end : end + 1] == "：":
        position, loose = end + 1, True
    elif text[end : end + 1] == "（" and role not in roles().careful:
        close = text.find("）", end, end + 7)
        if close > 0 and name_end(text, end + 1) == close:
            yield Named(end + 1, close, text[end + 1 : close], role, start)
        return
    elif text[end : end + 1] == " ":
        position, loose = end + 1 + (text[end + 1 : end + 2] == " "), True
    loose = loose or role in ("记者", "通讯员")
    if not loose and role in roles().careful and not _sure_name(text, position) and not _TRANSCRIBED_HERE.match(text, position):
        return
    yield from _list_from(text, role, start, position, loose=loose, reject=reject)


# what may stand between a role and a name
_MARKS_AFTER = frozenset("”：/（ 为是")
_WRITERS = frozenset("记者 通讯员 作者 供稿 撰稿 摄影 撰文 信息员".split())
_BYLINES = frozenset("作者 供稿 撰稿 通讯员 记者 来源 摄影 文 图 编辑 审核 投稿 信息员 撰文 供图".split())
# 作者：某某镇 张某某: the writer's office stands before the name
_BYLINE = lazy(r"：? ?(?:[\u4e00-\u9fff]{1,14}(?:镇|乡|街道|县|市|区|局|院|所|办|中心|法庭|村|社区|大队|支队|中队|委|部|科|股|政府|站|委会|融媒) )")
# whom many sentences name in general (群众满意): a name must follow that speaks, gets or does something, with the surname and given name between
_OF_THE_PEOPLE = frozenset("群众 业主 商户 农户 牧民 渔民 职工 工人 市民 游客 网友 家长 干部 骨干 老板 店主 来源 大学生 申请人 被申请人 信访人 来访人".split())
_SPEAKS = lazy(
    r"”?[\u4e00-\u9fff]{2,4}(?:[激感高动兴慨][\u4e00-\u9fff]{0,4}地?)?(?:说|表示|告诉|介绍|坦言|感慨|道|称|讲|反映|来到|被评|荣获|获评|获得|获|被授予|用|与|和|、|，|。|（|等|因|将|向|到|一家|家|之间|牵头|主持|带头|负责|担任|领衔|挂帅|坐镇|义务|任)"
)
_TRANSCRIBED_HERE = lazy(r"[\u4e00-\u9fff]{2,6}·[\u4e00-\u9fff]{2,6}")
_NAMED_BY_VERB = frozenset(("法律顾问", "首席顾问", "负责人", "组长", "副组长", "主任", "所长", "联系人", "主讲人"))


def _sure_name(text: str, position: int) -> bool:
    """After 代表, 村民, 委员 verbs are more frequent than names: the segmenter must see a name too, or a surname that is no word."""
    if text[position : position + 1] in roles().safe:
        return True
    if (element := roles().elements.match(text, position)) is not None and element.end() - position >= 3 and _AFTER.match(text, element.end()):
        return True  # 额尔敦巴雅尔
    tags = tag_words(text[position : position + 8])
    if not tags:
        return False
    word, tag = tags[0]
    if len(word) == 1 and tag == "a" and len(tags) > 1 and len(tags[1][0]) == 2 and tags[1][1] in ("nr", "nz", "nrt", "nrfg"):
        return True  # 高翔宇
    if (
        len(word) == 2
        and tag in ("nz", "n", "ns", "nt")
        and len(tags) > 1
        and len(tags[1][0]) == 1
        and word[0] in roles().single
        and _LEADS.match(text, position + 3)
    ):
        return True  # 白玉|珍领衔
    return tag.startswith("nr") if len(word) >= 2 else tag in ("nr", "zg", "nz", "ng", "n", "j", "ns", "x", "g", "q")


_LEADS = lazy("带领|带头|负责|兼任|任|领衔|说|表示|介绍|告诉|主持|带队|担任|调解|介绍|现场|牵头|成功|耐心|上门|用|运用")


def _list_from(text: str, role: str, role_start: int, position: int, *, loose: bool = False, reject: Reject = unheard) -> Iterator[Named]:
    while (end := name_end(text, position, loose=loose, reject=reject)) is not None:
        yield Named(position, end, text[position:end], "律师" if role == "律师事务所" else role, role_start)
        after = end + 2 if text.startswith("律师", end) else end
        if (bracket := _BRACKET.match(text, after)) is not None:
            after = bracket.end()
        separator = _LIST.match(text, after)
        if separator is None and role in _WRITERS:
            separator = _BLANK_LIST.match(text, after)
        if separator is None and role in ("记者", "通讯员") and text[after : after + 1] in roles().safe and name_end(text, after) is not None:
            position = after  # 通讯员甲乙: the blank between them is gone
            continue
        if separator is None:
            return
        position = separator.end()
        if roles().begins(text, position):
            return  # the next one has a role of its own
        if (again := _ROLE_AGAIN.match(text, position)) is not None and role in ("记者", "通讯员"):
            position = again.end()


# 某某网讯（甲 乙）7月25日: who wrote the news
_NEWS_BYLINE = lazy(r"(?<=[网报社院站台])(?:讯|电) ?（(?P<names>[\u4e00-\u9fff]{2,9}(?:[ 、][\u4e00-\u9fff]{2,4}){0,3})）")
_NEWS_SIGNS = ("讯（", "讯 （", "电（", "电 （")
_CALLED = lazy("(?<![\u4e00-\u9fff])(?:我|本人)(?:名)?叫")
_CALLED_SIGNS = Signs("我叫 我名叫 本人叫 本人名叫")


def _split_names(names: str) -> list[str]:
    """The names of a byline; those that stand without a blank between them too, where only one parting gives each a surname. Empty where it does not."""
    parts = re.split("[ 、]", names)
    if len(parts) == 1 and len(names) > 3:
        ways = [way for count in (2, 3) for way in _partings(names, count)]
        return ways[0] if len(ways) == 1 else []
    return parts if all(len(part) <= 4 and _begins_with_surname(part) for part in parts) else []


def _partings(names: str, count: int) -> list[list[str]]:
    """All ways to part a string into ``count`` names of two or three characters."""
    if count == 0:
        return [] if names else [[]]
    return [
        [names[:length], *rest]
        for length in (2, 3)
        if len(names) >= length and _begins_with_surname(names[:length])
        for rest in _partings(names[length:], count - 1)
    ]


def _begins_with_surname(name: str) -> bool:
    known = roles()
    return (
        name[0] in known.single
        and not _NOT_GIVEN & set(name[1:])
        and not _plain_word(name)
        and not known.is_word(name, 0)
        and tag_words(name)[0] not in ((name, "ns"), (name, "nt"))
    )


# 选聘甲、乙等双语调解员27名: names in a list that 等 and a role close
_LISTED = lazy(
    r"(?:选聘|聘请|聘任|邀请|吸纳|推选|涌现出?|培育|培养|推出|包括|安排|选派|组织|以|由|如|有)(?P<names>[\u4e00-\u9fff·]{2,12}(?:、[\u4e00-\u9fff·]{2,12}){0,5})等(?:\d{1,3}余?[名位])?[^，。；：、\n]{0,12}?(?:调解员|律师|法官|民警|志愿者|乡贤|老党员|法律明白人|网格员|宣讲员|党员|代表|干部|老人|寨老|专家|教师|能人|骨干|五老|村民|群众)"
)


def _listed(text: str) -> Iterator[Named]:
    for match in _LISTED.finditer(text) if "等" in text else ():
        position = match.start("names")
        names = match["names"].split("、")
        whole = [_is_full_name(text, name) for name in names]
        for name, sure in zip(names, whole, strict=True):
            # a name without surname (泽让东周) is believed beside others that are sure
            if sure or (
                len(names) > 1 and any(whole) and "·" in match["names"] and 2 <= len(name) <= 4 and not _plain_word(name) and not _NOT_GIVEN & set(name)
            ):
                yield Named(position, position + len(name), name, "", match.start("names"))
            position += len(name) + 1


def _is_full_name(text: str, name: str) -> bool:
    if "·" in name:
        return all(2 <= len(part) <= 6 for part in name.split("·")) and not _NOT_GIVEN & set(name)
    return 2 <= len(name) <= 4 and name_end(f"{name}，", 0) == len(name) and name[0] in roles().safe


# 由某某某兼任办公室主任: who is given the post of a body
_CONCURRENT = lazy(r"(?:同志)?(?:兼任|担任|任)(?:[\u4e00-\u9fff]{0,12}?)(?P<role>组长|主任|队长|所长|站长|校长|负责人|总召集人|召集人)")
_CONCURRENT_SIGNS = Signs("同志兼任 同志担任 同志任 兼任 担任 任")
_HOLDS = lazy(r"(?:担任|兼任|出任|(?<![主责信职])任)$")
_COUNTED = lazy(r"(?:等)?[两二三四五六七八九十\d]{1,2}[位名](?:执业|专职|公职|专业|资深|骨干|优秀)?$")
# their last characters; a $ also matches before the end of a line
_COUNTED_LAST, _HOLDS_LAST = frozenset("位名业职深干秀\n"), frozenset("任\n")
_ENDS_OF_PLACES = frozenset("镇乡村县市区局所院办站处科队庭社道街组")


def _names_before(text: str, role: str, start: int) -> Iterator[Named]:
    position = start - 1 if text[start - 1 : start] == "（" else start
    if counted := _COUNTED.search(text, max(0, position - 5), position):
        position = counted.start()  # 甲、乙两位律师
    elif holds := _HOLDS.search(text, max(0, position - 2), position):
        position = holds.start()  # 甲担任法治副校长
        if (begin := name_start(text, position)) is not None and (text[begin] in roles().safe or tag_words(text[begin:position])[0][1] == "nr"):
            yield Named(begin, position, text[begin:position], role, start)
        return
    begin = name_start(text, position)
    while begin is not None:
        yield Named(begin, position, text[begin:position], role, start)
        if (role not in ("律师", "同志") and not counted) or text[begin - 1 : begin] not in ("、", "和", "与"):
            return
        position = begin - 1
        begin = name_start(text, position)


# --- legal advisers -------------------------------------------------------------------------------------------------------------------------------------------

_ADVISER = lazy(r"法律顾问(?!制度|工作|室|团队服务|记录|服务|咨询|合同|微信|费|经费|协议|全覆盖|机制|管理|微|库|体系|一览|公示|牌|作用|队伍建设)")
_IS_ADVISER = lazy(
    r"(?:[两二三四五]位|[两二三四五]名)?(?:律师)?(?:（[^（）]{1,30}）)?(?:、[^，。；]{2,12})?(?:团队)?(?:等\S{0,6}?)?(?:继续|长期|常年)?(?:为|担任|作为|任|出任|受聘为|受聘担任|兼任|是|当)[^，。；：]{0,26}$"
)
_POST = lazy(r"(?:聘请|聘任|聘用|选聘|续聘|外聘|特聘|配备|配齐|选配|设立|聘有|聘好|用好|签约|落实|引入|邀请|充分发挥)[^，。；]{0,24}$")
_POST_ACTS = lazy(r"(?:全程|常态化|积极|定期|主动|共)?(?:参与|参加|审查|审核|列席|出具|提供|提出|为|对|协助|开展|接待|进村|入驻|\d|[一二两三四五六七八九十]名)")
_NO_POST = lazy(r"(?:没有|尚未|未能|未|缺少|缺乏|没|无)(?:[^，。；]{0,10})$")
_SERVES_VILLAGE = lazy(r"(?:村居|村（居）|村（社区）|村级|社区|村|一村一|一村（居）一|一村（社区）一|每村|各村)(?:配备)?(?:一名)?$")
_POST_WORDS = lazy(r"(?:常年|专职|兼职|外聘|聘用|首席|政府|人民政府|党委政府|党政|机关|专业|本级|的)+$")
_UNNAMED = "法律顾问（未具名）"


class Around:
    """A draft's bodies, organisations and villages by the position where they end, so that looking near a name stays cheap in a long text."""

    def __init__(self, draft: Draft) -> None:
        self.mentions = sorted(
            (mention for mention in draft.mentions if mention.type in ("body", "organisation") or mention.attrs.get("level") == "village"),
            key=lambda mention: (mention.end, mention.start),
        )
        self._ends = [mention.end for mention in self.mentions]

    def between(self, start: int, end: int) -> list[Mention]:
        """Those that end in start..end, both included."""
        return self.mentions[bisect_left(self._ends, start) : bisect_right(self._ends, end)]


def _government(draft: Draft) -> tuple[str, str | None]:
    """(full name, node) of the reporting place's government: what an adviser serves unless the text says otherwise."""
    place = draft.where.own
    if place is None:
        return "", None
    name = place.name.removesuffix("街道") + "街道办事处" if place.name.endswith("街道") else f"{place.name}人民政府"
    return name, draft.add_node(f"body:{place.id}/{name}", ("Body",), name, kind="government", place=place.id)


def _serves(draft: Draft, around: Around, position: int, clause_start: int) -> tuple[str, str | None]:
    """Whom an adviser named at ``position`` (start of 法律顾问) serves."""
    text = draft.clean
    words = _POST_WORDS.search(text, max(clause_start, position - 14), position)
    left = words.start() if words else position
    for mention in around.between(left, position):
        if mention.type != "place" and mention.start >= clause_start and mention.attrs.get("kind") != "law_firm":
            return mention.canonical or text[mention.start : mention.end], mention.node
    if _SERVES_VILLAGE.search(text, max(clause_start, left - 10), left):
        for mention in around.between(left - 1, left):
            if mention.type == "place":
                return mention.canonical or "", mention.node
        own = draft.where.own
        return (own.name, own.id) if own is not None else ("", None)
    for mention in around.between(clause_start, position):
        if (
            mention.type == "body"
            and mention.attrs.get("kind") == "government"
            and clause_start <= mention.start
            and re.search(r"[为任作]\S{0,8}$", text[clause_start : mention.start])
        ):
            return mention.canonical or "", mention.node
    return _government(draft)


def _firm_near(around: Around, start: int, end: int, position: int) -> Mention | None:
    """The law firm named in a sentence, nearest before ``position``, else the first after it."""
    firms = [mention for mention in around.between(start, end) if mention.attrs.get("kind") == "law_firm" and start <= mention.start]
    before = [mention for mention in firms if mention.end <= position]
    return before[-1] if before else firms[0] if firms else None


def _firm_of(draft: Draft, around: Around, start: int, end: int, person: Named) -> Mention | None:
    """The firm a lawyer is of: directly before the name or its list, or in brackets behind it."""
    for mention in around.between(start, end):
        if mention.attrs.get("kind") != "law_firm" or not start <= mention.start:
            continue
        between = draft.clean[mention.end : person.start] if mention.end <= person.start else draft.clean[person.end : mention.start]
        if (mention.end <= person.start and len(between) <= 24 and not re.search(r"[，。；：为]", between)) or (
            mention.start >= person.end and re.fullmatch(r"(?:律师)?（", between)
        ):
            return mention
    return None


def _clause_start(text: str, sentence_start: int, position: int) -> int:
    low = max(sentence_start, position - 120)  # a text without marks is one clause: look no further than a clause can reach
    return max(low, text.rfind("，", low, position) + 1, text.rfind("；", low, position) + 1)


_FIRM_BEFORE_NAME = lazy(r"(?:为|是|由|：|系)?[^，。；：]{2,24}(?:律师事务所|律所)(?:的)?")


def _read_advisers(draft: Draft, around: Around, persons: list[Named]) -> dict[tuple[int, int], dict[str, object]]:
    """Attributes of each person that the text calls a legal adviser, by the name's span."""
    text = draft.clean
    advisers: dict[tuple[int, int], dict[str, object]] = {}
    starts = [person.start for person in persons]
    for match in _ADVISER.finditer(text):
        sentence_start, sentence_end = draft.sentence_at(match.start())
        sentence_start, sentence_end = max(sentence_start, match.start() - 300), min(sentence_end, match.end() + 300)
        clause_start = _clause_start(text, sentence_start, match.start())
        for person in persons[bisect_left(starts, sentence_start) : bisect_left(starts, sentence_end)]:
            after = person.start - match.end()
            named_here = (
                0 <= after <= 1
                or (0 <= after <= 14 and person.role_start == match.start())
                or (0 <= after <= 30 and _FIRM_BEFORE_NAME.fullmatch(text, match.end(), person.start))
                or (0 <= after <= 6 and re.fullmatch(r"(?:律师|：|由|为|是|（)*", text[match.end() : person.start]))
            )
            listed = person.end <= match.start() and person.start >= clause_start and _IS_ADVISER.match(text[person.end : match.start()])
            directly_before = person.end == match.start() or (person.end + 1 == match.start() and text[person.end] == "（")
            if not (named_here or listed or directly_before):
                continue
            serves, node = _serves(draft, around, match.start(), clause_start)
            attrs: dict[str, object] = {"role": person.role or "法律顾问", "serves": serves, "serves_node": node, "post": False}
            if (firm := _firm_of(draft, around, sentence_start, sentence_end, person)) is not None:
                attrs |= {"firm": firm.canonical, "firm_node": firm.node}
            advisers.setdefault((person.start, person.end), attrs)
    return advisers


def _note_post(draft: Draft, around: Around, named: list[dict[str, object]]) -> None:
    """Note the first clear unnamed post: a firm as adviser, or an adviser whom nobody names."""
    text = draft.clean
    for match in _ADVISER.finditer(text):
        sentence_start, _ = draft.sentence_at(match.start())
        clause_start = _clause_start(text, sentence_start, match.start())
        before = text[clause_start : match.start()]
        if _NO_POST.search(before):  # 没有聘请法律顾问: there is none
            draft.reject("legal_adviser", match.start(), match.end(), "adviser.post", "says that there is none", (clause_start, match.start()))
            continue
        if text[match.start() - 1 : match.start()] in ("一", "“") or before.endswith(("一村一", "村（居）一")):
            draft.reject("legal_adviser", match.start(), match.end(), "adviser.post", "of another kind", (max(clause_start, match.start() - 4), match.end()))
            continue
        firm = _firm_near(around, clause_start, match.start(), match.start())
        if named and (firm is None or any(adviser.get("firm") == firm.canonical for adviser in named)):
            draft.reject("legal_adviser", match.start(), match.end(), "adviser.post", "already taken up once")
            continue
        if not (firm is not None and re.search(r"[为任作]", text[firm.end : match.start()])):
            firm = None
            if not (_POST.search(before) or _POST_ACTS.match(text, match.end())):
                draft.reject("legal_adviser", match.start(), match.end(), "adviser.post", "the words around do not fit")
                continue
        serves, node = _serves(draft, around, match.start(), clause_start)
        attrs: dict[str, object] = {"role": "法律顾问", "post": True, "serves": serves, "serves_node": node}
        canonical, name = _UNNAMED, "未具名"
        if firm is not None:
            canonical = name = firm.canonical or text[firm.start : firm.end]
            attrs |= {"firm": firm.canonical, "firm_node": firm.node}
        node_id = draft.add_node(
            f"adviser:{draft.own_id}/{name}",
            ("LegalAdviser",),
            canonical,
            kind="firm" if firm is not None else "post",
            place=draft.own_id,
            **({"firm": firm.canonical} if firm is not None else {}),
        )
        draft.add(
            "legal_adviser",
            match.start(),
            match.end(),
            rule="adviser.firm" if firm is not None else "adviser.post",
            confidence=0.85 if firm is not None else 0.7,
            canonical=canonical,
            node=node_id,
            attrs=attrs,
        )
        return


# --- component ------------------------------------------------------------------------------------------------------------------------------------------------


_ROLE_CHAIN = lazy(r"(?:[党常]?[\u4e00-\u9fff]{0,5}(?:书记|主任|委员|长|主席|组员|成员)、)*")


def _body_of(draft: Draft, around: Around, person: Named) -> Mention | None:
    """The body that the role belongs to: the one that ends inside the role or just before it (镇党委|书记, 司法所|所长, 县司法局|党组书记、局长)."""
    role_end = person.role_start + len(person.role)
    found = None
    for mention in around.between(person.role_start - 16, role_end):
        if mention.type == "place" or mention.start > person.role_start + 1:
            continue
        if mention.end >= person.role_start - 1 or _ROLE_CHAIN.fullmatch(draft.clean, mention.end, person.role_start):
            found = mention
    return found


def persons(draft: Draft) -> None:
    """Note persons in roles and legal advisers."""
    text = draft.clean.replace("\u3000", " ")
    people: list[Named] = []
    places = Spans([(mention.start, mention.end) for mention in draft.mentions if mention.type == "place" and mention.end - mention.start > 1])
    for person in sorted(iter_persons(text, draft.reject), key=lambda named: (named.start, -named.end)):
        if (not people or person.start >= people[-1].end) and not places.touches(person.start, person.end):
            people.append(person)
    around = Around(draft)
    advisers = _read_advisers(draft, around, people) if "法律顾问" in text else {}
    for person in people:
        attrs: dict[str, object] = {"role": person.role}
        if (body := _body_of(draft, around, person)) is not None:
            attrs |= {"body": body.canonical, "body_node": body.node}
        if (adviser := advisers.get((person.start, person.end))) is not None:
            node = draft.add_node(
                f"adviser:{draft.own_id}/{person.name}",
                ("LegalAdviser",),
                person.name,
                kind="person",
                place=draft.own_id,
                **({"firm": adviser["firm"]} if "firm" in adviser else {}),
            )
            draft.add("legal_adviser", person.start, person.end, rule="adviser.named", confidence=0.93, canonical=person.name, node=node, attrs=adviser)
            continue
        node = draft.add_node(f"person:{draft.own_id}/{person.name}", ("Person",), person.name, role=person.role, place=draft.own_id)
        draft.add("person", person.start, person.end, rule="person.beside_role", confidence=0.85, canonical=person.name, node=node, attrs=attrs)
    if "法律顾问" in text:
        _note_post(draft, around, list(advisers.values()))
