"""What a number counts: the words around it, read by the grammar of the clause.

Five traps are known (EXTRACTION notes): the predicate after the noun, counts joined by 、, a bare verb that takes its object from the clause before, a bare rate, and a
missing comma after a quantity. Each has its place below.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

import vocabulary
from ingest.patterns import lazy
from ingest.rules.numbers import Quantity

_EDGE = "，。、；：（）“”《》— \n.≥≤"
_TIME = lazy(
    r"^(?:截至|截止|自|坚持|做到|落实)?(?:每(?:半年|季度|年|个?月|周|天|日)(?:至少|不少于)?|20\d\d年|\d{1,2}月(?:份|底)?|\d{1,2}日|上半年|下半年|[一二两三四五六七八九十几\d]+(?:个?多?[年月]|年半)多?来|今年|本年|全年|年初|近年|去年|上年|当年|年内|月底|目前|现在|期间|以来|年底|年内|度|第[一二三四]季度|至|末|，)+"
)
_NAMED_SUBJECT = lazy(
    r"^(?!联合|协同|会同|与|配合|邀请|由|对|为|在|到|向|给|协助|依托)[\u4e00-\u9fff]{1,7}?(?:镇|乡|街道|县|区|市|局|法院|检察院)(?:党委|政府|人民政府|党工委|办事处|司法所|共|综合执法队|综治中心|、)*(?=累计|共|先后|全年|已|开展|组织|召开|举办|印发|发放|受理|今年|20)"
)
_SUBJECT = lazy(
    r"^(?:我们|我|本|全|各|该)(?:镇|乡|街道|县|区|市|局|院|所|社区|村|办|单位|部门|街)(?!.{0,3}(?:社区|村|单位|户|级))(?:党委|政府|司法所|综合执法队)?"
)
_LINK = lazy(
    r"^(?:其中|包括|并且|并|同时|另外|此外|还|另|以及|和(?!解)|及(?![时格])|与|且|再|则|也|又|是|等|共计|共(?!青|同|有产)|均|已|累计|先后|全部|全覆盖)+"
)
_TAIL_OF = lazy(r"(?:[，：、—. ]|(?<![标目])的)+$")
_TAIL_LINK = lazy(r"(?<=[\u4e00-\u9fff）”])(?:(?<![惠普涉])及|(?<![调温])和|(?<!参)与|或|(?<![自理])由)$")
_TAIL_OF_ENDS, _TAIL_LINK_ENDS = frozenset("，：、—. 的"), frozenset("及和与或由")  # the characters that they end in
_STARTS = (_TIME, _SUBJECT, _NAMED_SUBJECT, _LINK)  # in this order
_VERBS = (
    "调解成功 化解成功 调处成功 成功调解 成功化解 成功调处 排查调处 排查化解 组织开展 组织召开 组织 开展 举办 召开 举行 进行 实施 参加 参与 受理 办理 办结 调解 化解 调处 排查 处理 处置 发放 派发 分发 悬挂 张贴 制作 印发 印制 下发 建立 建成 建设 新建 成立 组建 招募 选聘 聘请 聘用 选拔 培养 培育 配备 配齐 设立 设置 打造 创建 创成 评选 表彰 "
    "接待 解答 提供 收集 征集 采纳 提出 出具 审查 审核 签订 修改 修订 制定 出台 公开 发布 公布 推送 播放 刊发 编发 编印 报送 上报 查处 立案 作出 下达 送达 移送 移交 整改 完成 解决 帮助 协调 走访 入户 提报 检查 巡查 抽查 出动 拆除 清理 关停 覆盖 惠及 吸引 培训 宣讲 讲解 授课 "
    "教育 劝返 劝导 帮扶 慰问 登记 建档 录入 梳理 清理 划分 构建 投入 筹集 争取 安排 拨付 收缴 罚款 处罚 没收 追缴 挽回 兑现 新增 增加 减少 下降 上升 增长 降低 提高 持有 拥有 取得 获得 获评 荣获 安装 更新 修复 绘制 播出 接受 接听 接到 收到 答复 回复 反馈 转办 交办 督办 督促 约谈 通报 问责"
).split()
_VERB = lazy("|".join(sorted(_VERBS, key=len, reverse=True)))
# nouns that begin like a verb: 培训班, 调解协议, 检查人员
_COMPOUND = lazy(
    r"(?:员|班|室|委|书|率|量|者|会|站|点|中心|协议|通知|意见|工作|人员|案卷|记录|清单|对象|基地|活动|所|区|队|栏|组织|小组|台账|平台|事项|要点|计划|方案|令|款|工程|行动|机制|制度|专项|体系|模式|平台|率|成果|能力|情况|行为|项目|经费|力量|环境|需求|方式|程序|流程)"
)
_RATE = lazy(r"[\u4e00-\u9fff“”（）、+\d]{0,24}(?:率|满意度|占比|占|比例|比重|权重|知晓度|安全感|比)$")
_RATE_ONLY = lazy(
    r"^(?:(?:按时|按期|及时|限时|当场|就地|依法|一审|一次性|诉前|总|综合|同期|诉求|案件|工单|事项|当年)?(?:办结|结案|审结|成功|调解成功|化解成功|调处成功|覆盖|调解|化解|调处|调结|整改|完成|满意|好评|执行|履行|处置|受理|及时|合格|通过|参与|参考|参训|知晓|调成|息访|签约|见面|入户|建成|上线|出庭|纠错|胜诉|败诉|回复|答复|响应|解决|反馈|持证|到位|采纳|审查|审核|合法性审查|合法性审核|备案|报备|服判息诉|撤诉|调撤|上诉|发改|复发|重犯|出勤|到课|优秀|合规|达标)[、和及]?)*率$"
)
_SHORT_RATE = lazy(r"^(?!知晓|安全)[\u4e00-\u9fff]{2,3}率$")
_CHANGE = lazy(
    r"^(?:(?:与|较|比|同)(?:上年|去年|上一年|往年|前年|20\d\d年|年初|上[月季]度?|全[国省市州县区旗]|(?:法定|承诺|规定)(?:时限|期限|标准))(?:同期)?(?:平均)?(?:水平|值)?(?:相比)?|同比|环比|年均|平均|总体|整体|分别|均)*"
    r"(?:增长|上升|下降|减少|增加|提高|提升|降低|增幅|降幅|上涨|回落|核减|压减|压降|缩短|压缩|减幅|跃升|提速|高出?|低)(?:了|率|幅度|达|约|近|到|至|20\d\d年)*$"
)
_FROM = lazy(r"[由从](?:20\d\d年|上年|去年|过去|原来|原先)?的?$")
_TO = lazy(
    r"^(?:到(?:20\d\d年|目前|年底))?(?:增|减|回落|压降|跃升|恢复|发展|扩大|扩展|壮大|压减|缩减|提升|提高|上升|增加|增长|下降|降低|降|升|减少|缩短|压缩)(?:到|至|为)了?(?:20\d\d年|目前|现在)?的?$"
)
_PER = lazy(r"^(?:(?:平均|年|月|日)?(?:人均|日均|户均|村均|月均|年均|案均)|平均(?:每[村人户所个案件]+)?|每[村人户所])$")
_LEVEL = lazy(r"^(?:国家|省|市|县|区|镇|乡|村|街道|社区|州|旗)级$|^(?:新增|其他|其它|其余|另外)$")
_EXISTS = lazy(r"^(?:共有|设有|内有|现有|共|有)(?=[\u4e00-\u9fff])")
_CASES = frozenset("件起宗例桩次个处条项份")


@dataclass(slots=True)
class Topic:
    """What the counts of a paragraph have been about so far: later ones leave it out (办结520件, 面积860平方米, 其中女性31名)."""

    noun: str = ""
    first: str = ""  # name of the first count of the sentence
    name: str = ""  # of the last count
    before: str = ""  # of the one before it
    last: str = ""  # of the last count or rate
    unit: str = ""
    sentence: int = -1


# a sentence that begins with a quoted room or team tells what that one did: 某村“围炉”说事厅由某人主持，调解邻里纠纷16宗
_OWNER = lazy(
    r"(?P<before>[^，。；：！？\n“”]{0,14})“(?P<name>[^“”，。；\n]{2,12})”(?P<kind>[\u4e00-\u9fff]{0,8}?(?:室|队|团|小组|厅|[议说评恳]\w会|堂|亭|坊|屋|台|棚|夜校|驿站|说事点|调解点))?(?![等和、及与的]|\d余?[个支名]|[\u4e00-\u9fff]{0,6}(?:活动|建设|工作|行动))"
)
_LONGEST_WHOLE = 14  # characters of 个行政村中还有
_OUT_OF = lazy(r"(?P<noun>[\u4e00-\u9fff（）]{0,8}?)(?:[中里内](?:还|仍|尚|只|就|已|又|目前|均|都)?|还|仍|尚|(?=有\d+[个名家户处所间]?(?:被|没|未|不|无)))有")


def noun_out_of(text: str, whole: Quantity, part: Quantity) -> str | None:
    """村 of 14个村中还有5个…, where the second number is a part of the first; None where it is none."""
    if (
        part.value >= whole.value
        or part.start - whole.end > _LONGEST_WHOLE
        or not text.endswith("有", whole.end, part.start)
        or not same_kind(whole.unit, part.unit)
    ):
        return None
    match = _OUT_OF.match(text, whole.end, part.start + 12)
    return match["noun"] if match is not None and match.end() == part.start else None


# 调整某某领导小组，召开会议3次: whose meetings they were
_MEETING = lazy("召开(?:专题|全体|工作|专项)?(?:会议|会|例会)$")
_CONVENED = lazy("领导小组|协调小组|工作小组|委员会(?!办公室)|工作专班|联席会议")


def meeting_of(name: str, before: str) -> str:
    """召开会议 with the body that the sentence spoke of before."""
    if _MEETING.fullmatch(name) is None:
        return name
    bodies = _CONVENED.findall(before)
    return f"召开{bodies[-1]}{name[2:]}" if bodies else name


# 发放《某某法》单行本、口袋书: what is handed out is written matter, however it is called
_HANDED_OUT = lazy("(?:发放|派发|散发|分发|赠送|赠阅)(?=.*(?:《|口袋书|折页|手册|读本|单行本|明白[卡纸]|宣传[单册页品]|传单|小册子|挂历|台历|资料))")


def is_handed_out(name: str, unit: str) -> bool:
    """Whether a count is of printed matter that was given to people."""
    return unit in ("份", "册", "本", "张") and _HANDED_OUT.match(name) is not None


_NO_OWNER = lazy("设|建|打造|成立|推|开|依托|通过|利用|在|以|将|把|组织|举办|由|对|向|用|创|培|聘|落实|围绕|结合")
_OWNS = lazy("室|[队团组厅会堂亭坊屋台棚校点]|驿站")
_OF_ALL = lazy("全[镇乡县市区街旗]|街道|各村|各级|我[镇乡县局]|辖区")


class Owner(NamedTuple):
    """Whose counts a sentence tells, and where its name ends."""

    name: str
    end: int


def owner_of(text: str, start: int, end: int) -> Owner | None:
    """The quoted room or team that a sentence begins with as its subject; None where it begins otherwise."""
    match = _OWNER.match(text, start, end)
    if match is None or _NO_OWNER.search(match["before"]) or not (match["kind"] or _OWNS.search(match["name"][-2:])):
        return None
    return Owner(match["name"], match.end())


def owned(owner: Owner, name: str, between: str, unit: str) -> str:
    """A count's name with its owner before it, where it tells a deed of the owner and not of the whole place."""
    verb = _VERB.match(name) or _VERB.match(_ADVERB.sub("", name))
    if unit == "%" or verb is None or _COMPOUND.match(verb.string, verb.end()) or _OF_ALL.search(between) or owner.name in name:
        return name
    return f"{owner.name}{name}"


