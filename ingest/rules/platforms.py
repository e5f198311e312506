"""Platforms: apps, chat groups, hotlines, web columns, night schools, squares of legal culture; what people are reached through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import msgspec

import vocabulary
from ingest.draft import Draft, Whereabouts
from ingest.patterns import lazy
from ingest.rejections import Reject, unheard
from ingest.rules.catalogue import Hit, catalogue, find_known
from ingest.rules.edges import last_item, phrase_before, strip_soft
from ingest.rules.quotes import Quoted, inside, overlaps, read_quotes, title_spans
from ingest.rules.signs import Signs, iter_near
from ingest.rules.spans import accepted_spans, drop_short_places_inside


class Platform(msgspec.Struct, gc=False):
    name: str
    kind: str
    start: int
    end: int
    rule: str
    confidence: float
    local: bool = True  # of this place; else one node for the whole country
    prefix: str = ""  # the words that say whose it is (乡政府), for the next one of a list


# Where one of the groups below can match at all: saves trying them all at each character.
_MAY_BEGIN = r"(?=[1AaPp微小客公订服视抖官政Qq钉工交联管监宣议普互群为便行综惠党人信诉办干网平应指门村事财居专法道农乡百市新牧渔职板田家宪廉德流巡周移云空民禁反枫]|(?<=[在于到、村镇乡]))"
# Class words of unquoted names, and what must stand before them (besides the guards below).
_UNQUOTED = lazy(
    rf"{_MAY_BEGIN}(?:"
    r"(?P<hotline>1[12]\d{3}(?:[-、/和]1[12]\d{3})?[\u4e00-\u9fff]{0,12}?(?:热线|专线|平台))"
    r"|(?P<app>(?:微信)?小程序|(?<![A-Za-z])[Aa][Pp][Pp]|客户端|(?:微信)?(?:公众号|公众平台|订阅号|服务号|视频号)|抖音号|官方微博|政务微博)"
    r"|(?P<group>(?:微信|QQ|qq|钉钉)?(?:工作|交流|联络|联系|服务|管理|监督|宣传|议事|普法|联防|互助)?(?:微信)?群(?![众体雄岛里]))"
    r"|(?P<hall>(?:为民|便民|政务|行政|综合|惠民|党群|公共法律|人民来访|信访|群众来访|诉讼|办税)(?:服务|接待)(?:中心)?大厅)"
    r"|(?P<academy>(?:干部)?网络学院|干部教育在线|干部在线|干部学习在线)"
    r"|(?P<ground>(?:(?<=[在于到、])(?![在于到各本该全走来])[\u4e00-\u9fff]{2,6}(?:广场|公园)(?![舞路街上附周区])|(?<=[村镇乡])(?![\u4e00-\u9fff]{0,4}(?:法治|法制|普法|宪法|民法典|廉政|平安|文化))(?![法普平禁廉宪民建打设开举组新成修级])[\u4e00-\u9fff]{3,6}(?:广场|公园)(?=开展|举办|举行|组织|设置|摆|集中|进行)))"
    r"|(?P<platform>平台|信息系统|管理系统|监管系统|监督系统|办案系统|应用系统|指挥系统|服务系统)"
    r"|(?P<site>(?:政府|门户|官方|信息公开)网站|政务网(?!络)|政务服务网(?!络)|门户网(?!站)|官网)"
    r"|(?P<column>(?:政务|党务|村务|事务|财务|居务|信息)公开栏|信息栏目|公开专栏|法治专栏|普法专栏|专题栏目)"
    r"|(?P<class>(?:法治|法律|普法|道德|农民|乡村|村民|百姓|市民|居民|新时代|农牧民|牧民|渔民|职工|党员|板凳|田间|家长|宪法|廉政|法制|德治|乡贤|流动|巡回|周末|移动|云上|空中)(?:文化|知识|文明|道德|普法|法治|微)?(?:大讲堂|微讲堂|讲堂|夜校|学堂|大课堂|微课堂|课堂|讲习所))"
    r"|(?P<practice>新时代文明实践(?:中心|所|站|点|广场|基地)?)"
    r"|(?P<venue>(?<!依)(?:法治|法制|宪法|民法典|普法|法律|禁毒|平安|反诈|廉政|廉洁|枫桥)(?:文化|宣传|主题|元素|教育|知识|体验|实践|研学|警示|科普|培训|乡村|微|小|长){0,4}(?:广场|公园|游园|长廊|街区|一条街|街(?![道坊办])|大院|小院|园(?![区林艺])|墙|驿站|书屋|书吧|茶馆|夜市|走廊|画廊|步道|(?:图书|读书|阅读)?角|基地|馆|凉亭|院坝(?!会)|示范街|主题园)))"
)
_SIGNS = Signs(
    "大厅 网络学院 在线 热线 专线 平台 小程序 APP APp ApP App aPP aPp apP app 客户端 公众号 订阅号 服务号 视频号 抖音号 微博 群 系统 网站 政务网 政务服务网 门户网 官网 公开栏 栏目 专栏 讲堂 夜校 学堂 课堂 讲习所 文明实践 "
    "广场 公园 游园 长廊 街 院 园 墙 驿站 书屋 书吧 茶馆 夜市 走廊 画廊 步道 角 基地 馆 凉亭"
)
_GENERIC_WORDS = (
    "各 各类 各种 多 多个 新 新媒体 融媒体 网络 互联网 信息 信息化 线上 线下 服务 工作 交流 宣传 学习 沟通 互动 有效 良好 广阔 综合 统一 公共 第三方 社交 媒体 短视频 电商 等 这一 两个 全新 重要 展示 议事 协商 电子 数字 数字化 智慧 智能 大数据 云 移动 "
    "管理 监督 监管 应用 办公 操作 教育 培训 展示 活动 共享 对接 自媒体 微信 公众 媒介 传播 传统 现代 主 双 一体化 联动 指挥 调度 融合 合作 发展 创业 就业 公开 投诉 举报 反映 民意 诉求 表达 干群 参与 普法 法治 法律 教学 村级 镇级 县级 市级 省级 "
    "三级 两级 基层 乡镇 街道 社区 村 镇 乡 县 区 市 省 国家 上级 本级 同级 及 和 与 、 政府 部门 单位 机关 官方 门户 网站 载体 渠道 阵地 QQ qq 钉钉 居民 村民 群众 网格 网格员 党员 干部 业主 邻里 小区 家长 工作人员 抖音 微博 客户端 相关 有关 一个 为 成为 群 "
    "村组 村社 小组 村居 组 楼栋 户 微 村两委 办事 便民 审批 业务 内部 服务型 开放 优质 坚实 重点 专业 多元 多元化 立体化 全方位 主要 其他 该 此 常用 主流 热门 网上 在线 APP app 法律服务 建设 信用 执法 综治 信访 政务 平台"
)
_GENERIC = lazy(rf"(?:{'|'.join(map(re.escape, sorted(_GENERIC_WORDS.split(), key=len, reverse=True)))})*+$")
# names of classes that are asked for though all their words are common
_NAMED = lazy(
    r"行政执法(?:[监督信息网络管理办案综合]{2}){0,4}平台|政务服务(?:管理)?平台|政府信息公开平台|公共法律服务平台|政务公开平台|信息公开平台|政务服务网|执法监督平台|行政执法平台|综治信息(?:平台|系统)|信访信息系统|网格化服务管理平台|执法监管平台|网上办事平台"
)
_OWN_PREFIX = lazy(
    r"(?:(?:我|本|全)?(?P<level>镇|乡|街道|县|区|市|省|州|旗)(?=人民政府|政府|党委|党工委|办事处|机关|级?微信|公众|政务|官方|门户|司法所|法治|普法|便民|村务|矛盾|综治|智慧|社会|网格|行政|应急|数字|为民|惠民|农村|信访|人民来访))"
)
_NATIONWIDE = lazy("全国|国家[^的]")
_DEICTIC = lazy(r"(?:我|本|全)(?P<level>镇|乡|街道|县|区|市|省|州|旗)$")
_GOING = lazy("走进|来到|位于|前往|更新|录入|归集|上传至|赴|到")
_CREATED = lazy(r"(?:创建|建立|组建|成立|开通|建)(?:起|了)?(?:一个|\d{1,4}个)?$")
_INNER_CLASS = lazy(
    r".{1,22}(?:平台|APP|小程序|公众号|大讲堂|讲堂|夜校|课堂|学堂|驿站|广场|公园|长廊|热线|书屋|文化街|文化墙|文化园|大院|小院|茶馆|超市|大喇叭|直通车|大篷车|信箱|e站|驿家|法治角|云平台|系统|微信群|专栏|栏目|体验馆|教育馆|说事点|普法点|服务点|一条街|文化长廊|街区|小屋|学院|图书角|读书角|法律角|普法角|教育基地|实践基地|主题园)$",
    re.I,
)
_NOT_NAMES = lazy(r"^(?:互联网\+?|线上\+?线下|线上|线下|网上|双微|两微一端|微信|互联网\+.{0,4}|一站式|指尖|零距离|面对面|主|双|大)$")
_MARKS = lazy("[，。；：！？]")
_HOTLINE = lazy(r"(1[12]\d{3})(.*)")
# what a program's name may run on: “一网通办”平台
_BUILT_ON = frozenset("APP 小程序 小程式 公众号 微信公众号 平台 系统 信息系统 微信群 工作群 热线 网站 数字应用 应用".split())
_SOFTWARE = frozenset("系统 信息系统 APP 小程序 小程式 考试系统".split())
_TAUGHT = frozenset("课堂 讲堂 大讲堂 微课堂 大课堂 小院 学堂 阵地 学校".split())
_ENDS_PROGRAM = lazy("(?:服务圈|机制|制度|行动|工作法|模式|改革|经验)$")
_IS_PROGRAM = lazy(r"[+＋]|^.{2,6}进.{2,4}$")
_HELD = lazy(r"(?:举办|试点|试行|开展)(?:了|好)?$")
_COUNT = lazy(r"\d+余?[次场期堂]")
_PROPER = frozenset({"平台", "APP", "小程序", "系统", "信息系统", "客户端", "云平台", "码", "二维码"})


@cache
def _headed() -> re.Pattern[str]:
    """A quoted name that says itself what it is: “祠堂普法馆”, “临江客厅”."""
    heads = sorted(vocabulary.load("heads")["platform"], key=len, reverse=True)
    return re.compile(rf"[\u4e00-\u9fff]{{1,8}}(?:{'|'.join(map(re.escape, heads))})")


def read_platforms(clean: str, where: Whereabouts, own: str, reject: Reject = unheard) -> list[Platform]:
    """Platforms of a text, by position; longest of overlapping readings. ``own`` is the reporting place's short name."""
    titles = title_spans(clean)
    found = [*_shows(clean), *_class_before(clean), *_museums(clean), *_from_quotes(clean), *_from_catalogue(clean, titles, where)]
    taken = _keep_longest(found, reject)
    spans = [(platform.start, platform.end) for platform in taken]
    by_end = {platform.end: platform for platform in taken if platform.rule == "platform.catalogue"}
    for platform in _unquoted(clean, where, own, reject):
        known = by_end.get(platform.end)
        if known is not None and platform.rule in ("platform.class", "platform.venue") and _OWN_NAME.fullmatch(clean, platform.start, known.start):
            taken[taken.index(known)] = platform  # 稻乡|法治讲堂: a lecture hall with a name of its own
            continue
        if not inside(titles, platform.start, platform.end) and not overlaps(spans, platform.start, platform.end):
            taken.append(platform)
    return sorted(taken, key=lambda platform: platform.start)


