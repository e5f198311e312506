"""Villages, communities, residential areas and development zones that the register does not list, by their names' last word.

A settlement is two to five characters before 村, 社区, 小区 or 嘎查 that begin where a name can begin: behind a place (万安镇|塘坝村), a mark, or a word
such as 在.
What only says which kind of village it is (示范村, 平安社区, 老旧小区) names none.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ingest.patterns import lazy
from ingest.rules.signs import Signs, iter_at
from ingest.segment import tag_words

REACH = 6
_SUFFIX = lazy(
    r"村(?![民级务规支居组里落庄镇屯社干医风容史头口小寨校貌情企寓警霸务道上内中外间级部改财账](?!部|委|党))|社区(?![矫化型级团]|服务)|小区(?!域)|嘎查(?!达|长|书|级|村)"
)
_SUFFIX_SIGNS = Signs("村 社区 小区 嘎查")
# where a name begins: behind a mark or line start, or behind one of these
_LEFT = frozenset("，。、；：“”（）《》〔〕.,在到对由和与及向为将把使给从于至赴驻以让含如即是有被镇乡县区市")
_LEFT_WORDS = frozenset(
    (
        "深入 走进 选取 组织 培育 创建 打造 来到 进驻 入驻 联合 选择 指导 帮助 推荐 邀请 位于 依托 围绕 包括 其中 以及 辖区 新增 获评 命名 "
        "完成 推动 支持 督促 协助 调解 处理 化解 涉及 前往 走访 抽取 确定 确立 建立 设立 建成 开展 推进 实施 创成 申报 率先在 分别在 先后在 街道 苏木"
    ).split()
)
# characters that are in no settlement's name, or hardly ever
_NEVER = lazy(r"[的了和与及或在是为被将把由等各们这那我你他她它每该本某全都并但则就不无已对向从到以于个名位次件起场第使让给所含如即至赴进入驻]|\d")
_KINDS = lazy(
    r"(?:行政|自然|试点|示范|平安|美丽|法治|文明|和谐|民主|先进|重点|贫困|薄弱|所在|其他|其它|周边|周围|相邻|邻近|空心|城中|产业|特色|善治|清廉|后进|软弱|涣散|标杆|亮点|达标|森林|旅游|文化|生态|信用|数字|未来|和美|秀美|幸福|小康|卫生|整洁|五星|红旗村|无毒|无讼|无访|脱贫|出列|牧区|山区|边境|农业|城镇|城市|智慧|"
    r"老旧|新型|红色|国际|学习|绿色|所辖|住宅|居民|封闭|物业|开放|商品房|安置|回迁|移民|拆迁|保障|廉租|公租|单位|家属|无物业|有物业|小型|大型|部分|多个|若干|几个|一批|试验|综合|镇街|乡镇|街道|镇村|乡村|农村|村居|村组|入户|包村|驻村|帮扶|联系|创建|打造|建设|整治|管理|服务|宣传|网格|党建|群众|干部|基层|社会|当地|"
    r"本地|外来|附近|属地|整村|全体|共同|互助|民族|团结村|少数|省级|市级|县级|区级|国家|全国|模范|优秀|引领|精品|样板|培育|提升|改造|撤并|合并|搬迁|易地|临街|沿线|沿街|沿江|沿海|城郊|近郊|偏远|边远|中心|核心|主要|一般|普通|传统|古|新|老|旧|两|三|四|五个|六个|零)+(?:示范|试点|创建|建设|的)*$"
)
_NOT_TAGS = frozenset(("v", "vn", "a", "ad", "an", "d", "c", "p", "r", "t", "u", "y", "vd", "q"))
_HAN = lazy("[\u4e00-\u9fff]+")
_PEOPLE = lazy(
    "^(?:利用|依托|通过|借助|按照|根据|结合|经|由|提升|完善|加强|建强|强化|规范|健全|开展|推进|夯实|抓好|做好|发挥|聚焦|围绕|针对|鼓励|引导|发动|带动|帮助|服务)|依法|法治|[一两三四五各]级|律师|干部|法官|民警|群众|党员|书记|队员|顾问|专家|人员|部门|单位|政府|党委|机关|企业|工作|问题|矛盾|纠纷"
)
_ZONE = lazy(
    r"(?:国家级|省级)?(?:(?:循环|综合|临港)?经济(?:技术)?|高新(?:技术)?(?:产业)?|高技术产业|工业|化工|现代农业|农业科技|生态|产业|文化|旅游|保税|综合保税|临空){1,3}(?:开发区|工业园区|产业园区|产业园|工业园|度假区|示范区|合作区|保税区|集中区|新区|园区)|(?:高新|经开|综保|自贸)区(?!域)"
)
_ZONE_STARTS = frozenset("国省循综临经高工化现农生产文旅保自")


class Settlement(NamedTuple):
    """A settlement in ``clean``: span and kind (village or zone)."""

    start: int
    end: int
    kind: str


@lru_cache(maxsize=4096)
def is_name(stem: str) -> bool:
    """Whether the characters before 村 or 社区 can be a name of their own: no kind of village, no verb among them."""
    if (
        not _HAN.fullmatch(stem)
        or _NEVER.search(stem)
        or _KINDS.match(stem)
        or stem[-1] in "镇乡治下出返回离整包联挂帮农乡村区走进跑遍串"
        or _PEOPLE.search(stem)
    ):
        return False
    return not any(len(word) >= 2 and part in _NOT_TAGS for word, part in tag_words(stem))


def iter_settlements(clean: str, ends: dict[int, int]) -> Iterator[Settlement]:
    """Settlements in the text, by position. ``ends`` gives where each place that is already known begins, by where it ends."""
    for match in iter_at(_SUFFIX, _SUFFIX_SIGNS, clean):
        start = _name_before(clean, match.start(), ends)
        if start is not None:
            yield Settlement(start, match.end(), "village")
    for end, start in ends.items():
        if clean[end : end + 1] in _ZONE_STARTS and (zone := _ZONE.match(clean, end)) is not None:
            yield Settlement(start, zone.end(), "zone")


def _name_before(clean: str, position: int, ends: dict[int, int]) -> int | None:
    for length in range(2, REACH):
        start = position - length
        if start < 0 or not "\u4e00" <= clean[start] <= "\u9fff":
            break
        if start in ends:
            return start if is_name(clean[start:position]) else None
    for length in range(2, REACH):  # the shortest that a boundary bounds
        start = position - length
        if start < 0 or not "\u4e00" <= clean[start] <= "\u9fff":
            return None
        if _may_begin(clean, start) and is_name(clean[start:position]):
            return start
    return None


def _may_begin(clean: str, start: int) -> bool:
    """Whether a name may begin here, by what stands before it."""
    if start == 0:
        return True
    before = clean[start - 1]
    return (
        before in _LEFT
        or before.isspace()
        or before.isdecimal()
        or clean[max(0, start - 2) : start] in _LEFT_WORDS
        or clean[max(0, start - 3) : start] in _LEFT_WORDS
    )
