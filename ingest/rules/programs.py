"""Programs: named practices such as 法律八进, 一村一法律顾问, “零报告”制度, 综合行政执法改革.

Three readings: the catalogue of known programs, quoted strings before a class word, and unquoted names that a class word ends (领导下访接访制度).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

import vocabulary
from ingest.draft import Draft
from ingest.patterns import lazy
from ingest.rejections import Reason, Reject, unheard
from ingest.rules.catalogue import Catalogue, Entry, Hit, balance, catalogue, find_known, fold_name
from ingest.rules.edges import last_item, phrase_before, strip_soft
from ingest.rules.quotes import Quoted, inside, overlaps, read_quotes, title_spans
from ingest.rules.signs import Signs, iter_at, iter_near


class Program(msgspec.Struct, gc=False):
    canonical: str
    start: int
    end: int
    rule: str
    confidence: float
    rank: int  # of overlapping readings of one length the lower wins
    family: str | None = None
    kind: str | None = None
    members: tuple[str, ...] = ()
    attrs: dict[str, Any] = {}


# What may follow a known name and belongs to it: 法治副校长 + 制度, “最多跑一次” + 改革
_CLASS_AFTER = lazy(
    r"[”’）]?(?:普法|责任|工作|培养|培育|创建|示范|治理|联动|考核|管理|长效|服务|教育|系列|主题|宣传|集中|宣讲|建设){0,2}(?:责任制|制度|机制|模式|体系|格局|改革|工程|专项行动|专项斗争|专项整治|攻坚行动|行动|斗争|活动|清单制度|清单制|清单|工作法|品牌|计划|规划|试点|示范点|创建)"
)
_BY_CLASS = lazy(r"(?:制|制度|机制|模式|改革|工程|行动|斗争|整治|清单|工作法|体系|格局|活动|规划|计划|品牌|攻坚|创建)$")
_PERCENT_METHOD = lazy(r"(?<![\d.])\d{1,3}%(?:工作法|调解法|机制)")
_PERCENT_SIGNS = Signs("%工作法 %调解法 %机制")
_NUMBER_ENTERS = lazy(
    r"(?:(?:法律|法治|法制|普法)(?:知识)?(?:宣传教育|宣传|教育|服务)?|(?P<bare>(?<![\u4e00-\u9fff]))|(?P<quoted>“))“?(?P<number>[四五六七八九十]|十[一二三])进”?(?![一-龥]{0,8}进)(?=[”“、，。；的活工宣普]|$|系列|等)"
)
_NUMBER_SIGNS = Signs("四进 五进 六进 七进 八进 九进 十进 十一进 十二进 十三进 四”进 五”进 六”进 七”进 八”进 九”进 十”进")
_ENTERED = lazy(r"(?:法律|法治|普法|宣传|教育|送法|、|，|和|及|“|”)(?:走)?进([\u4e00-\u9fff（）]{1,8}?)(?=[、，。；”“和及等]|活动|$)")
_PLACE_WORDS = "校园|学校|社区|企业|机关|农村|乡村|村居|村社|村屯|村组|村镇|村|单位|家庭|万家|网格|宗教(?:活动)?场所|寺庙|军营|网络|工地|市场|景区|商圈|商铺|园区|医院|集市|小区|楼宇|牧区|草原|牧户|农户|嘎查|课堂|基层|厂矿|车间|海岛|渔村|渔船|公园|林区|工厂|大棚|田间|地头|茶园|果园|渔港|码头|车站|牧场|毡房|茶馆|林场|商场|夜市|庙会|敬老院|养老院|幼儿园|渔村|合作社"
_WHAT_ENTERS = "法律|法治|法制|宪法|民法典|普法|送法|反诈|禁毒|安全|信访法治|法律服务|法律知识|法治宣传|法治文艺|法治电影|法治讲座|宪法宣传|公共法律服务|国家安全|民法典宣传|行政复议|法律援助|庭审|调解|法律顾问|仲裁"
_ENTERS = lazy(rf"(?P<what>{_WHAT_ENTERS})进(?P<where>{_PLACE_WORDS})")
_ENTERS_SIGNS = Signs(f"{_WHAT_ENTERS}|".replace("|", "进 "))
_ACTIVE = lazy(r"(?:系列|主题|普法|宣传|宣讲|专项|集中)?(?:活动|行动)")
_LISTED = lazy(r"(?:、(?:送法|普法|法律|法治|宪法|民法典)[\u4e00-\u9fff]{2,6}){1,4}?(?:系列|主题)?活动")
_ONE_EACH = lazy(
    r"一(?:村|镇|乡|社区|街道|网格|格|企业?|校|户|居|嘎查|所|屯|组)(?:（[\u4e00-\u9fff]{1,4}）)?一(?:法律顾问|律师|辅警|民警|警|法官|检察官|调解员|顾问|法律明白人|明白人|示范户|法治广场|法治阵地|法治副校长|网格员)"
)
_THREE = lazy(r"执法|公示|全过程|审核")
_TOO_COMMON_LEFT = {"大调解": "重扩加较更最强", "清单制": "任单", "三项制度": "等", "五治": "", "林长": "", "述法": "", "综治": ""}

# --- quoted -----------------------------------------------------------------------------------------------------------------------------------------------------

_STRONG = lazy(
    r"(?:突出|试点|组织|举办|利用|运用|用好|用活|依托|借助|落实|发起|铺开|参与|结合|推进|推动|推行|实行|试行|实施|推广|创新|启动|开展|推出|深化|探索|践行|探索出|创新推出|创新开展|深入开展|常态化开展|打造|构建|建立|创建|形成)(?:了|以|出|的)?$"
)
# what only ever brings in a practice, and “法治某地” as an aim
_INTRODUCES = lazy(r"(?:推行|试行|推广|首创|推出|探索实行|全面实行|创新实施)(?:了|以|出)?$")
_BROUGHT_IN = lazy(r"(?:推行|试行|推广|首创|推出|实行|启动|实施|创新开展|探索)(?:了|以|出)?$")
_PAIR = lazy(r"([\u4e00-\u9fff]{4})、[\u4e00-\u9fff]{4}")  # 网格吹哨、部门报到
_AIMED = lazy(r"(?:建设)?(?:目标|创建|建设|品牌|工作|总目标)")
_ABLE_ALONE = lazy(
    r"枫桥$|前置$|账本$|联[调防控治]$|[+＋\-—/×]|\dN|N\d|^\d|\d$|^[一二三四五六七八九十][\u4e00-\u9fff]{1,2}[一二三四五六七八九十][\u4e00-\u9fff]|[一-龥]进[一-龥]|工作法$|调解法$|制度$|机制$|工程$|行动$|模式$|圈$|清单$|制$|议事$|说事$|普法$|调解$|执法$|联动$|通办$|代办$|一件事$|一次$|治理$|积分$|送法|普法|赶集|夜话|大走访|大排查|大调处|大化解|直通车$|专场$|小院$|讲堂$|课堂$|夜校$|快车$|普法行$|[头场坝凳坎话事夜谈塘边]会$|赶圩$|赶场$|大集$|市集$|会战$|大练兵$|大比武$|普法夜|话法治$|进万[家村户]$|[管盖]审批$|分离$|一体化$|创建$|说法$|评理$|说理$|夜谈$|夜访$|下访$|巡回|接访$|一张图|一码|码上|代办$|帮办|减证|体检$|监督$|服务$|合一$"
)
_SLOGAN = lazy(
    r"法[一两二三四]条例|亲自抓|具体抓|负总责|齐抓共管|党委领导|政府负责|部门协同|社会协同|公众参与|各负其责|统一领导|不出[村组镇乡街网格县]|不上交|有人(?:抓|管)|到人(?:抓|管)|为人(?:抓|管)|在人(?:抓|管)|第一|最后一|一公里|零距离|一把手|一张网|一盘棋|一站式$|双组长|五级书记|关键少数|绝大多数|生命线|压舱石|主心骨|指挥棒|紧箍咒|组合拳|防火墙|安全阀|减压阀|稳定器|助推器|保护伞|试金石|金钥匙|金字招牌|主阵地|主力军|排头兵|领头雁|头雁|领航|"
    r"引擎|红线|底线|底气|硬约束|软实力|软任务|硬指标|法无|法定职责|权为民|情为民|利为民|门难进|脸难看|事难办|说了算|坐不住|放不下|急难愁盼|关键词|两张皮|一刀切|走过场|形式主义|官僚主义|四风|中梗阻|肠梗阻|躺平|不作为|乱作为|慢作为|要我|我要|纸上|墙上|嘴上|心上|心坎|家门口|身边|"
    r"面子|里子|家常|话筒|粮票|上热|下冷|年初|年底|年度|同部署|同推进|早发现|早介入|早报告|早处置|早化解|去哪|怎么|为什么|谁来|什么|吗$|？|！|法治是最好|良法|善治|共建共治共享|两手抓|既要|又要|不忘初心|两个|四个(?:意识|自信|全面|服从|善于)|五位一体|十四五|十三五|十五五|十二五|"
    r"以人民为中心|人民至上|新常态|新名片|名片|样板|缩影|晴雨表|风向标|定盘星|催化剂|润滑剂|黏合剂|粘合剂|指南针|方向盘|把关人|守门员|防线|屏障|堡垒|桥梁|纽带|窗口|镜子|尺子|钥匙|法宝|良方|处方|药方|盆景|风景|春风|种子|火种|清泉|盛宴|大餐|套餐$|快车道|高速路|绿色通道|加速度|温度|速度|精度|广度|深度|力度|浓度|热度"
)
_NO_WORDS = lazy(r"[\d.·、/\-—\s]+|[A-Za-z]{1,3}")
_ONLY_NUMBERS = lazy(r"[\dN+＋Xx×\-—一二三四五六七八九十个双]+")
_OTHER_WORDS = lazy("[，；。]|[日周月节]$")
_FORMULA = lazy(r"[+＋]|^[\u4e00-\u9fff]{2,6}进[\u4e00-\u9fff]{2,4}$")
_LAWFUL_PLACE = lazy(r"法治[\u4e00-\u9fff]{2,3}")
_FORM = lazy(
    r"一(?:[村格镇居户校企]|社区|网格|街道)(?:（[\u4e00-\u9fff]{1,4}）)?一[\u4e00-\u9fff]{1,4}一[\u4e00-\u9fff]{1,6}|你[\u4e00-\u9fff]我[\u4e00-\u9fff]|(?:法律|法治|送法|普法|宪法|民法典)进[\u4e00-\u9fff]{1,5}|[\u4e00-\u9fff]{2,6}创建|(?=.+[+＋].)[\u4e00-\u9fff\dNX%+＋]{3,16}|[一二两三四五六七八九十每\d][\u4e00-\u9fff][一二两三四五六七八九十\d][\u4e00-\u9fff]{1,3}|(?:每?[日天周旬月季][\u4e00-\u9fff]{2,3}[、，]?){2,4}"
)
_METHOD = lazy(r"[\u4e00-\u9fff\d]{2,10}(?:行动|工程|工作法|决策法|议事法|治理法|管理法|机制|制度|模式)|法[润韵护暖沐伴][\u4e00-\u9fff]{2,4}")
_DESCRIPTIVE = lazy(r"[、，；].*[、，；]|[，；]")


# --- unquoted ---------------------------------------------------------------------------------------------------------------------------------------------------

_DUTIES = "责任|办结|告知|分工|上岗|承诺|负责|包案|包保|包联|积分|代表|代办|追究|领导|问责|例会|联席|票决|轮值|准入|销号|派单|网格|联系|双签|会签|备案|约谈"
_LISTS = "责任清单|权责清单|负面清单|事项清单|学法清单|普法清单|任务清单"
_REFORMED = "机构|体制|制度|审批|产权|用地|执法|管理|服务|公开|征管|监管|三变|医保|事业单位|司法|殡葬|林权|供销"
_METHODS = "工作法|调解法|六步法|五步法|四步法|三步法"
_SUFFIX = lazy(
    r"(?P<rule>制度(?!化|建设|性|体系|机制|汇编|保障|安排|规定|设计|创新|改革|文件|上|层面|的?笼|优势|执行|落实|框架|规范|措施|和机制|与机制)"
    rf"|(?:{_DUTIES})制(?![度定约造止作])"
    r"|机制(?!体制|建设|创新|改革|保障|性|上|和制度|与制度|优势)"
    rf"|{_LISTS})"
    r"|(?P<campaign>示范(?:镇|乡|县|区|村|校|单位|户|街道|社区)创建|专项行动(?!方案|计划)|专项斗争|专项整治(?:行动)?|专项治理(?:行动)?|集中整治(?:行动)?|攻坚行动|百日行动|提升行动|行动(?<=[一-龥]{4}行动)(?<!未见行动|没有行动)(?![力计方上自起指者])|三年行动(?:计划)?|(?:[两三五]年|提升|培养|培育)计划|攻坚战|大排查大整治(?:行动)?)"
    rf"|(?P<reform>(?:{_REFORMED})改革(?![开发创攻方试举任措]|工作|进程|要求|部署|精神|成果))"
    rf"|(?P<method>{_METHODS})(?![律规院制治])"
)
_SUFFIX_SIGNS = Signs(
    f"{_DUTIES}|".replace("|", "制 ")
    + f"{_REFORMED}|".replace("|", "改革 ")
    + f"{_LISTS}|{_METHODS}".replace("|", " ")
    + " 制度 机制 示范镇创建 示范乡创建 示范县创建 示范区创建 示范村创建 示范校创建 示范单位创建 示范户创建 示范街道创建 示范社区创建 专项行动 专项斗争 专项整治 专项治理 集中整治 攻坚行动 百日行动 提升行动 行动 三年行动 两年计划 三年计划 五年计划 提升计划 培养计划 培育计划 攻坚战 大排查大整治"
)
# What stands before 制度 or 机制 in every second report and names nothing.
_GENERIC_WORDS = (
    "各项 各类 各种 相关 有关 规章 工作 管理 学习 会议 监督 责任 考核 考评 培训 保障 长效 领导 协调 运行 激励 约束 奖惩 评价 评估 预警 应急 响应 处置 联动 联系 沟通 协作 配合 衔接 协同 合作 共享 反馈 跟踪 督查 督办 检查 督导 推进 落实 执行 实施 组织 体制 机制 制度 "
    "政策 内部 日常 常态 常态化 规范 规范化 标准化 科学 民主 依法 决策 法治 法制 法律 政治 经济 社会 文化 党的 国家 基本 根本 重要 具体 配套 系列 一系列 这一 这些 该 此项 本 新 好 旧 多项 多种 等 及 和 与 、 建设 政府 行政 综合 动态 调整 更新 考勤 请示 报告 值班 财务 安全 "
    "人员 队伍 干部 公开 议事 程序 审批 审查 审核 备案 登记 台账 档案 信息 报送 例会 调度 研判 会商 分析 通报 问责 追责 追究 容错 纠错 服务 宣传 教育 防范 预防 风险 防控 防治 化解 纠纷 矛盾 矛盾纠纷 排查 调处 调解 多元 多元化 投诉 举报 信访 维稳 治理 基层 "
    "乡村 镇村 村级 镇级 两级 三级 群众 自治 村民 社会主义 特色 中国 现代 市场 用人 选人 保密 采购 工资 休假 户籍 土地 产权 财政 税收 金融 教学 医疗 保险 养老 党内 党建 带班 值守 备勤 纪律 监察 司法 执法 权力 制约 监管 全过程 闭环 一体化 统筹 联合 联席 联防 联控 齐抓共管 完善 健全 "
    "有效 高效 严格 严密 健康 良性 完备 完整 合理 有力 创新 试点 示范 引领 带动 参与 互动 联络 帮扶 救助 保护 救济 赔偿 补偿 准入 退出 清理 评议 述职 述法 问效 问需 办理 受理 接待 处理 流转 交办 转办 承办 督促 整改 回访 总结 归档 人才 培养 选拔 任用 绩效 目标 年度 "
    "普法 学法 用法 守法 宣教 依法行政 依法治理 法治建设 法治政府 法治政府建设 日 周 月 季 年 每 定期 不定期 一 二 三 四 五 六 七 八 九 十 0 1 2 3 4 5 6 7 8 9 项 个 条 种 套 应 实际 一个 工作人员 机关 部门 单位 为 以 对 将 后 前 期 性 化 强 全面 深化 推动 其他 上述 以上 各 层级 分级"
)
_GENERIC = lazy(rf"(?:{'|'.join(map(re.escape, sorted(_GENERIC_WORDS.split(), key=len, reverse=True)))})*+$")
_LIST_OF_NOUNS = lazy(r"[，。；：]")


_folded = cache(fold_name)  # of catalogue spellings only, which are few


@cache
def _ends_in_class(variant: str) -> bool:
    """Whether a catalogue spelling ends in a class word: 零报告制度."""
    return _BY_CLASS.search(variant) is not None


@cache
def _headed() -> re.Pattern[str]:
    """A quoted name that says itself what it is: “板凳法庭”, “园区法治微课”."""
    heads = sorted(vocabulary.load("heads")["program"], key=len, reverse=True)
    return re.compile(rf"[\u4e00-\u9fff]{{0,8}}(?:{'|'.join(map(re.escape, heads))})")


@cache
def slogans() -> Catalogue:
    """Known slogans: never programs, whatever stands around them."""
    return catalogue("slogans")


def read_programs(clean: str, blocked: list[tuple[int, int]] | None = None, reject: Reject = unheard) -> list[Program]:
    """Programs of a text, by position; of overlapping readings the longest. ``blocked`` are spans of rooms and platforms (sorted, disjoint)."""
    titles = title_spans(clean)
    hits = find_known("programs", clean)
    found = [*_known(clean, hits, reject), *_parts_of_three(clean), *_enters(clean, reject), *_quoted(clean, reject), *_months(clean), *_held(clean, reject)]
    found = [program for program in found if not inside(titles, program.start, program.end)]
    kept = _keep_longest(found, reject)
    # a known name that ends in a class word, a generic one as well, keeps the suffix rule from reading it a second time
    claimed = _merge(
        [(program.start, program.end) for program in kept] + [(hit.start, hit.end) for hit in hits if _ends_in_class(hit.variant) and not _goes_on(clean, hit)]
    )
    for program in _suffixed(clean, claimed, reject):
        if not inside(titles, program.start, program.end):
            kept.append(program)
    blocked = blocked or []
    free = [program for program in kept if not overlaps(blocked, program.start, program.end)]
    if len(free) < len(kept):
        for program in kept:
            if overlaps(blocked, program.start, program.end):
                reject("program", program.start, program.end, program.rule, "another finding stands there")
    return sorted(free, key=lambda program: (program.start, program.end))


def _goes_on(clean: str, hit: Hit) -> bool:
    """Whether a name in the catalogue is only the end of one that the text has: 镇务会议|集体决策制度, or its beginning: 清单制|度."""
    if clean.startswith("度", hit.end) and hit.variant.endswith("制"):
        return True
    if not hit.entry.generic or not hit.variant.endswith(("制度", "制")):
        return False
    start, bounded = phrase_before(clean, hit.start, reach=16, least=0)
    return bounded and 3 <= hit.start - strip_soft(clean, start, hit.start) <= 12


def _keep_longest(found: list[Program], reject: Reject) -> list[Program]:
    kept: list[Program] = []
    for program in sorted(found, key=lambda program: (program.start, program.start - program.end, program.rank)):
        if kept and program.start < kept[-1].end:
            last = kept[-1]
            if (program.end - program.start, -program.rank) > (last.end - last.start, -last.rank):
                kept[-1], program = program, last
            better = kept[-1]
            reject("program", program.start, program.end, program.rule, "a longer or stronger reading stands there", (better.start, better.end))
            continue
        kept.append(program)
    return kept


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


# --- known ------------------------------------------------------------------------------------------------------------------------------------------------------


def _known(clean: str, hits: list[Hit], reject: Reject) -> Iterator[Program]:
    marked = {item.end: item for item in read_quotes(clean)}
    wider = tuple((item.start, item.end) for item in read_quotes(clean) if 4 <= len(item.words) <= 12)
    for hit in hits:
        entry = hit.entry
        if inside(wider, hit.start, hit.end) and _is_part(clean, hit, marked):
            continue  # “一村一警一法律顾问” is a name of its own
        if entry.generic:
            reject("program", hit.start, hit.end, "program.catalogue", "too general to name one")
            continue
        if not _stands_alone(clean, hit):
            reject("program", hit.start, hit.end, "program.catalogue", "part of a longer word")
            continue
        if clean.startswith("化", hit.end) and hit.variant.endswith(("制", "制度", "单")):
            reject("program", hit.start, hit.end, "program.catalogue", "part of a longer word")
            continue  # 清单|化管理
        begin = _with_level(clean, hit)
        quoted = "“" in clean[hit.start : hit.end] or (clean[begin - 1 : begin] in ("“", "‘") and clean[hit.end : hit.end + 1] in ("”", "’"))
        after = _CLASS_AFTER.match(clean, hit.end)
        if not entry.bare and not quoted and after is None and not _ends_in_class(hit.variant) and not _is_created(clean, hit) and not _is_taken_up(clean, hit):
            reject("program", hit.start, hit.end, "program.catalogue", "needs quotation marks or a class word")
            continue
        if entry.name == "行政执法三项制度" and _folded(hit.variant) == "三项制度" and not _THREE.search(clean, max(0, hit.start - 60), hit.start):
            reject("program", hit.start, hit.end, "program.catalogue", "the words around do not fit")
            continue
        if entry.properties.get("member") and clean[hit.end : hit.end + 2] in ("、进", "，进"):
            reject("program", hit.start, hit.end, "program.catalogue", "belongs to a listed series")
            continue  # 法律进机关、进学校…: the members of 法律八进, not each a program
        written = _folded(hit.variant) == _folded(entry.name)
        # where the text says it otherwise than the catalogue, the words themselves are the evidence, without the class word behind them
        end = after.end() if after is not None and (written or (not quoted and not after.group().endswith("活动"))) else hit.end
        if quoted and not written and (dealt := _DEALT_WITH.match(clean, hit.end)) is not None:
            end = dealt.end()  # “两违”综合治理
        if (
            quoted
            and written
            and after is None
            and (item := marked.get(hit.end) or marked.get(hit.end + 1)) is not None
            and item.own
            and not item.of
            and item.family in ("program", "weak")
        ):
            end = item.class_end  # “屋场会”议事机制
        start, end = balance(clean, min(begin, _widen(clean, hit)), end)
        yield _of_entry(clean, entry, start, end)


_LEVEL = lazy(r"(?:全国|国家级|(?:全)?(?:省|市|县|区|自治区|州|盟)级?)$")


def _with_level(clean: str, hit: Hit) -> int:
    """Start with the level of a title: 省级|依法治校示范校, 全国|民主法治示范村."""
    if "示范" not in hit.variant:
        return hit.start
    match = _LEVEL.search(clean, max(0, hit.start - 4), hit.start)
    return match.start() if match is not None and match.group() not in ("省", "市", "县", "区", "州", "盟") else hit.start


def _is_created(clean: str, hit: Hit) -> bool:
    """创建民主法治示范村: the campaign; villages that only hold the title (获评民主法治示范村) are no campaign of this place."""
    return (
        hit.entry.kind == "campaign"
        and hit.variant.endswith(("村", "社区", "乡镇", "）"))
        and _CREATED_BEFORE.search(clean, max(0, hit.start - 8), hit.start) is not None
    )


def _is_taken_up(clean: str, hit: Hit) -> bool:
    """我镇推行院坝会。 names the practice, 召开院坝会 a meeting: a verb of taking up right before the words, which end the clause, or their year behind them."""
    before = _TAKEN_UP_BEFORE.search(clean, max(0, hit.start - 8), hit.start) is not None and _ENDS.match(clean, hit.end) is not None
    return before or _TAKEN_UP_AFTER.match(clean, hit.end) is not None


_TAKEN_UP_BEFORE = lazy("(?:推行|实行|试行|实施|启动|推广|引[入进]|推出|新[设增]|首创|办起|建起|启用|建立|(?:首次|从无到有|坚持)(?:组织|召开|举办|开展))了?$")
_TAKEN_UP_AFTER = lazy(
    r"（(?:20\d\d年(?:\d{1,2}月)?|去年|今年)(?:启动|推行|实施|建立|实行)）|(?:系|自|于)?(?:去年|今年|20\d\d年(?:\d{1,2}月)?)(?:起|正式|全面|率先)*(?:启动|推行|实施|推开|实行)"
)
_ENDS = lazy(r"[，。；：\n]")
_CREATED_BEFORE = lazy(r"(?:创建|争创|申创)(?:全国|国家级|[省市县区州盟]级|自治区级|“)*$")


_DEALT_WITH = lazy(r"[”’]?(?:综合|专项|集中|清理|联合){0,2}(?:整治|治理|回头看|排查)(?:行动|工作)?")


def _is_part(clean: str, hit: Hit, marked: dict[int, Quoted]) -> bool:
    """Whether the quoted name around a known one says two to five characters more: another name, not this one."""
    end = clean.find("”", hit.end, hit.end + 8)
    item = marked.get(end + 1)
    if item is None or not item.start <= hit.start:
        return False
    rest = item.words.replace(clean[hit.start : hit.end].strip("“”"), "", 1)
    return (
        2 <= len(rest) <= 6
        and re.fullmatch(r"[\u4e00-\u9fff（）]+", item.words) is not None
        and not _CLASS_AFTER.match(clean, hit.end)
        and not _PLAIN_REST.search(rest)
    )


_PLAIN_REST = lazy("新时代|工作|乡村|农村|活动|建设|创建|管理|服务|全国|省级|市级|县级|培养|普法|规划|制度|机制|工程|行动|责任|示范|中期|常态化|专项|斗争")


# parts of the three systems, named one after another before 三项制度 or 制度
_PARTS = lazy(
    r"(?P<publicity>(?:行政)?执法公示(?:制度)?)[、和及与，](?P<record>(?:行政)?执法全过程记录(?:制度)?)[、和及与，]+(?P<review>重大(?:行政)?执法决定法[制治]审核)"
)
_PARTS_SIGNS = Signs("执法公示 行政执法公示")
_PART_NAMES = {"publicity": "行政执法公示制度", "record": "执法全过程记录制度", "review": "重大执法决定法制审核制度"}


def _parts_of_three(clean: str) -> Iterator[Program]:
    entries = catalogue("programs").entries
    for match in iter_at(_PARTS, _PARTS_SIGNS, clean):
        for group, name in _PART_NAMES.items():
            yield _of_entry(clean, entries[name], *match.span(group))


_MONTHS = lazy(r"(?P<name>[\u4e00-\u9fff]{2,10}(?:宣传|学习|教育|活动)[月周])(?!期|末|度|内|报|刊|例|一)")


def _months(clean: str) -> Iterator[Program]:
    """政法综治宣传月, 民法典宣传月: campaigns of a month or week."""
    for match in iter_near(_MONTHS, _MONTH_SIGNS, clean, 14, 1):
        start, _ = phrase_before(clean, match.end("name") - 3, reach=12, least=1)
        start = strip_soft(clean, last_item(clean, max(start, match.start()), match.end()), match.end())
        name = clean[start : match.end()]
        if len(name) >= 5 and not re.search(r"[的了是有在]|^(?:集中|主题|开展|法治|普法|法律|法制|专题|系列)(?:宣传|学习|教育)", name):
            yield Program(name, start, match.end(), "program.month", 0.6, 3, None, "campaign")


_MONTH_SIGNS = Signs("宣传月 宣传周 学习月 学习周 教育月 教育周 活动月 活动周")

# campaigns that last a day, a year or an evening and are held as such: 代表说事日活动, 以作风建设年为契机, 江淮普法行活动, 送法上渔船活动
_HELD_NAMES = lazy(
    r"(?P<day>(?:说事|议事|接访|接待|调解|普法|学法|评理|恳谈)日(?=活动))"
    r"|(?P<year>(?:建设|提升|攻坚|落实|突破|深化|巩固|服务|改革|规范|治理|推进|创优|优化|提质)年(?=活动|行动|专项|为契机|为抓手|为主线|为载体))"
    r"|(?P<tour>普法行(?=活动|系列|、|，|。))"
    r"|(?P<talk>(?:法治|普法|说事|调解|乡村|村居|院坝|屋场|田间|围炉)(?:夜话|茶叙|茶话|夜谈)(?=活动|[、，。\d]))"
    r"|(?P<sent>送法(?:上|到|入)[\u4e00-\u9fff]{1,4}?(?=(?:系列|主题|专项|普法|宣传)?活动))"
    r"|(?P<linked>(?:联系|包联|挂联|下沉)村（(?:社区|居)）(?:工作)?(?:机制|制度))"
)
_HELD_SIGNS = Signs("日活动 年活动 年行动 年专项 年为 普法行 夜话 茶叙 茶话 夜谈 送法 村（")
_WHOLE = frozenset(("talk", "sent"))  # the class word's own pattern holds the name
_NO_HELD_NAME = lazy(
    r"[的了是有在等\d，。“”]|^[个各每该此本一这]|^(?:开展|组织|举办|举行|推[进动行]|启动|实行|落实|深入|全面|认真|定期|坚持|积极|持续|扎实|结合|围绕)|国家|国际|世界|宣传$|主题$|集中$|专题$"
)


def _held(clean: str, reject: Reject) -> Iterator[Program]:
    for match in iter_near(_HELD_NAMES, _HELD_SIGNS, clean, 12, 14):
        start = match.start()
        if match.lastgroup not in _WHOLE:
            start, bounded = phrase_before(clean, match.start(), reach=14, least=2)
            start = strip_soft(clean, last_item(clean, start, match.start()), match.start())
            if clean[start : start + 1] == "以":
                start += 1
            modifier = clean[start : match.start()]
            if not 2 <= len(modifier) <= 8 or _NO_HELD_NAME.search(modifier) or not (bounded or clean[start - 1 : start] in "以与和及、，。；：\n"):
                reject("program", start, match.end(), "program.held", "nothing bounds the name" if len(modifier) > 8 else "too general to name one")
                continue
        elif clean[start - 1 : start] == "“":
            continue  # a quoted name is read as a whole or not at all
        yield Program(clean[start : match.end()], start, match.end(), "program.held", 0.65, 3, None, "mechanism" if match.lastgroup == "linked" else "campaign")


def _widen(clean: str, hit: Hit) -> int:
    """Start of the longer name whose tail is the known one, up to six characters: 信访 + 代办制. Places before it do not belong to the name."""
    if not _ends_in_class(hit.variant) or clean[hit.start] == "“":
        return hit.start
    start, bounded = phrase_before(clean, hit.start, reach=10, least=0)
    start = strip_soft(clean, start, hit.start)
    added = clean[start : hit.start]
    if (
        not (bounded or clean[start - 1 : start] in "。；，、\n")
        or not 2 <= len(added) <= 6
        or re.search(r"[、和与及或对将把的了有各该此镇乡县市区省道\d]|[村级]$", added)
    ):
        return hit.start
    return start


def _of_entry(clean: str, entry: Entry, start: int, end: int) -> Program:
    members = _members(clean, start) if entry.family == "法律进" and not entry.properties.get("member") else ()
    return Program(entry.name, start, end, "program.catalogue", 0.95 if end - start > 3 else 0.85, 0, entry.family, entry.kind, members)


def _stands_alone(clean: str, hit: Hit) -> bool:
    """Whether the match is a word of its own and not a piece of a longer one."""
    name = _folded(hit.variant)
    before, after = clean[hit.start - 1 : hit.start] if hit.start else "", clean[hit.end : hit.end + 1]
    if name in _TOO_COMMON_LEFT and before and before in _TOO_COMMON_LEFT[name]:
        return False
    if name[-1] == "制" and after and after in "度定约造止作":
        return False
    if name[0] in "一二三四五六七八九十" and before and before in "一二三四五六七八九十百第":
        return False
    if len(name) <= 2:
        return before in ("“", "‘") and after in ("”", "’")
    return not (name[-1] == "法" and after and (after in "律规院治" or (after == "制" and clean[hit.end + 1 : hit.end + 2] != "度")))


def _members(clean: str, start: int) -> tuple[str, ...]:
    """机关, 学校, … where the text around 法律七进 lists 进机关、进学校、…; empty where it does not."""
    low, high = max(0, start - 140), min(len(clean), start + 140)
    for mark in ("。", "\n"):
        low = max(low, clean.rfind(mark, low, start) + 1)
        stop = clean.find(mark, start, high)
        high = stop if stop >= 0 else high
    listed = [match.group(1) for match in _ENTERED.finditer(clean, low, high)]
    return tuple(dict.fromkeys(listed)) if len(listed) >= 3 else ()


def _enters(clean: str, reject: Reject) -> Iterator[Program]:
    """法治宣传“六进” → 法律六进, 一屯一辅警, and 法律进… series: what the catalogue does not list."""
    for match in iter_near(_NUMBER_ENTERS, _NUMBER_SIGNS, clean, 14, 16):
        named = match["bare"] is None and match["quoted"] is None
        sentence = clean[max(0, match.start() - 60) : match.end() + 30]
        if not named and not re.search("法律|法治|普法|法制|宣传教育", sentence):
            continue
        if not named and match["quoted"] is None:
            continue
        start, end = balance(clean, match.start() + (1 if match["quoted"] is not None else 0), match.end())
        members = _members(clean, match.start())
        yield Program(f"法律{match['number']}进", start, end, "program.number_enters", 0.85, 1, "法律进", "program", members)
    for match in iter_near(_PERCENT_METHOD, _PERCENT_SIGNS, clean, 3, 0):
        yield Program(match.group(), match.start(), match.end(), "program.formula", 0.75, 1, None, "brand")
    for match in _ONE_EACH.finditer(clean):
        yield Program(re.sub(r"[（）]", "", match.group()), match.start(), match.end(), "program.one_each", 0.85, 1, None, "mechanism")
    for match in iter_at(_ENTERS, _ENTERS_SIGNS, clean):
        quoted = clean[match.start() - 1 : match.start()] in ("“", "‘") and clean[match.end() : match.end() + 1] in ("”", "’")
        active = _ACTIVE.match(clean, match.end())
        listed = active is None and _LISTED.match(clean, match.end()) is not None  # 法律进渔村、送法上渔船活动
        if clean[match.end() : match.end() + 2] in ("、进", "，进"):
            reject("program", match.start(), match.end(), "program.enters", "belongs to a listed series")
            continue
        if not (quoted or active or listed):
            reject("program", match.start(), match.end(), "program.enters", "needs quotation marks or a class word")
            continue
        end = active.end() if active is not None else match.end()
        yield Program(
            match.group(),
            match.start(),
            end,
            "program.enters",
            0.9,
            1,
            "法律进" if match["what"] != "安全" else None,
            "program",
            (),
            {"member": match["where"]},
        )


# --- quoted -----------------------------------------------------------------------------------------------------------------------------------------------------


def _quoted(clean: str, reject: Reject) -> Iterator[Program]:
    known = catalogue("programs")
    for item in read_quotes(clean):
        words = item.words
        entry = known.get(words) or (known.get(words + item.class_word) if item.class_word else None)
        if entry is not None and entry.generic:
            continue
        if entry is not None:
            continue  # read by the catalogue
        program = _named_by_quotes(clean, item)
        if isinstance(program, Program):
            yield _with_matter(clean, item, program) if _EMPTY.fullmatch(words) else program
        elif program is not None:
            reject("program", item.start, item.class_end, "program.quoted", program)


# what says nothing without the words before it: 食品安全“百日攻坚”行动, 案件质量“回头看”机制
_EMPTY = lazy(
    "(?:(?:百日|零点|清零|夏季|冬季|春季|秋季)(?:攻坚|行动|会战|整治|行)?(?:行动)?)|回头看|[红黑白]名单|红黑榜|一张网|拔钉|大起底|大走访|一件事|码上办"
)
_NO_MATTER = lazy(r"[的了、和与及等将把各本该“”《》\d]|[镇乡县市区省街道村局]$|^(?:专项|集中|全面|深入|持续)")


def _with_matter(clean: str, item: Quoted, program: Program) -> Program:
    if item.chain_start != item.start:
        return program
    start, bounded = phrase_before(clean, item.start, reach=12, least=0)
    start = strip_soft(clean, start, item.start)
    matter = clean[start : item.start]
    if not 2 <= len(matter) <= 8 or _NO_MATTER.search(matter) or not (bounded or clean[start - 1 : start] in "，。；：、\n"):
        return program
    program.canonical, program.start = f"{matter}{program.canonical}", start
    return program


_ENDS_PROGRAM = lazy("(?:服务圈|机制|制度|行动|工作法|模式|改革|经验)$")


def _named_by_quotes(clean: str, item: Quoted) -> Program | Reason | None:
    """The program that a quoted name is, or why it is none; None where the rules for rooms and platforms decide."""
    words = item.words
    if len(words) < 2 or (_NO_WORDS.fullmatch(words) and not (words.isdigit() and item.family == "program")):
        return "too short or too long for a name"
    family, word = item.family, item.class_word
    strong_class = family == "program" and word in (
        "制度",
        "机制",
        "工作法",
        "调解法",
        "模式",
        "责任制",
        "行动",
        "专项行动",
        "工程",
        "计划",
        "品牌",
        "改革",
        "清单",
        "专项整治行动",
        "专项治理行动",
        "专项整治",
        "整治行动",
        "创建",
        "专项",
    )
    proper = strong_class or (family == "activity" and item.own and _LEGAL.search(words))
    if (_SLOGAN.search(words) or slogans().get(words) is not None) and not (proper and not item.of and not _DESCRIPTIVE.search(words)):
        return "a slogan"
    end = item.class_end if item.own else item.end
    plain = family in (None, "activity", "other", "meeting") or (family == "team" and not _TEAM.search(word))
    if plain and not item.of and 3 <= len(words) <= 10 and _headed().fullmatch(words):
        return Program(words, item.start, item.end, "program.quoted_head", 0.65, 2, None, "brand")
    if clean[item.start - 1 : item.start] in ("名", "位") and _COUNTED_PERSONS.search(clean, max(0, item.start - 5), item.start) and _PERSONS.fullmatch(words):
        return Program(words, item.start, item.end, "program.quoted_head", 0.65, 2, None, "brand")
    if family == "program":
        if (item.of and _DESCRIPTIVE.search(words) and "+" not in words) or (len(words) > 24 and "+" not in words):
            return "tells how, names nothing"  # “党委领导、政府负责、部门协同”的机制 tells how, it is no name
        if word in ("服务", "监管", "治理", "普法", "执法") and "+" not in words and not _STRONG.search(clean, max(0, item.chain_start - 6), item.chain_start):
            return "the words around do not fit"
        return Program(_canonical(item), item.start, end, "program.quoted_class", 0.85, 1, None, _kind(word), (), {"class": word})
    if family == "weak":
        if re.search(r"[+＋—]|\d", words) or (len(words) <= 6 and not item.of and not _DESCRIPTIVE.search(words)):
            return Program(_canonical(item), item.start, end, "program.quoted_class", 0.7, 1, None, "system", (), {"class": word})
        return "tells how, names nothing"
    if family == "activity":
        return _activity(item, end)
    if family == "meeting" and item.own and not item.of and _HALL_TALK.search(word) and 2 <= len(words) <= 8:
        return Program(words, item.start, end, "program.quoted_class", 0.6, 2, None, "brand", (), {"class": word})
    if (
        family == "team"
        and item.own
        and not item.of
        and 2 <= len(words) <= 8
        and not _FIVE_YEARS.fullmatch(words)
        and _TEAM.search(word)
        and _TEAM_DOES.search(item.description + word)
    ):
        return Program(f"{words}{item.description}{word}", item.start, end, "program.quoted_team", 0.6, 1, None, "brand")
    if family == "platform" and not item.own and _ENDS_PROGRAM.search(words):
        return Program(words, item.start, item.end, "program.quoted_form", 0.65, 2, None, "program")
    if family == "platform" and _FORMULA.search(words):
        return Program(words, item.start, end, "program.quoted_form", 0.6, 2, None, "program")
    if (family is None or (family in ("activity", "other") and not item.of)) and not _SLOGAN.search(words):
        return _alone(clean, item)
    return None


# people whom a place gave a name and counts: 26名“乡贤和事佬”
_COUNTED_PERSONS = lazy(r"[\d一二三四五六七八九十百]余?多?[名位]$")
_PERSONS = lazy(r"[\u4e00-\u9fff]{0,6}(?:和事佬|老娘舅|观察员|解铃人|评理员|说事员|调解能手|法治管家|平安使者|法治先锋|红袖标|明理人|和事人)")
_FIVE_YEARS = lazy("[一二三四五六七八九]五")
_HALL_TALK = lazy("(?:议事|恳谈|院坝|说事|板凳|屋场|评理)会$")
_TEAM = lazy("队伍|联盟|[队团]$|轻骑兵")
_TEAM_DOES = lazy("服务|宣传|宣讲|志愿|普法|调解|法治|法律|文艺|讲师|巡逻|义警|议事|轻骑")
_ACTIVITIES = frozenset("活动 普法活动 宣传活动 宣讲活动 专场活动 系列活动 主题教育 巡回宣讲 巡回宣传 系列宣讲 宣讲 巡讲 专场 宣传".split())
_EVENT = lazy("主题(?!教育)|测评|启动|征文|竞赛|比赛|演出|仪式|知识")


def _activity(item: Quoted, end: int) -> Program | Reason:
    """“送法下乡”活动 is a program; “…”主题活动, “…”测评活动 and weeks or days are events."""
    if re.search("[头场坝凳坎话事夜谈塘边]会$", item.words) and 3 <= len(item.words) <= 6:
        return Program(item.words, item.start, item.end, "program.quoted_form", 0.65, 2, None, "program")  # “炕头会”宣讲
    if item.class_word not in _ACTIVITIES or _EVENT.search(item.description + item.class_word):
        return "of another kind"
    if re.search(r"[日周月节]$|[，；！]|^\d|\d{4}年", item.words) or not (4 if item.class_word in ("宣传", "宣讲", "巡讲") else 3) <= len(item.words) <= 14:
        return "of another kind"
    return Program(item.words, item.start, end, "program.quoted_activity", 0.65, 2, None, "campaign")


def _alone(clean: str, item: Quoted) -> Program | Reason:
    """A quoted string without class word, after a verb that takes practices: 推行“一窗受理、集成服务”."""
    if _LAWFUL_PLACE.fullmatch(item.words) and _AIMED.match(clean, item.end):
        return Program(item.words, item.start, item.end, "program.quoted_rule_of_law", 0.6, 2, None, "campaign")  # “法治昆山”建设目标
    if _FORM.fullmatch(item.words) and not _SLOGAN.search(item.words):
        return Program(item.words, item.start, item.end, "program.quoted_form", 0.6, 2, None, "program")
    if _METHOD.fullmatch(item.words) and not _GENERIC.match(re.sub("(?:行动|工程|机制|制度|模式)$", "", item.words)):
        return Program(item.words, item.start, item.end, "program.quoted_form", 0.65, 2, None, "program")
    if (
        4 <= len(item.words) <= 14
        and _LEGAL.search(item.words)
        and not _MATTER.search(item.words)
        and (_GOES.match(clean, item.end) or _HELD.search(clean, max(0, item.chain_start - 6), item.chain_start))
    ):
        return Program(item.words, item.start, item.end, "program.quoted_legal", 0.6, 2, None, "program")
    if _FOLKSY.fullmatch(item.words) and (
        (item.start <= _HEADLINE and _IN_HEADLINE.fullmatch(clean, 0, item.start) is not None)
        or _EPISODES.match(clean, item.end) is not None
        or _THERE_IS.search(clean, max(0, item.chain_start - 6), item.chain_start)
    ):
        return Program(item.words, item.start, item.end, "program.quoted_headline", 0.6, 2, None, "brand")
    if item.family == "other" and not (item.description and _INTRODUCES.search(clean, max(0, item.chain_start - 6), item.chain_start)):
        return "of another kind"
    if not 3 <= len(item.words) <= 16 or _OTHER_WORDS.search(item.words):
        return "too short or too long for a name"
    if _PAIR.fullmatch(item.words) and _BROUGHT_IN.search(clean, max(0, item.chain_start - 6), item.chain_start):
        return Program(item.words, item.start, item.end, "program.quoted_verb", 0.6, 2, None, "program")
    if _INTRODUCES.search(clean, max(0, item.chain_start - 6), item.chain_start) and re.fullmatch(r"[\u4e00-\u9fffA-Za-z\d+\-]{3,10}", item.words):
        return Program(item.words, item.start, item.end, "program.quoted_verb", 0.65, 2, None, "program")
    verb = _STRONG.search(clean, max(0, item.chain_start - 6), item.chain_start)
    if verb is None or not _ABLE_ALONE.search(item.words):
        return "the words around do not fit"
    return Program(item.words, item.start, item.end, "program.quoted_verb", 0.6, 2, None, "program")


# what a report of the news tells of, named in its headline: “某某调解”解千愁, 市场里有了“某人评某事”
_FOLKSY = lazy(
    r"[\u4e00-\u9fff]{2,4}(?:调解|说事|议事|评理|茶叙|茶话|夜话|夜谈|恳谈|说理|解纷|普法|断事|说法)|[\u4e00-\u9fff]{2,3}[评说议管调断][\u4e00-\u9fff]?事"
)
_EPISODES = lazy("(?:系列)?(?:节目|专栏|栏目|漫画|动漫|短视频|视频|短剧|动画|专题片|专题|广播剧)")
_IN_HEADLINE = lazy(r"\s*+[^\n。；]*+")
_HEADLINE = 48  # characters before the quote in it, at most
_THERE_IS = lazy("(?:有了|叫响|打响|唱响|擦亮|用好|用活|创新)$")
# A quoted name with a word of the field (“法律赶圩”, “李戈普法大集”) that is held so many times, or goes somewhere.
_LEGAL = lazy("普法|法治|法律|送法|说法|释法|学法|法润|法援|宪法|民法典|反诈|禁毒|调解|解纷|说事|评理|恳谈|夜话|赶集|大集|赶圩")
_MATTER = lazy(
    r"[，。；：！？]|[日周月节号]$|^(?:\d|十[二三四五]五)|规划$|(?:讲堂|夜校|课堂|学堂|广场|公园|长廊|驿站|平台|热线|热线电话|书屋|图书角|阵地|基地|小院|大院|公众号|群|室|中心|队|团|员|站|点|人)$"
)
_GOES = lazy(r"(?:已|共|累计|全年)?(?:开展|举办|举行)?(?:了)?\d{1,4}余?[场次期]|走进|覆盖|进村|进校|进社区|进企|巡回|系列|专场")
_HELD = lazy("(?:开展|举办|举行|组织|推出|发起|组织开展)(?:了)?$")


def _canonical(item: Quoted) -> str:
    """The quoted words; with the class word where they would say too little alone: “五步”工作法, “1+N”模式."""
    if item.own and not item.of and (len(item.words) <= 2 or _ONLY_NUMBERS.fullmatch(item.words)):
        return f"{item.words}{item.description}{item.class_word}"
    return item.words


def _kind(word: str) -> str:
    if re.search("制|机|法$|清单|标准", word):
        return "mechanism"
    if re.search("行动|工程|计划|创建|整治|斗争|攻坚", word):
        return "campaign"
    return "brand" if word in ("品牌", "经验") else "program"


# --- unquoted ---------------------------------------------------------------------------------------------------------------------------------------------------


def _suffixed(clean: str, claimed: list[tuple[int, int]], reject: Reject) -> Iterator[Program]:
    floor = 0
    for match in iter_at(_SUFFIX, _SUFFIX_SIGNS, clean):
        if overlaps(claimed, match.start(), match.end()):
            floor = match.end()
            continue
        program = _suffix(clean, match, floor, reject)
        floor = match.end()
        if program is not None and not overlaps(claimed, program.start, program.end):
            yield program


def _suffix(clean: str, match: re.Match[str], floor: int, reject: Reject) -> Program | None:
    group, word = match.lastgroup, match.group()
    start, bounded = phrase_before(clean, match.start(), floor=floor, reach=24)
    start = strip_soft(clean, start, match.start())
    if "、" in clean[start : match.start()]:
        start = strip_soft(clean, start + clean[start : match.start()].rfind("、") + 1, match.start())
    if clean[start : start + 1] in "和与及或并":
        start += 1
    if clean.startswith(("镇村", "镇街"), start - 2 if start >= 2 else 0):
        start -= 2  # 镇村|干部…三年计划: no place before the name
    if clean.startswith("出", start) and group == "method":
        start += 1  # 总结出|三步调解法
    modifier = clean[start : match.start()]
    if not bounded and clean[start - 1 : start] not in "、，。；：\n）和及与" and start != 0:
        reject("program", start, match.end(), "program.suffix", "nothing bounds the name")
        return None
    if not (2 if word.endswith("制") or group == "method" else 3) <= len(modifier) <= 18 or _NO_MODIFIER.search(modifier):
        reject(
            "program", start, match.end(), "program.suffix", "reads as a sentence, not as a name" if len(modifier) > 3 else "too short or too long for a name"
        )
        return None
    tail = last_item(clean, start, match.start())
    telling = word == "制度" and len(modifier) >= _TELLS_ENOUGH and "、" not in modifier
    if (not telling and _GENERIC.match(modifier)) or (tail != start and _GENERIC.match(clean[tail : match.start()])):
        reject("program", start, match.end(), "program.suffix", "too general to name one")
        return None
    name = f"{modifier}{word}"
    if group == "campaign" and (_DONE_BY.search(modifier) or (word in _ALSO_VERBS and _OBJECT.match(clean, match.end()))):
        reject("program", start, match.end(), "program.suffix", "reads as a sentence, not as a name")
        return None  # 某某队|集中整治|占道经营 says who does what
    if group == "campaign":
        if _ANY_CAMPAIGN.match(modifier):
            reject("program", start, match.end(), "program.suffix", "too general to name one")
            return None
        return Program(name, start, match.end(), "program.suffix", 0.75, 3, None, "campaign")
    if group == "reform":
        return Program(name, start, match.end(), "program.suffix", 0.65, 3, None, "program") if bounded and len(modifier) >= 4 else None
    if group == "method":
        return Program(name, start, match.end(), "program.suffix", 0.75, 3, None, "brand")
    long_enough = word.endswith("制") or re.search("[A-Za-z]", modifier) is not None or len(modifier) >= (4 if word.endswith(("制度", "清单")) else 5)
    return Program(name, start, match.end(), "program.suffix", 0.65, 3, None, "mechanism") if long_enough else None


_NO_MODIFIER = lazy(r"[个项次条种]$|[了的是有各该此]|\d|[对将把由在与和及并]$|(?:开展|组织|实施|部署|参加|配合|推进|启动|结合)$")
_TELLS_ENOUGH = 6  # characters that say whose duty it is and what for: 领导干部学法登记|制度
_ANY_CAMPAIGN = lazy(r"(?:等|多部门|多次|各类|联合|春季|夏季|秋季|冬季|集中|专项|执法|安全生产检查|系列|重点领域|全面|本次|此次|相关|行政执法)+$")
_DONE_BY = lazy("(?:队|[^格布大全结]局|派出所|司法所|监管所|中心|办公室|[镇乡]|街道|委员会|政府|部门|法院|检察院|单位|人员|我们)$")
_ALSO_VERBS = frozenset("专项整治 专项治理 集中整治".split())
_OBJECT = lazy(r"(?!活动|行动|工作|期间|方案|任务|成果|成效|要求|部署|中|和|与|及|等|为|的|以来|后|全面|有序|取得|共|累计)[\u4e00-\u9fff]{2}")


def programs(draft: Draft) -> None:
    """Add mentions of programs; canonical is the catalogue's name, or the name as the text has it."""
    blocked = _merge([(mention.start, mention.end) for mention in draft.of("mediation_room", "platform")])
    for program in read_programs(draft.clean, blocked, draft.reject):
        add_program(draft, program)


def add_program(draft: Draft, program: Program) -> None:
    catalogued = program.canonical in catalogue("programs").entries
    properties: dict[str, Any] = {"kind": program.kind or "program", "catalogued": catalogued}
    if program.family:
        properties["family"] = program.family
    if catalogued and (known := catalogue("programs").entries[program.canonical]).members:
        properties["members"] = list(known.members)
    node = draft.add_node(f"program:{program.canonical}", ("Program",), program.canonical, **properties)
    attrs = {"variant": draft.clean[program.start : program.end], **program.attrs}
    if program.family:
        attrs["family"] = program.family
    if program.members:
        attrs["members"] = list(program.members)
    draft.add("program", program.start, program.end, rule=program.rule, confidence=program.confidence, canonical=program.canonical, node=node, attrs=attrs)