_OWN_NAME = lazy(
    r"(?!组织|举办|开设|开办|创办|兴办|承办|主办|办好|建好|用好|新建|各|每|全|本|我|流动|线上|[一-龥]?[村镇乡县]级|[的和与])[\u4e00-\u9fff]{2,4}(?<![村镇乡县市区级])"
)


def _keep_longest(found: list[Platform], reject: Reject) -> list[Platform]:
    """Of overlapping readings the longest; of equal ones the first."""
    kept: list[Platform] = []
    for platform in sorted(found, key=lambda platform: (platform.start, platform.start - platform.end)):
        if kept and platform.start < kept[-1].end:
            last = kept[-1]
            if platform.end - platform.start > last.end - last.start:
                kept[-1], platform = platform, last
            better = kept[-1]
            reject("platform", platform.start, platform.end, platform.rule, "a longer or stronger reading stands there", (better.start, better.end))
            continue
        kept.append(platform)
    return kept


def _from_catalogue(clean: str, titles: tuple[tuple[int, int], ...], where: Whereabouts) -> Iterator[Platform]:
    quoted = tuple((item.start, item.end) for item in read_quotes(clean) if 4 <= len(item.words) <= 12)
    for hit in find_known("platforms", clean):
        if hit.end - hit.start >= 4 and inside(quoted, hit.start - 1, hit.end + 1) and clean[hit.start - 1] != "“" and clean[hit.end] == "”":
            continue  # “候鸟法治讲堂” is a name of its own
        if hit.entry.generic or inside(titles, hit.start, hit.end) or not _stands_alone(clean, hit):
            continue
        local = bool(hit.entry.properties.get("local"))
        start = _with_place(clean, hit.start, where) if not local else hit.start
        if hit.entry.name.startswith("新时代文明实践") and clean[start - 1 : start] in ("镇", "乡", "村", "县", "区"):
            start -= 1
        yield Platform(hit.entry.name, hit.entry.kind or "平台", start, _branch_end(clean, hit.entry.kind, hit.end), "platform.catalogue", 0.95, local=local)


