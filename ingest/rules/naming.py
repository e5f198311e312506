"""What a number counts: the words around it, read by the grammar of the clause.

Five traps are known (EXTRACTION notes): the predicate after the noun, counts joined by 、, a bare verb that takes its object from the clause before, a bare rate, and a
missing comma after a quantity. Each has its place below.
"""

from __future__ import annotations

import re
from functools import cache

import vocabulary
from ingest.rules.numbers import Quantity

_EDGE = "，。、；：（）“”《》— \n"
_TIME = re.compile(
    r"^(?:截至|截止|自)?(?:20\d\d年|\d{1,2}月(?:份|底)?|\d{1,2}日|上半年|下半年|一年来|今年|本年|全年|年初|近年|目前|现在|期间|以来|年底|年内|度|第[一二三四]季度|至|末|，)+"
)
_NAMED_SUBJECT = re.compile(
    r"^(?!联合|协同|会同|与|配合|邀请|由|对|为|在|到|向|给|协助|依托)[\u4e00-\u9fff]{1,7}?(?:镇|乡|街道|县|区|市|局|法院|检察院)(?:党委|政府|人民政府|党工委|办事处|司法所|共|综合执法队|综治中心|、)*(?=累计|共|先后|全年|已|开展|组织|召开|举办|印发|发放|受理|今年|20)"
)
_SUBJECT = re.compile(
    r"^(?:我们|我|本|全|各|该)(?:镇|乡|街道|县|区|市|局|院|所|社区|村|办|单位|部门|街)(?!.{0,3}(?:社区|村|单位|户|级))(?:党委|政府|司法所|综合执法队)?"
)
_LINK = re.compile(r"^(?:其中|包括|并且|并|同时|另外|此外|还|另|以及|和|及|与|且|再|则|也|又|是|等|共|均|已|累计|共计|先后)+")
_VERBS = (
    "调解成功 化解成功 调处成功 成功调解 成功化解 成功调处 排查调处 排查化解 组织开展 组织召开 组织 开展 举办 召开 举行 进行 实施 参加 参与 受理 办理 办结 调解 化解 调处 排查 处理 处置 发放 派发 分发 悬挂 张贴 制作 印发 印制 下发 建立 建成 建设 新建 成立 组建 招募 选聘 聘请 聘用 选拔 培养 培育 配备 配齐 设立 设置 打造 创建 创成 评选 表彰 "
    "接待 解答 提供 收集 征集 采纳 提出 出具 审查 审核 签订 修改 修订 制定 出台 公开 发布 公布 推送 播放 刊发 编发 编印 报送 上报 查处 立案 作出 下达 送达 移送 移交 整改 完成 解决 帮助 协调 走访 入户 检查 巡查 抽查 出动 拆除 清理 关停 覆盖 惠及 吸引 培训 宣讲 讲解 授课 "
    "教育 劝返 劝导 帮扶 慰问 登记 建档 录入 梳理 清理 划分 构建 投入 筹集 争取 安排 拨付 收缴 罚款 处罚 没收 追缴 挽回 兑现 新增 增加 减少 下降 上升 增长 降低 提高 持有 拥有 取得 获得 获评 荣获 安装 更新 修复 绘制 播出 接受 接听 接到 收到 答复 回复 反馈 转办 交办 督办 督促 约谈 通报 问责"
).split()
_VERB = re.compile("|".join(sorted(_VERBS, key=len, reverse=True)))
_RATE = re.compile(r"[\u4e00-\u9fff]{0,14}(?:率|满意度|占比|比例|比重|知晓度|安全感|比)$")
_RATE_ONLY = re.compile(
    r"^(?:办结|结案|成功|调解成功|化解成功|调处成功|覆盖|调解|化解|调处|整改|完成|满意|群众满意|执行|履行|按时办结|及时|合格|通过|参与|知晓|调成|息访|签约|见面|入户|建成|上线|出庭|纠错|胜诉|回复|答复|处置|响应|反馈|持证|到位)?率$"
)


