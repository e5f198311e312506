"""Reading of quoted strings: which class word a “…” stands before, and what kind of thing that makes it.

“A”调解室 is a room, “A”“B”等平台 are two platforms, “A”工作法 is a program, “A”目标 is a slogan. One reading serves all rules that look at quotes.
"""

from __future__ import annotations

import re
import sys
from bisect import bisect_right
from functools import lru_cache
from typing import Literal, NamedTuple

import vocabulary
from ingest.patterns import lazy
from ingest.rules.signs import Signs, iter_at

Family = Literal["program", "weak", "room", "studio", "platform", "activity", "meeting", "team", "document", "other"]

# Class words by what they make of the quoted name. Order within a family is free: the regex takes the longest at the first place.
CLASS_WORDS: dict[Family, str] = {
    "program": "制度 机制 责任制 工作制 承诺制 积分制 负责制 代办制 包保制 包联制 联系制 模式 工作法 调解法 治理法 议事法 服务法 管理法 六步法 五步法 四步法 三步法 行动 专项行动 行动计划 工程 计划 改革 清单 标准 品牌 项目 责任清单 "
    "专项整治行动 专项治理行动 集中整治行动 清理整治 集中整治 综合整治 排查整治 整治行动 治理行动 攻坚行动 清零行动 统一行动 集中行动 提升行动 大走访 大排查 大检查 回头看 专项执法 专项检查 专项排查 专项督查 专项清查 专项治理 专项 打假 攻坚 在线调解 人民调解 评价办法 驻村工作 送法 普法 普法规划 规划 试点 示范创建 示范点 创建 创建活动 创建工作 经验 服务圈 评选 治理 监管 服务 做法 举措 打法 套餐 通办 专项斗争 斗争 专项整治 整治 攻坚战 做法 服务模式 驱动 闭环机制 闭环管理机制 闭环工作机制 执法 执法模式 综合治理 四字诀 三字诀 五字诀 六字诀 三字经 会战 示范带 普法IP IP 联动",
    "weak": "格局 体系 网络 矩阵 链条 闭环 框架 架构 路径",
    "room": "调解工作室 调解室 调解驿站 调解站 调解点 调解中心 评理室 评理堂 评理站 评理点 说理室 说事室 说事堂 说事亭 议事室 议事亭 议事厅 议事堂 和解室 解纷室 解纷工作室 化解工作室 会客厅 法官工作室 律师工作室 警官工作室 检察官工作室 茶室 "
    "调解之家 谈心室 连心室 调处室 联调室 调解角 调解屋 调解亭 调解院 调解庭院 调解超市 调解茶馆 调解小屋 调解坊 调解舍 调解小组 调解棚 说理棚 评理台 说理台 说事台 说和台 唠嗑屋",
    "studio": "工作室",
    "platform": "平台 APP 小程序 公众号 微信公众号 公众微信号 微信公众平台 公众平台 服务号 订阅号 视频号 抖音号 抖音 微博 微信 微信群 工作群 微信工作群 交流群 服务群 群 热线 专线 网站 官网 网 专栏 栏目 专题 系统 信息系统 讲堂 大讲堂 微讲堂 课堂 微课堂 大课堂 学堂 夜校 学校 "
    "驿站 阵地 广场 公园 长廊 文化长廊 文化墙 文化街 大院 小院 书屋 书吧 基地 中心 服务站 工作站 服务点 工作点 联络站 联系点 大厅 窗口 专窗 信箱 直通车 大喇叭 广播 大数据 云平台 码 二维码 客户端 机器人 亭 点 站 屋 堂 馆 角 超市 茶馆 庭院 "
    "大篷车 宣传车 驾驶舱 数字应用 应用 应用场景 小程式 头条号 快手号 一点通 网络学院 云课堂 服务号 广场舞台 书院 体验馆 教育馆 直播间 审判点 法官工作站 普法市集 市集 微信平台 主题公园 主题广场 主题小广场 文化广场 文化公园 主题街区 专窗 考试系统 会客厅",
    "activity": "活动 主题活动 宣传活动 普法活动 专场活动 系列活动 主题教育 巡回宣讲 巡回宣传 系列宣讲 宣讲 宣讲活动 宣传 宣传周 宣传月 宣传日 讲座 比赛 竞赛 大赛 演出 巡演 巡讲 晚会 展演 庭审 测评 知识竞赛 培训 培训班 国家宪法日 纪念日 专场 文艺演出 主题党日 主题宣传 接访日 仪式 启动仪式",
    "meeting": "会议 座谈会 推进会 动员会 培训会 研讨会 例会 大会 恳谈会 现场会 议事会 联席会 院坝会 专题会 学习会",
    "team": "队伍 队 小分队 普法队 宣传队 文艺队 轻骑兵 小队 突击队 调解队 巡逻队 服务团 律师服务团 法律服务团 专家团 律师团 普法队伍 宣讲团 宣讲队 服务队 志愿队 志愿服务队 服务宣传队伍 志愿者 团队 专班 联盟 协会 理事会 工作组 小组 讲师团 代表 人员 人 调解员 联络员 干部 党员 成员 村民 群众 户",
    "document": "方案 实施方案 规定 办法 条例 意见 通知 报告 台账 手册 读本 资料 横幅 标语 条幅 协议 合同 展板 案例 文件",
    "other": "节点 时间节点 重要节点 纪念日 契机 时机 目标 理念 原则 要求 精神 方针 意识 思想 作用 效应 问题 现象 难题 氛围 优势 关系 角色 责任 职责 义务 主题 标语 称号 荣誉 字样 形象 承诺 战略 重点 关键 核心 主线 抓手 载体 事项 事件 决策 会 头 领导 书记 格言 宗旨 导向 底线 红线 防线 屏障 难点 "
    "痛点 堵点 顽疾 行为 违法 犯罪 诈骗 分子 产品 企业 村 社区 乡镇 街道 单位 家庭 距离 门槛 环节 短板 工作",
}
# 普法 is a class word only where nothing is built on it: “八五”普法， but “宪法宣传周”普法活动
_AT_END = r"(?=[，。；、：！？\n“”（）\d]|$)"
_ENDS_AT = {"驻村工作": r"(?![队组人员者干])", "普法": r"(?![文夜轻巡宣讲教活责培工志队资知考阵驿基园广长街馆角品小大微课夜学强直体模机格网联矩法行])", "宣传": r"(?![活宣教周月日资单册栏教车品横标氛])", "工作": r"(?![机制法室群模体格])", "服务": _AT_END, "执法": r"(?=[，。；、：！？\n“”（）\d和及与]|$)", "治理": _AT_END, "监管": _AT_END, "微信": r"(?!\s?[群公工视小订服平])", "联动": _AT_END, "群": r"(?!众)", "测评": r"(?!活动)", "宣讲": r"(?!活动)", "培训": r"(?!活动|会|班)", "演出": r"(?!活动)", "讲座": r"(?!活动)", "竞赛": r"(?!活动)", "评选": r"(?!活动)", "仪式": r"(?!活动)", "人": r"(?![民员大品])", "村": r"(?![民级规])",
            "网": r"(?![格络])", "点": r"(?![单位面])", "会": r"(?<!社会)(?![议客])", "户": r"(?!外)", "队": r"(?!伍)", "责任": r"(?![制清])", "规划": r"", "站": r"(?![式])", "码": r"", "头": r"(?![雁])", "社区": r"(?!矫)", "违法": r"(?!行为)"}  # fmt: skip