_BRANCH = lazy(r"[”’]?(?:[\u4e00-\u9fff]{2,6}[县市区镇乡州]|(?!便民|服务|惠民|政务)[\u4e00-\u9fff]{2,3})(?:分厅|旗舰店|分站|特色专区|专区|频道)")


_LINE = lazy("(?:检察服务|政务服务|公共法律服务|便民服务)?(?:热线|专线|平台|网络平台|服务热线|服务中心)")


def _branch_end(clean: str, kind: str | None, end: int) -> int:
    """End with a county's part of a province's app (赣服通南昌县分厅), or with the class word behind a hotline's number."""
    if clean[end - 1 : end].isdigit() and (line := _LINE.match(clean, end)) is not None:
        return line.end()
    match = _BRANCH.match(clean, end) if kind in ("app", "system") else None
    return match.end() if match is not None else end


def _with_place(clean: str, start: int, where: Whereabouts) -> int:
    """Start with the province, prefecture or county that the name begins with: 安徽省行政执法监督平台."""
    for place in (where.county, where.prefecture, where.province):
        for name in (place.name, place.stem) if place is not None else ():
            if len(name) >= 2 and clean.endswith(name, 0, start):
                return start - len(name)
    return start


_CLASS_BEHIND = lazy("[Aa][Pp][Pp]|平台|小程序|系统|软件|手机|移动")


