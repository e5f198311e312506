"""Where an unquoted name begins: the left edge of the noun phrase before a class word.

Chinese writes 严格落实领导下访接访制度 without a blank; the class word 制度 says where the name ends, verbs and particles to its left say where it begins.
"""

from __future__ import annotations

import re

from ingest.patterns import lazy

REACH = 26  # characters that a name may have before its class word

_TO_PUNCTUATION = lazy(r".*(?:[，。；：！？\n“”‘’《》（）…—|/]|\.(?!\d))", re.S)
# Words that end what came before and are hardly ever part of a name. Each begins with a plain character and looks behind only after it:
# so the engine skips to where one can begin.
_HARD = lazy(
    r"建立健全|建立|健全|完善|落实|实行|推行|坚持|严格|制定|制订|修订|出台|执行(?!力)|形成|构建|探索|采取|采用|遵守|运用|实施|开展|召开|举办|举行|推进|推动|推广|深化|强化|加强|加大|加快|创新|打造|建成|设立|设置|成立|搭建|组建|开通|开设|"
    r"利用|通过|依托|借助|发挥|围绕|按照|根据|依照|依据|遵循|纳入|列入|做好|抓好|抓实|做实|切实|全面|积极|认真|深入|大力|扎实|持续|不断|进一步|充分|有效|继续|广泛|及时|稳步|着力|努力|全力|牢固|加以|予以|给予|进行|包括|例如|特别是|其中|"
    r"先后|同时|每月|每周|每季度|结合|突出|聚焦|注重|提升|提高|确保|实现|延伸|拓展|拓宽|升级|改造|建好|用好|用活|融入|融合|贯彻|部署|启动|接入|入驻|登录|登陆|关注|下载|注册|发布(?!会)|推送|印发|签订|开发(?!区|者|商|公司)|引入|引进|整合|畅通|悬挂|"
    r"制作|建造|修建|打响|培育|选树|总结|提炼|涌现|支持|共建(?!共|单位|机制|活动|联)|保障(?=.{4})|我们|我镇|我乡|我县|我市|我区|我街道|我局|我院|本镇|本乡|本县|本市|本区|本街道|全镇|全乡|全县|全市|全区|全街道|辖区|"
    r"将(?![来军])|把(?![关手脉])|由(?<![自理事缘]由)|被(?!告|申请)|让(?<![转礼]让)|使(?<![行驶大]使)(?![用者])|并(?<!合并)(?!联)|且|又|也|还|了(?!解)|的(?!士)|在(?![线册职校编岗])|对(?<![应面核校绝针结相比配反成派一]对)(?![接口象外标照])|从(?![业严])|向(?!上|善)|"
    r"以(?<![所可予足难]以)(?!案|赛|奖|工|上|下|内|外|来)|及(?<![普涉]及)(?!时)|等(?<![平同对高初优]等)(?![级候])|到(?<![签报]到)(?!位|期|家|户)|为(?<![行作]为)(?![民农企老先己主])|是(?<![但于可求]是)|有(?<![所国拥享没公私]有)(?![限奖效关机序权事话])"
)
# Words that are stripped from the beginning of a phrase, though they may stand inside a name.
_SOFT = lazy(
    r"(?:建设|组织|参加|参与|规范|优化|管理|统筹|学习|宣传(?=普法|法治)|使用|运行|聘请|邀请|创建|公布|公示|编制|梳理|汇总|完成|设|建|办|用|抓|做|搞|着|过|新(?=[建增设开修添改型]|[\u4e00-\u9fff]?(?:平台|制度|机制|模式|系统))|各类|各项|各种|相关|有关|一批|一系列|系列|多个|多项|一个|[一二两三四五六七八九十]{1,2}[项个类种大次场期]|\d{1,4}余?[项个类种次场期]|\d+|"
    r"多层次|全方位|常态化(?!.{0,3}扫黑)|科学|合理|有力|切合实际|健康|良好|完备|完整|严密|高效|统一|规范|新型|特色|专门|必要|定期|主动|如|即|村(?![务民规居两社级])|镇(?![级务])|乡(?![村贤镇务])|街道|社区(?!矫正)|县(?!级)|区(?!级)|市(?![级场])|年初|今年|去年|当前|目前|近年来?|全年|年内|年度|年|月|日|以来|期间|上|下|中|内)"
)
_CONJUNCTION = lazy(r"、|与|和(?![事解谐睦美合顺平乐路]|为贵)|及(?<![普涉]及)(?!时)|或(?!者)|以及|暨")


def phrase_before(clean: str, end: int, *, floor: int = 0, reach: int = REACH, least: int = 2) -> tuple[int, bool]:
    """(start, bounded): where the noun phrase that ends at ``end`` begins, and whether a verb or particle bounds it (rather than punctuation or the reach).

    ``least`` characters must be left for the name, else an earlier verb is taken: 责任落实机制 is a name. What is left may begin with a soft word; callers strip with ``strip_soft`` where their names never begin so.
    """
    low = max(floor, end - reach)
    region = clean[low:end]
    marked = _TO_PUNCTUATION.match(region)
    cut = marked.end() if marked is not None else 0
    bounded = False
    for match in _HARD.finditer(region, cut):
        if len(region) - match.end() >= least:
            cut = match.end()
            bounded = True
    if cut == 0 and low > floor:
        cut = region.find("、") + 1
        if cut == 0:
            return end, False  # longer than a name can be
    return low + cut, bounded


def strip_soft(clean: str, start: int, end: int) -> int:
    """New start without soft words at the beginning; at least two characters stay."""
    while True:
        match = _SOFT.match(clean, start, end)
        if match is None or end - match.end() < 2 or match.end() == start:
            return start
        start = match.end()


def last_item(clean: str, start: int, end: int) -> int:
    """Start of the last item of a list: after the last 、 和 与 及 或 暨."""
    cut = start
    for match in _CONJUNCTION.finditer(clean, start, end):
        if match.start() > start or match.group() == "、":
            cut = match.end()
    return cut