_NUMBER = lazy(r"^(?:[①-⑳]|[一二三四五六七八九十]{1,3}[、）是]|\d{1,2}[.、）](?!\d))(?:力争|拟|将|计划)?")
_ANEW = lazy("全年|共|累计|先后|今年以来|年内|合计")


@cache
def _fillers() -> re.Pattern[str]:
    words = sorted(vocabulary.load("units")["fillers"], key=len, reverse=True)
    return re.compile("(?:" + "|".join(_NOT_AFTER.get(word, "") + re.escape(word) for word in words) + r")$")


@cache
def _filler_ends() -> frozenset[str]:
    return frozenset(word[-1] for word in vocabulary.load("units")["fillers"])


# single characters that are also the end of a word: 村规民约, 行为, 持有, 传达, 审计, 得分, 附近, 人均
_NOT_AFTER = {
    "约": "(?<![民公契条预签履违节邀解缔])(?<!(?<!损)失)", "为": "(?<![行作])", "有": "(?<![持拥占具享所国私公实])", "达": "(?<![传到表送发])", "计": "(?<![统审会设估])", "分": "(?<![得评积打记部处总均])", "近": "(?<![附就临最邻])",
    "均": "(?<![人户日月年村案平])", "并": "(?<![合兼])", "共": "(?<!公)", "等": "(?<![平同])", "超": "(?<!赶)", "还": "(?<![归返退])",
}  # fmt: skip