def _stands_alone(clean: str, hit: Hit) -> bool:
    """Whether the match is a word of its own: 12345 before 份 is a number, 钉钉 alone is too short to be sure of."""
    if hit.variant.isdigit():
        return (
            not re.match(r"[\d.余多]|[\u4e00-\u9fff]?[份件次人户元%起场个条处名项宗家]", clean[hit.end : hit.end + 2])
            and not clean[hit.start - 1 : hit.start].isdigit()
        )
    if not hit.entry.bare and not (clean[hit.start - 1 : hit.start] in ("“", "‘") or _CLASS_BEHIND.match(clean, hit.end)):
        return False
    return len(hit.variant) > 2 or clean[hit.start - 1 : hit.start] in ("“", "‘")


def _from_quotes(clean: str) -> Iterator[Platform]:
    programs, known = catalogue("programs"), catalogue("platforms")
    for item in read_quotes(clean):
        name = item.words
        if (
            (item.family in ("program", "weak") and item.own and not item.of)
            or (_IS_PROGRAM.search(name) and item.class_word not in _SOFTWARE)
            or _HELD.search(clean, max(0, item.chain_start - 6), item.chain_start)
            or _COUNT.match(clean, item.end)
        ) and (item.family != "platform" or (_IS_PROGRAM.search(name) and item.class_word not in _SOFTWARE) or item.class_word in _TAUGHT):
            continue
        if item.family == "platform" and not item.own and _ENDS_PROGRAM.search(name):
            continue  # a program, or what was held so many times
        if (
            (_NOT_NAMES.match(name) and not (item.family == "platform" and item.class_word in _SOFTWARE and "+" in name))
            or len(name) > (24 if name.endswith("系统") else 18)
            or _MARKS.search(name)
        ):
            continue
        entry = known.get(name)
        if entry is not None:
            if not entry.generic:
                yield Platform(
                    entry.name,
                    entry.kind or "平台",
                    item.start,
                    _branch_end(clean, entry.kind, item.class_end if item.family == "platform" and item.own else item.end),
                    "platform.catalogue_quoted",
                    0.95,
                    local=bool(entry.properties.get("local")),
                )
            continue
        if item.family != "platform" and _ACCOUNT.fullmatch(name) and _PUBLISHES.match(clean, item.end):
            yield Platform(name, "微信公众号", item.start, item.end, "platform.account", 0.75)
            continue
        if item.family != "platform":
            program = programs.get(name)
            if (
                (_INNER_CLASS.match(name) or _headed().fullmatch(name))
                and (
                    item.family not in ("room", "studio", "activity", "program", "team", "other")
                    or (item.family == "other" and item.description and not item.of)
                )
                and (program is None or program.generic)
            ):
                yield Platform(name, "平台", item.start, item.end, "platform.quoted_whole", 0.8)
            continue
        program = programs.get(name)
        if (program is not None and (not item.own or item.of or item.class_word not in _BUILT_ON)) or "、" in name:
            continue
        yield _quoted(item)