ROOM_WORDS = frozenset(
    {
        *CLASS_WORDS["room"].split(),
        *vocabulary.load("heads")["room"],
        *(word for word in vocabulary.load("rooms")["suffixes"] if re.search("调解|调室|评理|说和|说理|讲理|说事|解事|和事|解纷|解忧|工作室", word)),
    }
)
_FAMILY_OF: dict[str, Family] = {word: family for family, words in CLASS_WORDS.items() for word in words.split()} | dict.fromkeys(ROOM_WORDS, "room")
_WORDS = "|".join(re.escape(word) + _ENDS_AT.get(word, r"(?!度)" if word.endswith("制") else "") for word in sorted(_FAMILY_OF, key=len, reverse=True))
# between the closing quote and the class word: 等, 的, a number (两个), and up to ten characters of description without particles or verbs
_CLASS = lazy(
    rf"(?P<lead>(?:第[一二三四五六七八九十\d]{{1,3}}[站期场季届])?(?:等|这|系列)?(?:[一二两三四五六七八九十\d]{{1,3}}[个项类家支条种大])?(?:系列|特色|相关)?(?P<of>的)?)(?P<description>[^\W_的了在和与及等为将把被由从向是有到并以、，。；：！？\n“”‘’《》（）]{{0,10}}?)(?P<word>{_WORDS})"
)
_PROGRAM_CLASS = lazy(
    r"(?P<lead>(?:等)?)(?P<of>的)?(?P<description>[\u4e00-\u9fff]{1,8}?)(?P<word>制度(?![化建性])|机制(?!体)|模式|工作法|专项整治行动|专项行动|专项整治|清理整治|整治行动|工程(?!建)|体系)"
)
# A class word may be only the first of several: “A”大排查大化解|专项行动, “A”企业|整治. What follows it may be the real one.
_FURTHER = lazy(
    r"(?P<description>[^\W_的了在和与及等为将把被由从向是有到并以一二三四五六七八九十\d]{0,6}?)(?P<word>专项行动|专项整治行动|专项治理行动|专项整治|专项治理|专项斗争|专项检查|专项执法|整治行动|治理行动|攻坚行动|提升行动|综合整治|集中整治|整治|攻坚战|制度(?![化建性])|行动(?![力计方上])|工程(?!建)|机制(?!体)|模式|工作法|责任制|示范点|示范创建|志愿服务项目|服务项目|活动(?![室量]|中心))"
)
_FURTHER_AFTER = frozenset(("program", "activity", "other", "team", "document"))
_COMPLETE = frozenset("制度 机制 工作法 责任制 会 头 领导 书记 村民 群众 案例 手册".split())
_LONGEST_DESCRIPTION = 16
_ONE_CHARACTER_REACH = 2  # a class word of one character (点, 人, 会) names the thing only close behind the quote
# a description with one of these is a new clause and not part of the name: “枫桥经验”推动…机制
_NEW_CLAUSE = lazy(
    r"期间|推进|推动|开展|建立|健全|完善|落实|提升|促进|实现|构建|打造|形成|强化|加强|深化|引领|坚持|组织|确保|做到|切实|全面|深入|积极|不断|参与|发挥|列入|纳入|创新|进行|(?<!纠纷)(?<!排查)(?<!多元)(?<!调处)(?<!矛盾)(?<!预防)化解|助力|融入|覆盖|走进|达|每|召开|贯穿|设立|设置|成立|组建|搭建|进驻|入驻|对(?![接口])|形式|方式|手段|途径|渠道|解决|抓好|参加|创建(?!活动|工作)|负总|获评|荣获|被评|评为|入选|授予|位于|揭牌|挂牌|受理|摆设|设点|散发|发放|利用|全年|共计|成功|聚焦|围绕"
)
# “A”, ‘A’, and what typists make of it: ”A” and “A“ (the latter only where no proper pair begins)
_QUOTED = lazy(r"“([^“”\n]{1,60})”|‘([^‘’“”\n]{1,40})’|”([^“”\n]{2,30})”|“([^“”\n]{2,30})“(?![^“”\n]{0,40}”)")
_JOINT = lazy(r"(?:、|和|与|及|以及|或)?")
_QUOTED_SIGNS = Signs("“ ‘ ”")
_TITLE_SIGNS = Signs("《 》")