@cache
def _bare() -> frozenset[str]:
    return frozenset(vocabulary.load("units")["bare_verbs"])


@lru_cache(maxsize=8192)
def trim_left(words: str) -> str:
    """The words left of a number without time, subject and fillers: 2023年以来，官田乡累计开展 → 官田乡累计开展 → 开展."""
    words = _without_start(_NUMBER, words.strip(_EDGE))
    for _ in range(6):
        before = words
        if words[-1:] in _filler_ends():
            words = _fillers().sub("", words)
        if words[-1:] in _TAIL_OF_ENDS:
            words = _TAIL_OF.sub("", words)
        if words[-1:] in _TAIL_LINK_ENDS:
            words = _TAIL_LINK.sub("", words)
        if words == before:
            break
    for _ in range(4):
        before = words
        for start in _STARTS:
            words = _without_start(start, words)
        words = words.lstrip("，、： ")
        if words == before:
            break
    return words


def _without_start(pattern: re.Pattern[str], words: str) -> str:
    match = pattern.match(words)
    return words[match.end() :] if match is not None else words


def trim_right(words: str) -> str:
    """The words right of a number: 的专兼职调解员队伍 → 专兼职调解员队伍."""
    if words.startswith("（"):  # 2件（均胜诉）: a remark, no name
        words = words.partition("）")[2]
    words = words.strip("，。、；：（ \n")
    if words.startswith("）"):
        words = words[1:]
    return _without_start(_RIGHT_LINK, words)


_RIGHT_LINK = lazy("的|以上的|左右的|余")


def candidates_of(phrase: str) -> list[str]:
    """The phrase and its endings from each verb on, longest first: what a catalogue may know it by."""
    found = [phrase]
    for match in _VERB.finditer(phrase):
        found.append(phrase[match.start() :])
        found.append(phrase[match.end() :])
    return [candidate for candidate in dict.fromkeys(found) if len(candidate) >= 2]