# an account by what it does: “海阳微普法”推文89篇
_ACCOUNT = lazy(
    r"[\u4e00-\u9fff]{0,6}(?:普法|发布|司法|法院|检察|先锋|融媒|在线|之声|说法|法治|平安|政法|警方|公安|税务|应急|城管|团委|妇联|工会|组工|党建|微讯|资讯|微讲堂)[\u4e00-\u9fff]{0,3}"
)
_PUBLISHES = lazy(
    r"(?:累计|共|全年|定期|及时|持续)?(?:推文|推送|发文|发布|阅读量|粉丝|关注|刊发|刊载|更新|转发)(?:量|数|信息|文章|推文|普法|法治|原创)?\D{0,6}\d"
)
_CLASS_BEFORE = lazy(r"(?<!”)(?P<kind>(?:官方)?微信公众号|公众号|微信公众平台|视频号|抖音号|头条号|小程序|APP|微信号|服务号)“(?P<name>[^“”\n]{2,14})”")


# a museum is a platform where something is held in it: 依托某某纪念馆, 某某博物馆增设
_MUSEUM = lazy(
    r"(?:(?P<used>依托|利用|用好|用活|借助|发挥|走进|[在到于])|(?<=[，。；：、\n]))(?P<name>(?![在到于以与和及等各多]|辖区|当地|[镇乡县市区][级内])[\u4e00-\u9fff]{2,12}?(?P<kind>纪念馆|博物馆|陈列馆|展览馆|展示馆))(?(used)|(?=[\u4e00-\u9fff]?(?:增设|开设|设|开展|举办|打造|建)))"
)
_MUSEUM_SIGNS = Signs("纪念馆 博物馆 陈列馆 展览馆 展示馆")
_NO_MUSEUM = lazy(r"[的了和与及等将为被把]|设立|建成|建设|打造|组织|参观")