class Quoted(NamedTuple):
    """A quoted string. ``start``/``end`` are around the marks. The class word is that of the whole chain: in “A”“B”等平台 both have 平台."""

    start: int
    end: int
    words: str
    family: Family | None  # None: no class word follows
    class_word: str  # 平台
    description: str  # what stands between quote and class word: 综合行政执法 in “…”的综合行政执法模式
    of: bool  # whether 的 stands between
    class_end: int  # end of the class word, or of the quote where none follows
    own: bool  # whether the class word stands directly behind this one, not behind a later member of the chain
    chain_start: int  # where the first of the chain begins


@lru_cache(maxsize=1)
def read_quotes(clean: str) -> tuple[Quoted, ...]:
    """All quoted strings of up to 60 characters, outside 《…》, in order."""
    titles = title_spans(clean)
    raw = [(match.start(), match.end(), match.group(match.lastindex or 0)) for match in iter_at(_QUOTED, _QUOTED_SIGNS, clean)]
    raw = [(start, end, words) for start, end, words in raw if not inside(titles, start, end)]
    found: list[Quoted] = []
    pending: list[tuple[int, int, str]] = []
    for index, (start, end, words) in enumerate(raw):
        pending.append((start, end, words))
        following = raw[index + 1] if index + 1 < len(raw) else None
        if following is not None and following[0] - end <= 2 and _JOINT.fullmatch(clean, end, following[0]):
            continue
        family, word, description, of, class_end = _class_after(clean, end)
        for member in pending:
            own = member[1] == end
            found.append(Quoted(*member, family, word, description, of, class_end if own else member[1], own, pending[0][0]))
        pending = []
    return tuple(found)