@lru_cache(maxsize=8192)
def object_of(phrase: str) -> str:
    """The noun that a phrase ends in: 共受理群众诉求 → 群众诉求; 先后调解矛盾纠纷 → 矛盾纠纷."""
    rest = phrase
    for _ in range(3):
        match = _VERB.match(rest) or _leading().match(rest)
        if match is not None and _COMPOUND.match(rest, match.end()):
            break
        if match is None:
            inner = None
            for inner in _VERB.finditer(rest):
                if inner.end() < len(rest) - 1 and _COMPOUND.match(rest, inner.end()) is None:
                    break
                inner = None
            if inner is None or inner.end() >= len(rest) - 1:
                break
            rest = rest[inner.end() :]
            continue
        if match.end() >= len(rest):
            break
        rest = rest[match.end() :].lstrip("了")
        rest = _without_start(_EACH_KIND, rest)
    return rest


@lru_cache(maxsize=4096)
def _first_deed(words: str) -> int:
    """Where the first verb with an object begins in 民警调解纠纷; 0 where somebody is only said to be there."""
    for match in _VERB.finditer(words, 2):
        before = words[: match.start()]
        if (match.group() == "组织" and _ORGANISED.search(before)) or before.endswith("全"):
            continue  # 调解组织, 全覆盖
        if (
            len(words) - match.end() >= 2
            and _COMPOUND.match(words, match.end()) is None
            and all(before.count(mark) == before.count(end) for mark, end in _MARKS)
        ):
            return len(_HOW_ALL.sub("", before))
    return 0


_ORGANISED = lazy("(?:调解|社会|群团|党|自治|基层|各级|社区|行业|经济|普法|志愿)$")
_MARKS = (("《", "》"), ("“", "”"), ("（", "）"))
_HOW_ALL = lazy("(?:共同?|全部|全年|均|都|已|累计|先后|全覆盖|每[村人户]|现场|上门|就地|及时)+$")


def _up_to_verb(words: str) -> str:
    """学校聘任 → 学校: the noun before the first verb; all words where none follows."""
    verb = next((match for match in _VERB.finditer(words, 2) if _COMPOUND.match(words, match.end()) is None), None)
    return words[: verb.start()] if verb is not None else words


_EACH_KIND = lazy("各[项类种级]?")


@cache
def _leading() -> re.Pattern[str]:
    """Verbs that a phrase may begin with beside the common ones: 取消, 采用, 审结."""
    return re.compile("(?:" + "|".join(sorted((word for word in _bare() if len(word) > 1), key=len, reverse=True)) + r")(?=[\u4e00-\u9fff“]{2})")


def verb_of(phrase: str) -> str:
    match = _VERB.match(phrase)
    return match.group() if match else ""


_KINDS_OF = frozenset("个名位家所支处户件项")
_HOLDS_NOUN = frozenset("个名位家所支")
_NOUN_NEXT = lazy(
    r"(?!"
    + "|".join(
        sorted(
            {
                *_VERBS,
                "均",
                "已",
                "全部",
                "都",
                "分别",
                "并",
                "且",
                "以上",
                "左右",
                "也",
                "在",
                "对",
                "为",
                "与",
                "被",
                "由",
                "将",
                "不",
                "未",
                "向",
                "到",
                "从",
                "和",
                "及",
                "等",
                "余",
                "多",
            },
            key=len,
            reverse=True,
        )
    )
    + r")(?:[\u4e00-\u9fff“]{2}|村（)"
)


_WHERE_ALL = lazy(r"(?:对|在|为|向|组织|覆盖)?(?:全[县市镇乡区省街院局州]|辖区内?|我[县市镇乡区局院]|街道)$")


class Clause:
    """A clause with its quantities; ``name`` says what each counts."""

    def __init__(self, text: str, start: int, end: int, quantities: list[Quantity]) -> None:
        self.text, self.start, self.end, self.quantities = text, start, end, quantities

    def sides(self, index: int) -> tuple[str, str]:
        """(words left, words right) that belong to one quantity. Between two quantities the words go to the one that lacks a name (missing punctuation)."""
        quantity = self.quantities[index]
        left_edge = self._border(index - 1) if index else self.start
        right_edge = self._border(index) if index + 1 < len(self.quantities) else self.end
        return self.text[left_edge : quantity.start], self.text[quantity.end : right_edge]

    def _border(self, index: int) -> int:
        """Where the words after a quantity stop being its own and become those of the next."""
        end, start = self.quantities[index].end, self.quantities[index + 1].start
        if not self._takes_right(index):
            return end
        if self.quantities[index].unit in _KINDS_OF and self.text.endswith("等", 0, self.quantities[index].start):
            return end + len(_up_to_verb(self.text[end:start]))  # 某某公司等7家企业|整改隐患33处
        if self.quantities[index].unit in _HOLDS_NOUN and (done := _first_deed(self.text[end:start])) > 0:
            return end + done  # 8名民警|调解纠纷12起
        anew = _ANEW.search(self.text, end + 2, start)  # 两个调解室全年调解纠纷143件: a second statement begins
        return anew.start() if anew else start

    def _takes_right(self, index: int) -> bool:
        """Whether the words after this quantity, up to the next one, say what this one counts."""
        quantity = self.quantities[index]
        between = self.text[quantity.end : self.quantities[index + 1].start]
        if _TO.match(between):
            return False  # 由3名|增至8名
        left_edge = self.quantities[index - 1].end if index else self.start
        left = trim_left(self.text[left_edge : quantity.start])
        named = (bool(left) and left not in _bare() and bool(object_of(left)) and object_of(left) != left) or (
            bool(left) and verb_of(left) == "" and len(left) >= 2
        )
        if quantity.unit == "%":
            return False
        if quantity.unit in _KINDS_OF and self.text[left_edge : quantity.start].endswith("等") and _NOUN_NEXT.match(between):
            return True  # 某某小学等8所学校聘任…8名
        if quantity.unit in _HOLDS_NOUN and _NOUN_NEXT.match(between) and (len(left) <= 2 or _HELD.search(left) or _WHERE_ALL.match(left)):
            return True
        if named and between and not between.startswith("的"):
            return False
        return bool(between)