_NUMBER = re.compile(r"^(?:[一二三四五六七八九十]{1,3}[、）]|\d{1,2}[.、）])(?:力争|拟|将|计划)?")
_ANEW = re.compile("全年|共|累计|先后|今年以来|年内|合计")


@cache
def _fillers() -> re.Pattern[str]:
    words = sorted(vocabulary.load("units")["fillers"], key=len, reverse=True)
    return re.compile("(?:" + "|".join(map(re.escape, words)) + r")$")


@cache
def _bare() -> frozenset[str]:
    return frozenset(vocabulary.load("units")["bare_verbs"])


def trim_left(words: str) -> str:
    """The words left of a number without time, subject and fillers: 2023年以来，官田乡累计开展 → 官田乡累计开展 → 开展."""
    words = _NUMBER.sub("", words.strip(_EDGE))
    for _ in range(6):
        before = words
        words = _fillers().sub("", words).rstrip("，：、—的 ")
        if words == before:
            break
    for _ in range(4):
        before = words
        words = _LINK.sub("", _NAMED_SUBJECT.sub("", _SUBJECT.sub("", _TIME.sub("", words)))).lstrip("，、： ")
        if words == before:
            break
    return words


def trim_right(words: str) -> str:
    """The words right of a number: 的专兼职调解员队伍 → 专兼职调解员队伍."""
    if words.startswith("（"):  # 2件（均胜诉）: a remark, no name
        words = words.partition("）")[2]
    words = words.strip("，。、；：（ \n")
    if words.startswith("）"):
        words = words[1:]
    return re.sub(r"^(?:的|以上的|左右的|余)", "", words)


def candidates_of(phrase: str) -> list[str]:
    """The phrase and its endings from each verb on, longest first: what a catalogue may know it by."""
    found = [phrase]
    for match in _VERB.finditer(phrase):
        found.append(phrase[match.start() :])
        found.append(phrase[match.end() :])
    return [candidate for candidate in dict.fromkeys(found) if len(candidate) >= 2]


def object_of(phrase: str) -> str:
    """The noun that a phrase ends in: 共受理群众诉求 → 群众诉求; 先后调解矛盾纠纷 → 矛盾纠纷."""
    rest = phrase
    for _ in range(3):
        match = _VERB.match(rest)
        if match is None:
            inner = None
            for inner in _VERB.finditer(rest):
                if inner.end() < len(rest) - 1:
                    break
            if inner is None or inner.end() >= len(rest) - 1:
                break
            rest = rest[inner.end() :]
            continue
        if match.end() >= len(rest):
            break
        rest = rest[match.end() :].lstrip("了")
        rest = re.sub("^各(?:项|类|种|级)?", "", rest)
    return rest


def verb_of(phrase: str) -> str:
    match = _VERB.match(phrase)
    return match.group() if match else ""


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
        anew = _ANEW.search(self.text, end + 2, start)  # 两个调解室全年调解纠纷143件: a second statement begins
        return anew.start() if anew else start

    def _takes_right(self, index: int) -> bool:
        """Whether the words after this quantity, up to the next one, say what this one counts."""
        quantity = self.quantities[index]
        between = self.text[quantity.end : self.quantities[index + 1].start]
        left_edge = self.quantities[index - 1].end if index else self.start
        left = trim_left(self.text[left_edge : quantity.start])
        named = (bool(left) and left not in _bare() and bool(object_of(left)) and object_of(left) != left) or (
            bool(left) and verb_of(left) == "" and len(left) >= 2
        )
        if quantity.unit == "%":
            return False
        if named and between and not between.startswith("的"):
            return False
        return bool(between)


def split_clause(text: str, start: int, end: int, quantities: list[Quantity]) -> list[tuple[int, int]]:
    """Cut a clause at each 、 or 和 that parts two counts (培训6次、会前学法12次)."""
    cuts = []
    for first, second in zip(quantities, quantities[1:], strict=False):
        between = text[first.end : second.start]
        position = between.rfind("、")
        if position < 0 and (match := re.match(r"[^，]{0,12}?(和|及|以及|与)(?=[\u4e00-\u9fff]{2,})", between)) is not None and not match.start(1):
            position = match.start(1)
        if position >= 0:
            # the mark right after the first count, or right before the words of the second
            direct = between.find("、")
            cuts.append(first.end + (direct if between[:direct].strip("（）以上左右余的") == "" else position))
    edges = [start, *[cut + 1 for cut in cuts], end]
    return [(edges[i], edges[i + 1] - (1 if i + 1 < len(edges) - 1 else 0)) for i in range(len(edges) - 1)]