def _class_after(clean: str, end: int) -> tuple[Family | None, str, str, bool, int]:
    match = _CLASS.match(clean, end)
    if match is None or _NEW_CLAUSE.search(match["description"]):
        return None, "", "", False, end
    if not match["of"] and _FAMILY_OF[match["word"]] in _FURTHER_AFTER and match["word"] not in _COMPLETE:
        last: re.Match[str] | None = None
        further = _FURTHER.match(clean, match.end())
        while further is not None and not _NEW_CLAUSE.search(further["description"].replace("化解", "")):
            last = further
            further = _FURTHER.match(clean, last.end()) if last.end() - end <= _LONGEST_DESCRIPTION else None
        if last is not None:
            described = clean[match.start() + len(match["lead"]) : last.start("word")]
            return _FAMILY_OF.get(last["word"], "program"), last["word"], described, False, last.end()
    if _FAMILY_OF[match["word"]] in ("other", "team") and not match["of"]:
        # “A”民主决策机制: the longer description ends in a class word of its own
        longer = _PROGRAM_CLASS.match(clean, end)
        if longer is not None and longer.end() > match.end() and not _NEW_CLAUSE.search(longer["description"]):
            match = longer
        elif len(match["word"]) == 1 and len(match["description"]) > _ONE_CHARACTER_REACH:
            return None, "", "", False, end
    return _FAMILY_OF[match["word"]], match["word"], match["description"], bool(match["of"]), match.end()


@lru_cache(maxsize=1)
def title_spans(clean: str) -> tuple[tuple[int, int], ...]:
    """(start, end) of 《…》, outermost marks; an open one ends with its line."""
    spans: list[tuple[int, int]] = []
    depth, start, last = 0, 0, 0
    for position in _TITLE_SIGNS.starts(clean):
        if depth and clean.find("\n", last, position) >= 0:
            depth = 0
        last = position
        if clean[position] == "《":
            if depth == 0:
                start = position
            depth += 1
        elif depth:
            depth -= 1
            if depth == 0:
                spans.append((start, position + 1))
    return tuple(spans)


def inside(spans: tuple[tuple[int, int], ...], start: int, end: int) -> bool:
    """Whether [start, end) lies in one of the spans (sorted, disjoint)."""
    index = bisect_right(spans, (start, sys.maxsize))
    return index > 0 and end <= spans[index - 1][1]


def overlaps(spans: list[tuple[int, int]] | tuple[tuple[int, int], ...], start: int, end: int) -> bool:
    """Whether [start, end) meets one of the spans (sorted, disjoint)."""
    index = bisect_right(spans, (start, end)) if spans else 0
    return (index > 0 and spans[index - 1][1] > start) or (index < len(spans) and spans[index][0] < end)