def split_clause(text: str, start: int, end: int, quantities: list[Quantity]) -> list[tuple[int, int]]:
    """Cut a clause at each 、 or 和 that parts two counts (培训6次、会前学法12次)."""
    if len(quantities) < 2:
        return [(start, end)]
    cuts = []
    for first, second in zip(quantities, quantities[1:], strict=False):
        between = text[first.end : second.start]
        position = between.rfind("、")
        if position < 0 and (match := re.match(r"[^，]{0,12}?(和|及|以及|与)(?=[\u4e00-\u9fff]{2,})", between)) is not None and not match.start(1):
            position = match.start(1)
        if (
            position > 0
            and (verb := _VERB.search(between, 0, position)) is not None
            and verb.start()
            and verb.end() < position
            and not _COMPOUND.match(between, verb.end())
        ):
            continue  # 47名执法人员参加省、市、县三级培训92人次: the marks part what the verb governs
        if position >= 0:
            # the mark right after the first count, or right before the words of the second
            direct = between.find("、")
            cuts.append(first.end + (direct if between[:direct].strip("（）以上左右余的") == "" else position))
    edges = [start, *[cut + 1 for cut in cuts], end]
    return [(edges[i], edges[i + 1] - (1 if i + 1 < len(edges) - 1 else 0)) for i in range(len(edges) - 1)]


def name_quantity(left: str, right: str, quantity: Quantity, topic: Topic, context: str, *, part: bool = False) -> str:
    """The words that name what a quantity counts.

    ``left`` and ``right`` are its sides in the clause, ``topic`` what the counts before it were about, ``context`` the clause before it where that has no count.
    ``part`` tells a count that is part of the one before (其中…, or in brackets behind it).
    """
    if right and left[-1:] == "等" and quantity.unit in _KINDS_OF and _NOUN_NEXT.match(right):
        return _cut(right)  # those before 等 are some of the 8所学校
    said, left, right = left, trim_left(left), trim_right(right)
    if (
        left
        and not right
        and topic.noun
        and said.endswith("的")
        and topic.sentence >= 0
        and left not in topic.noun
        and quantity.unit not in ("元", "万元", "%")
    ):
        return f"{left}{topic.noun}"  # 清理文件88份，废止不合时宜的|4份
    if left and right[:1] in _PREDICATE_STARTS and _PREDICATE.match(right) is not None and object_of(left):
        right = ""  # 交办的积案9件|全部清零
    if quantity.unit in ("%", "个百分点"):
        return _name_rate(left, right, topic, context)
    if quantity.unit == "个" and (match := _VILLAGE.match(right)) is not None:
        rest = right[match.end() :]
        if not rest or rest[0] in "，。":
            return right[: match.end()]
        return f"{right[: match.end()]}{rest}"[:24]
    if quantity.unit == "人" and right.startswith("口"):
        return "人口"
    if right and not _is_tail(right):
        named = _name_right(left, right, quantity)
        if _is_bare(named) and (inherited := _inherit(topic, context, quantity.unit)) and inherited not in named:
            return f"{inherited}{named}"
        return named
    return _name_left(left, said, quantity, topic, context, part=part)


_PREDICATE_STARTS = frozenset("全均都悉无")
_PREDICATE = lazy(r"(?:全部|均已|均|都|悉数|无一)(?:[\u4e00-\u9fff]{2,6})$")
_HELD = lazy(
    r"(?:"
    + "|".join(sorted({*_VERBS, "深入", "整合", "覆盖", "走进", "在", "到", "向", "对", "为", "把", "将", "从", "联合", "带领"}, key=len, reverse=True))
    + r")$"
)


_PREPOSITIONS = frozenset("由 为 对 向 给 把 将 在 与 从 和 以 让 请".split())


def _name_right(left: str, right: str, quantity: Quantity) -> str:
    """The name of a count whose noun stands right of it: 6次学法活动, 深入14个村寨."""
    if left in _PREPOSITIONS:
        return _cut(right)
    if left and (left in _bare() or verb_of(left) == left):
        return _cut(f"{left}{right}" if verb_of(left) not in ("组织", "开展", "举办", "召开", "举行", "进行") else right)
    if not left or len(left) > 18 or (len(left) > 6 and _HELD.search(left)):
        return _cut(right)
    noun = object_of(left)
    if noun != left and noun:
        return _cut(f"{noun}{right}")
    if verb_of(left):
        return _cut(right)
    return _cut(f"{left}{right}", 28)