def _museums(clean: str) -> Iterator[Platform]:
    for match in iter_near(_MUSEUM, _MUSEUM_SIGNS, clean, 18, 4):
        if _NO_MUSEUM.search(match["name"]) is None:
            yield Platform(match["name"], match["kind"], match.start("name"), match.end("name"), "platform.museum", 0.7)


_SHOW = lazy(r"《(?P<name>[^《》\n]{2,12})》(?P<kind>栏目|专栏|节目|频道)")
_SHOW_SIGNS = ("》栏目", "》专栏", "》节目", "》频道")


def _shows(clean: str) -> Iterator[Platform]:
    """《法治某县》栏目: a programme of the radio, no document."""
    for match in _SHOW.finditer(clean) if any(sign in clean for sign in _SHOW_SIGNS) else ():
        yield Platform(f"{match['name']}{match['kind']}", match["kind"], match.start(), match.end(), "platform.show", 0.8)


def _class_before(clean: str) -> Iterator[Platform]:
    """微信公众号“海阳发布”: the class word stands before the name."""
    if not any(sign in clean for sign in ("号“", "程序“", "APP“", "平台“")):
        return
    for match in _CLASS_BEFORE.finditer(clean):
        yield Platform(f"“{match['name']}”{match['kind']}", match["kind"], match.start(), match.end(), "platform.class_before", 0.85)


def _quoted(item: Quoted) -> Platform:
    kind = f"{item.description}{item.class_word}" if item.class_word in ("APP", "群", "平台", "公众号", "热线") else item.class_word
    digits = _HOTLINE.fullmatch(item.words)
    if digits:
        return Platform(_hotline(digits[1]), "热线", item.start, item.class_end, "platform.hotline", 0.95, local=False)
    name = (
        item.words
        if not item.own or item.of or (item.class_word in _PROPER and len(item.words) > 2 and "+" not in item.words)
        else f"{item.words}{item.description}{item.class_word}"
    )
    return Platform(name, kind, item.start, item.class_end if item.own and not item.of else item.end, "platform.quoted", 0.9 if item.own else 0.85)


def _hotline(number: str) -> str:
    """The catalogue's name for a hotline's number, or 12388热线."""
    entry = catalogue("platforms").get(number)
    return entry.name if entry is not None else f"{number}热线"


def _unquoted(clean: str, where: Whereabouts, own: str, reject: Reject) -> Iterator[Platform]:
    previous: Platform | None = None
    last_end = 0
    quotes = tuple((item.start, item.end) for item in read_quotes(clean) if item.end - item.start <= 20)
    for match in iter_near(_UNQUOTED, _SIGNS, clean, 18, 6):
        group = match.lastgroup or ""
        bare = group == "platform" and match.start() - last_end < 3
        last_end = match.end()
        if bare or inside(quotes, match.start(), match.end()):
            continue  # a quoted name is read as a whole or not at all
        if group == "hotline":
            platform: Platform | None = Platform(_hotline(match.group()[:5]), "热线", match.start(), match.end(), "platform.hotline", 0.95, local=False)
        else:
            platform = _phrase(clean, match, group, where, own, previous, reject)
        if platform is not None:
            yield platform
            previous = platform