def name_quantity(left: str, right: str, quantity: Quantity, previous: str | None, context: str) -> str:
    """The words that name what a quantity counts.

    ``left`` and ``right`` are its sides in the clause, ``previous`` the name of the count before it in the sentence, ``context`` the clause before it.
    """
    left, right = trim_left(left), trim_right(right)
    if quantity.unit in ("%", "个百分点"):
        return _name_rate(left, right, previous, context)
    if (
        quantity.unit == "个"
        and (match := re.match(r"(?:行政村|自然村|村（社区）|村（居）|社区（村）|村居|村|社区|乡镇|镇街)(?![级民委干部两规综法])", right))
        and quantity.unit == "个"
    ):
        rest = right[match.end() :]
        if re.match(r"(?:[，。]|$)", rest):
            return right[: match.end()]
        return f"{right[: match.end()]}{rest}"[:24]
    if right and not _is_tail(right):
        if left and (left in _bare() or verb_of(left) == left):
            return _cut(f"{left}{right}" if verb_of(left) not in ("组织", "开展", "举办", "召开", "举行", "进行") else right)
        if not left or len(left) > 18:
            return _cut(right)
        noun = object_of(left)
        if noun != left and noun:
            return _cut(f"{noun}{right}")
        if verb_of(left):
            return _cut(right)
        return _cut(f"{left}{right}", 28)
    name = left
    if quantity.unit in ("元", "万元") and name:
        return _cut_left(name)
    if not name or name in _bare() or (verb_of(name) == name):
        # a bare verb: its object stands in the clause before
        inherited = object_of(previous) if previous else _object_of_context(context)
        return f"{name}{inherited}" if inherited not in name else name
    return _cut_left(name)


def _is_tail(right: str) -> bool:
    return bool(re.match(r"(?:以上|左右|之多|不等|次|余)?$", right))


def _cut(words: str, limit: int = 22) -> str:
    """Up to the first mark, or the limit."""
    words = re.split("[，。；：]", words)[0]
    return words[:limit].rstrip("、的等（")


_WHERE = re.compile(r"(?:在|到|于)[^，]{1,24}?(?=(?:" + "|".join(sorted(_VERBS, key=len, reverse=True)) + r")[\u4e00-\u9fff“”（）、]{2,})")
_LEFT_BREAK = re.compile(
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
    return words.strip(_EDGE)


def _object_of_context(context: str) -> str:
    """The object of the clause before: …深入开展法治宣传活动 → 法治宣传活动."""
    words = trim_left(re.split("[，。；]", context.strip(_EDGE))[-1])
    noun = object_of(words)
    return noun[-16:] if noun else ""


def _name_rate(left: str, right: str, previous: str | None, context: str) -> str:
    """A rate: 成功率高达100% takes its verb from the counts before; 95%以上的群众 takes what follows."""
    left = re.sub(r"(?:均)?(?:达到?|为|在|保持在?|提升至|提高到|上升到|下降到|上升至|下降至|高达)$", "", left)
    left = trim_left(left)
    if not left and right:
        return _cut(right)
    if _RATE_ONLY.match(left):
        if len(left) > 2 and verb_of(left) in ("调解", "化解", "调处", "调解成功", "化解成功", "调处成功"):
            return left
        base = object_of(previous) if previous else _object_of_context(context)
        verb = verb_of(previous or "")
        if left == "成功率" and verb:
            return f"{verb.removesuffix('成功')}{left}"
        return f"{base}{left}"[-20:] if base and base not in left else left
    match = _RATE.search(left)
    return match.group() if match else _cut_left(left)