_VILLAGE = lazy(r"(?:行政村|自然村|村（社区）|村（居）|社区（村）|村居|村|社区|乡镇|镇街)(?![级民委干部两规综法寨])")


_TOTAL = lazy("合计|共计|总计|总共")


def _common_end(one: str, other: str) -> str:
    """纠纷 of 邻里纠纷 and 婚姻家庭纠纷."""
    size = 0
    while size < min(len(one), len(other)) and one[-size - 1] == other[-size - 1]:
        size += 1
    return one[len(one) - size :]


def _name_left(name: str, said: str, quantity: Quantity, topic: Topic, context: str, *, part: bool) -> str:
    """The name of a count whose words stand left of it; what the text leaves out comes from the topic."""
    if not name and (_TOTAL.search(said) or (said.strip(_EDGE) == "共" and topic.sentence >= 0 and topic.before and same_kind(quantity.unit, topic.unit))):
        suffix = _common_end(topic.name, topic.before)
        name = f"{verb_of(topic.first)}{suffix}" if len(suffix) >= 2 else object_of(topic.first) if said.strip(_EDGE) == "共" else ""
    if not name:
        kind = "面积" if quantity.unit in ("平方米", "㎡", "亩", "公顷", "平米") and "面积" not in topic.name else ""
        if topic.sentence < 0 and (told := _object_of_context(context)):
            return f"{told}{kind}"
        return f"{topic.name or _inherit(topic, context, quantity.unit)}{kind}"
    if said[-1:] in _AGAINST_ENDS and _AGAINST.fullmatch(said.strip(_EDGE)):
        return topic.last or name  # 经费4.8万元，较上年的|3.2万元
    if quantity.unit not in ("元", "万元") and (name in _bare() or verb_of(name) == name or _is_bare(name)):
        inherited = _inherit(topic, context, quantity.unit)
        if (filed := name.endswith("立案")) or (
            _SETTLED.search(name) is not None and inherited and (_DISPUTED.search(inherited) is None or _is_bare(inherited))
        ):
            inherited = _dispute_of(topic, context, _FILED if filed else _DISPUTED)
        if name == "成功" and verb_of(topic.name) in ("调解", "化解", "调处"):
            name = f"{verb_of(topic.name)}成功"
        return name if inherited in name else f"{name}{inherited}"
    if _is_change(name):
        return name if topic.last in name else f"{topic.last}{name}"
    if _TO.match(name):
        return topic.last or name
    if _FROM.search(name):
        name = _FROM.sub("", name)
    if _LEVEL.match(name):
        inherited = _inherit(topic, context, quantity.unit)
        return name if inherited in name else f"{name}{inherited}"
    if _is_attribute(name) or _PER.match(name) or (quantity.unit in ("元", "万元") and (name in _bare() or len(name) <= 2) and name not in _SUMS):
        inherited = _inherit(topic, context, quantity.unit)
        return name if inherited in name else f"{inherited}{name}"
    if (owned := _EXISTS.match(name)) is not None and context and (place := _object_of_context(context)) and len(place) >= 3:
        return f"{place}{name[owned.end() :]}"
    if part and topic.noun and same_kind(quantity.unit, topic.unit) and len(name) <= 6 and not set(_pairs(name)) & set(_pairs(topic.noun)):
        return name if name.endswith(topic.noun[-2:]) else f"{name}{topic.noun}"
    if quantity.unit in _CASES and topic.unit in _CASES and len(name) <= 6 and (verb := _TAIL_VERB.search(name)) is not None and verb.start() and topic.noun:
        return name if topic.noun in name else f"{name}{topic.noun}"  # 申请人撤回1宗, 县级协调25件
    return _cut_left(name)


# what is mediated or filed as a case is a matter; persons, hours and advice counted just before are not
_SETTLED = lazy("(?:调解|化解|调处|调结|立案|结案|审结)(?:成功)?$")
_DISPUTED = lazy("纠纷|矛盾|案|件|诉求|事项|信访|争议|问题|隐患|投诉|举报|线索|积怨|申请|工单|诉讼|复议|警情|上访|事故|行为|建筑")


_FILED = lazy("案件|线索|违法|违建|行为|举报")


def _dispute_of(topic: Topic, context: str, matters: re.Pattern[str]) -> str:
    """The matter that the sentence spoke of last, else nothing."""
    nouns = (_object_of_context(context), topic.noun if topic.sentence >= 0 else "", object_of(topic.first))
    return next((noun for noun in nouns if matters.search(noun) is not None and not _is_bare(noun)), "")


_AGAINST_ENDS = frozenset("年度期的")
_AGAINST = lazy(r"(?:较|比|与|同)(?:上年|去年|上一年|前年|20\d\d年)度?(?:同期)?的?")
_SUMS = frozenset("罚款 罚没 投入 投资 罚没款 追缴 追回".split())
_TAIL_VERB = lazy(r"(?:撤回|维持|撤销|终止|驳回|协调|处置|办结|化解|调解|调处|上报|移送|答复|采纳|通过|审结|结案|解决|整改|受理)$")