def _phrase(clean: str, match: re.Match[str], group: str, where: Whereabouts, own: str, previous: Platform | None, reject: Reject) -> Platform | None:
    """The unquoted name that ends with the class word, or None where it names nothing in particular."""
    kind, end = match.group(), match.end()
    if group == "ground" and _VENUE_BEHIND.match(clean, end):
        return None  # 岭南公园|法治长廊 is one place
    if group == "ground":  # the class word's own pattern holds the name
        if _COMMON_GROUND.search(kind):
            reject("platform", match.start(), end, "platform.ground", "too general to name one")
            return None
        return Platform(kind, kind, match.start(), end, "platform.ground", 0.75)
    floor = previous.end if previous is not None else 0
    start, _ = phrase_before(clean, match.start(), floor=floor, reach=18, least=0)
    if start == floor and clean[start : start + 1] in "、和与及":
        start = min(start + 1, match.start())
    if not _NATIONWIDE.match(clean, start, match.start()):
        start = last_item(clean, start, match.start())
    prefix = ""
    own_prefix = _OWN_PREFIX.match(clean, start, end)
    deictic = _DEICTIC.search(clean, max(floor, start - 3), start)
    level = own_prefix or deictic
    if level is not None:
        place = where.of_level(level["level"])
        prefix = place.name if place is not None else own if level["level"] in ("镇", "乡", "街道") else ""
    if own_prefix is not None:
        words = clean[own_prefix.end() : end]
    else:
        if deictic is None:
            if (going := _GOING.match(clean, start, match.start())) is not None:
                start = going.end()
            start = strip_soft(clean, start, end)
            while start < match.start() and clean[start] in ".）拟将":  # 2.拟建设法治广场
                start = strip_soft(clean, start + 1, end)
        words = clean[start:end]
        if deictic is not None:
            start = deictic.start()
    modifier = words[: len(words) - len(kind)]
    if _NO_MODIFIER.search(modifier):
        reject("platform", start, end, f"platform.{group}", "too general to name one")
        return None
    inherits = (
        previous is not None
        and previous.prefix
        and group in ("app", "group", "site")
        and not modifier
        and clean[previous.end : match.start()] in ("、", "和", "与", "及")
    )
    if inherits and previous is not None:
        return Platform(f"{previous.prefix}{kind}", kind, match.start(), end, "platform.coordinated", 0.85, prefix=previous.prefix)
    if not _is_name(group, modifier, kind, words, bool(prefix), clean, match.start()):
        reject(
            "platform",
            start,
            end,
            f"platform.{group}",
            "reads as a sentence, not as a name" if modifier and _is_sentence(modifier) else "too general to name one",
        )
        return None
    name = f"{prefix}{words}"
    government = re.match(r"(?:人民政府|政府|党委|党工委|办事处|机关)", words)
    return Platform(
        name,
        kind,
        start,
        end,
        f"platform.{group}",
        0.8,
        local=not _of_a_place_above(name, where),
        prefix=f"{prefix}{government.group()}" if prefix and government else "",
    )


_VENUE_BEHIND = lazy("(?:法治|法制|宪法|民法典|普法|法律|廉政|廉洁)[\u4e00-\u9fff]{0,4}(?:广场|公园|长廊|街区|园|走廊|步道|角|馆)")


def _is_name(group: str, modifier: str, kind: str, words: str, prefixed: bool, clean: str, at: int) -> bool:
    if group == "hall":
        return prefixed or (kind in _HALLS and not _COUNTED.match(clean, at + len(kind)))
    if group == "academy":
        return 2 <= len(modifier) <= 8 and not _is_sentence(modifier)
    if group in ("class", "practice", "venue"):
        if re.search("[村镇乡县市区道]级$|^各|省级$", modifier) or (
            group == "venue" and not modifier and not prefixed and _COUNTED.match(clean, at + len(kind))
        ):
            return False  # 法治书屋27个 counts them, 法治广场1个 is the one
        return not (group == "practice" and kind == "新时代文明实践") and not (modifier and _is_sentence(modifier))
    if _NAMED.search(words):
        return not _is_sentence(modifier)
    if group == "group":
        if not modifier:
            return len(kind) > 2 and bool(_CREATED.search(clean, max(0, at - 10), at))
        return (prefixed and kind != "群") or ("微信" in words and not _GENERIC.match(modifier) and not _is_sentence(modifier))
    if group in ("app", "site", "column"):
        return (prefixed or (len(modifier) >= 2 and not _GENERIC.match(modifier))) and not _is_sentence(modifier)
    return (prefixed and len(modifier) >= 2) or (len(modifier) >= 4 and not _GENERIC.match(modifier) and not _is_sentence(modifier))


_HALLS = frozenset("政务服务大厅 便民服务大厅 公共法律服务大厅 政务服务中心大厅 便民服务中心大厅".split())
_NO_MODIFIER = lazy(r"[个了的]$|^[、，]|\d")
_SENTENCE = lazy(
    r"搭建|提供|便于|发布|公布|公示|公开(?=.{5})|上传|录入|转发|宣传.{0,3}[册单]|开展|反馈|收集|组织|作为|统一(?!战线|身份)|实时|随时|自觉|加入|建了|如有"
)
_COUNTED = lazy(r"(?:约|共)?(?!1[个处座]|一[个处座])[\d一二两三四五六七八九十]{1,4}余?[个处座家间所块]")
_COMMON_GROUND = lazy(
    r"^(?:[法普平禁廉]|文化|休闲|健身|村民|群众|人员|社区|小区|党建|主题|城市|村级|乡镇|农村|街头|公共|活动|中心广场|各|重点|辖区|集镇|商场|学校|车站|市场|大型|小型|中心|全县|全市|全区|县城|城区|镇区|政府|机关|办公|门前|门口|附近|周边|口袋|街心|湿地|森林|体育|法制|宪法|民法典)|[和及与的等将把建设打造]"
)


def _is_sentence(modifier: str) -> bool:
    """Whether the words before the class word are more than a name: a verb with its object."""
    return _SENTENCE.search(modifier) is not None or len(modifier) > 16


def _of_a_place_above(name: str, where: Whereabouts) -> bool:
    """Whether the name begins with a province, prefecture or county: such a platform is one and the same for all who use it."""
    return any(
        place is not None and (name.startswith(place.name) or (len(place.stem) >= 2 and name.startswith(place.stem)))
        for place in (where.province, where.prefecture, where.county)
    ) or name.startswith(("全国", "国家", "中国"))


_LONGEST_PLACE = 6


def platforms(draft: Draft) -> None:
    """Add mentions of platforms; 乡政府微信群、公众号 gives 官田乡政府微信群 and 官田乡政府公众号."""
    # positions inside the full name of a place, where no platform begins or ends: 平安|通城镇
    within = {
        position: mention.start
        for mention in draft.mentions
        if mention.type == "place" and mention.rule == "place.full_name"
        for position in range(mention.start + 1, mention.end)
    }
    rooms = sorted({(mention.start, mention.end) for mention in draft.of("mediation_room")})
    practices = accepted_spans(draft.clean)
    for platform in read_platforms(draft.clean, draft.where, draft.own_name, draft.reject):
        if (begin := within.get(platform.start)) is not None and begin >= platform.start - _LONGEST_PLACE:
            platform.start = begin  # 年|堆乡民法典主题小广场: the place belongs to it as a whole
        if (
            platform.start in within
            or platform.end in within
            or overlaps(rooms, platform.start, platform.end)
            or practices.touches(platform.start, platform.end)
        ):
            draft.reject("platform", platform.start, platform.end, platform.rule, "another finding stands there")
        else:
            add_platform(draft, platform)
    drop_short_places_inside(draft, [(mention.start, mention.end) for mention in draft.mentions if mention.type == "platform"])


def add_platform(draft: Draft, platform: Platform) -> None:
    identifier = f"platform:{draft.own_id}/{platform.name}" if platform.local else f"platform:{platform.name}"
    properties = {"kind": platform.kind} | ({"place": draft.own_id} if platform.local else {})
    node = draft.add_node(identifier, ("Platform",), platform.name, **properties)
    draft.add(
        "platform",
        platform.start,
        platform.end,
        rule=platform.rule,
        confidence=platform.confidence,
        canonical=platform.name,
        node=node,
        attrs={"kind": platform.kind},
    )