def _is_change(words: str) -> bool:
    """同比下降, 较上年提高: a change of what was counted before."""
    return len(words) <= 24 and _CHANGE.match(words) is not None


def _pairs(words: str) -> list[str]:
    return [words[index : index + 2] for index in range(len(words) - 1)]


def same_kind(one: str, other: str) -> bool:
    """Whether two units count the same sort of thing: 件 and 起, 名 and 人."""
    groups = ("件起宗例桩", "名人位", "场次")
    return one == other or any(one in group and other in group for group in groups if one and other)


_ADVERB = lazy(
    r"^(?:已|均|义务|只|仅|才|又|全部|当场|现场|就地|及时|依法|依规|成功|逐步|逐一|同步|集中|实际|先后|按期|按时|自行|主动|平均|初步|有效|妥善|累计|共|总|新|再|拟|去年以来|今年以来|核查|调解|遴选)+(?=[\u4e00-\u9fff]{2})"
)


@lru_cache(maxsize=4096)
def _is_bare(name: str) -> bool:
    """Whether a name is verbs and nothing else (采纳回复, 核查办结, 当场化解): what they are done to stands before."""
    if len(name) > 8 or (len(name) > 2 and name.endswith("组织")):  # 调解组织
        return False
    return _all_bare().fullmatch(name) is not None or _all_bare().fullmatch(_ADVERB.sub("", name)) is not None


@cache
def _all_bare() -> re.Pattern[str]:
    words = sorted({*_bare(), *_VERBS}, key=len, reverse=True)
    return re.compile("(?:" + "|".join(map(re.escape, words)) + "|并|后|了|和|、|予以|给予|申请人|宣布)+")


@cache
def _attributes() -> frozenset[str]:
    return frozenset(vocabulary.load("units")["attributes"])


def _is_attribute(name: str) -> bool:
    """Whether a name tells a side of something named before: 面积, 涉及金额, 听众, 播放量."""
    words = _attributes()
    return name in words or name[1:] in words or name[2:] in words


_TIMES = frozenset(("次", "场", "场次"))


def is_side(said: str, unit: str) -> bool:
    """Whether a count tells a side of what was counted before, which stays the topic: 面积, 涉案金额, 人均, and sums of money."""
    name = trim_left(said)
    return unit in ("元", "万元", "平方米", "㎡") or _is_attribute(name) or _PER.match(name) is not None or "人均" in name


def with_verb_of(first: str, name: str) -> str:
    """The name of a count in a list, with the verb that the first one has: 检查网吧18家、娱乐场所9家 → 检查娱乐场所."""
    verb = verb_of(first)
    if not verb or not name or len(verb) >= len(first) or verb_of(name) or (_VERB.search(name) is not None and not _COMPOUND.search(name)):
        return name
    return f"{verb}{name}"


def _inherit(topic: Topic, context: str, unit: str) -> str:
    """The noun that a count leaves out: that of the counts before in the sentence where they count alike, else of the clause before, else of the paragraph."""
    if unit in _TIMES and topic.unit not in _TIMES and topic.unit not in _CASES:
        return _object_of_context(context)
    if topic.sentence >= 0 and topic.noun and (not context or same_kind(unit, topic.unit)):
        return topic.noun
    return _object_of_context(context) or topic.noun


_TAILS = frozenset(("", "以上", "左右", "之多", "不等", "次", "余"))


def _is_tail(right: str) -> bool:
    return right in _TAILS


def _cut(words: str, limit: int = 22) -> str:
    """Up to the first mark, or the limit."""
    mark = _CUT_AT.search(words)
    return words[: min(limit, mark.start()) if mark is not None else limit].rstrip("、的等（")


_CUT_AT = lazy("[，。；：]")


_WHERE = lazy(r"(?:在|到|于)[^，]{1,24}?(?=(?:" + "|".join(sorted(_VERBS, key=len, reverse=True)) + r")[\u4e00-\u9fff“”（）、]{2,})")
_LEFT_BREAK = lazy(
    r"(?:等(?:方式|形式|活动|重点|时机|契机|节点|内容|问题|工作|力量|资源|途径|渠道)[，、]?|的形式|的方式|为契机|为抓手|为载体|为依托|手段)(?=(?:"
    + "|".join(sorted(_VERBS, key=len, reverse=True))
    + "))"
)


def _cut_left(words: str, limit: int = 40) -> str:
    """The part of a long left side that names the count: from its last full verb on."""
    for match in list(_LEFT_BREAK.finditer(words))[::-1]:
        if len(words) - match.end() >= 4:
            words = words[match.end() :]
            break
    if (place := _WHERE.match(words)) is not None:
        words = words[place.end() :]
    if len(words) > limit:
        verbs = [match for match in _VERB.finditer(words) if 3 <= len(words) - match.start() <= limit]
        words = words[verbs[0].start() :] if verbs else words[-limit:]
    return _balance(words)


_PAIRS = lazy("[“”《》（）]")


def _balance(words: str) -> str:
    """Without marks at the ends, but with the closing one of a pair that opens inside: 组织“送法下乡”."""
    bare = words.strip(_EDGE)
    if _PAIRS.search(bare) is None:
        return bare
    for opening, closing in ("“”", "《》", "（）"):
        if bare.count(opening) > bare.count(closing):
            bare += closing
        elif bare.count(closing) > bare.count(opening):
            bare = opening + bare
    return bare


_NO_OBJECT = lazy("(?<!年)以来$|予以|给予|不|没有|未|坐班|主持|负责|$(?!)")


_OUTCOME = lazy("(?:清理|整改|办理|评估|审查)(?:结果|情况)$")  # 规范性文件|清理结果


def _object_of_context(context: str) -> str:
    """The object of the clause before: …深入开展法治宣传活动 → 法治宣传活动."""
    words = trim_left(re.split("[，。；]", context.strip(_EDGE))[-1])
    if _NO_OBJECT.search(words):
        return ""
    words = _OUTCOME.sub("", words)
    noun = object_of(words)
    return noun[-16:] if noun else ""


_ONLY = lazy("^(?:仅|只|约)(?=占)")
_REACHES = lazy(
    r"(?:(?<=权重)占|(?<=比重)占|(?<=比例)占)$|(?:均)?(?:稳定|保持|维持)?(?:达到?|为|在|保持在?|提升至|提高到|提升到|提高至|上升到|上升至|下降到|下降至|降至|升至|高达)$"
)


def _name_rate(left: str, right: str, topic: Topic, context: str) -> str:
    """A rate: 成功率高达100% takes its verb and object from the counts before; 95%以上的群众 takes what follows."""
    left = _FROM.sub("", left)
    if left and (_TO.match(left) or (left in ("提升", "提高", "上升", "下降", "降低") and not topic.last)):
        return topic.last or left
    left = _REACHES.sub("", left)
    left = _FROM.sub("", trim_left(left))
    if not left:
        return _cut(right) if right else topic.last
    if _is_change(left):
        left = left.replace("分别", "")
        return left if topic.last in left else f"{topic.last}{left}"
    left = _ONLY.sub("", left)
    if left in _PREPOSITIONS and right:
        return _cut(right)
    if left.startswith("占") and len(left) > 2 and left not in ("占比例", "占比重"):
        base = _inherit(topic, context, "%")
        return left if not base or base in left else f"{base}{left}"
    if left in ("占比", "占", "权重", "比例", "比重", "比例达", "占总数", "占总量"):
        base = _inherit(topic, context, "%")
        return f"{base}{left}"
    if (len(left) <= 24 and _RATE_ONLY.match(left)) or _SHORT_RATE.match(left):
        base = _inherit(topic, context, "%")
        verb = verb_of(topic.name)
        if left == "成功率" and verb:
            left = f"{verb.removesuffix('成功')}{left}"
        return f"{base}{left}"[-24:] if base and base not in left and not left.startswith(base[-2:]) else left
    match = _RATE.search(left)
    return _balance(match.group()) if match else _cut_left(left)


def share_equally(name: str, said: str, unit: str) -> list[str]:
    """Names of the counts that one number stands for: 参考率和合格率均达100%, 讲座、咨询各5场. One name where it stands for one."""
    if unit == "%":
        items = [item for item in _PARTED.split(name) if item]
        return items if len(items) > 1 and all(len(item) >= 2 and item.endswith(("率", "度")) for item in items) else [name]
    if not said.rstrip().endswith("各"):
        return [name]
    items = _PARTED.split(name)
    alone = len(items) > 1 and all(len(item) >= 2 for item in items) and not any((verb := verb_of(item)) and len(item) > len(verb) + 1 for item in items[1:])
    return items if alone and not _INNER_VERB.search("，".join(items[1:])) else [name]


_PARTED = lazy("、|和|以及|及(?![时格])|与")
_INNER_VERB = lazy("培育|配备|聘请|开展|设立|配置|安排|选派|建立")


def share_out(clause: str, quantities: list[Quantity], start: int) -> dict[int, str]:
    """Names of counts that 分别 hands out: 婚姻纠纷、邻里纠纷分别为3件、4件 → {first: 婚姻纠纷, second: 邻里纠纷}; empty where the numbers do not go up."""
    position = clause.find("分别")
    if position < 0:
        return {}
    after = [index for index, quantity in enumerate(quantities) if quantity.start - start > position]
    items = [item for item in _PARTED.split(trim_left(clause[:position])) if item and (len(item) >= 2 or item in "村镇乡县市区街")]
    if len(after) < 2 or len(items) < len(after):
        return {}
    items = [_cut_left(item) for item in items[-len(after) :]]
    deed = _VERB.match(clause, position + 2, quantities[after[0]].start - start)
    if deed is not None:  # 村、镇两级分别化解9件、4件
        items[-1] = _ALL_LEVELS.sub("", items[-1]) or items[-1]
        return {index: f"{item}{deed.group()}" for index, item in zip(after, items, strict=True)}
    size = len(items[0])
    if len(items[-1]) >= size + 2 and all(len(item) == size for item in items[:-1]) and items[-1][size - 1] == items[0][-1]:
        items = [*(f"{item}{items[-1][size:]}" for item in items[:-1]), items[-1]]  # 党务、村务|公开信息分别为63条、92条
    return dict(zip(after, items, strict=True))


_ALL_LEVELS = lazy("[两二三四][级类个者方]$")
