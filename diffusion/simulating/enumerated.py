"""Family ``enumerated``: numbered headings, 一是 … 二是 …, terse clauses; exponential delays, steady missing shares, single characters edited."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import ClassVar

from diffusion.simulating.style import Practice, Style, Voice

_NUMBERS = "一二三四五六七八九十"


class Enumerated(Style):
    name = "enumerated"
    sentences = (10, 14)
    copy_share = 0.75
    remention = 0.75
    words: ClassVar[Mapping[str, Sequence[str]]] = {
        "who": "党政办公会 党政班子 分管领导 班子成员 包村干部 村干部 驻村队员 司法所 派出所 网格长 党政办 综治办 党员志愿者 人大代表 工作专班 执法队员 村民代表 老党员 退休教师 机关干部 村支部 妇联主席 民兵连长 村医 小组长 财政所 农技站 自然资源所 便民中心 退役军人站".split(),
        "how": "扎实 有序 稳步 持续 深入 主动 认真 及时 严格 切实 逐项 分类 全程 靠前 带头 反复 耐心 统筹 合力 依法 逐户 分批 定点 错时 当场 按月 逐条 提前 联手 对标".split(),
        "do": "推进 梳理 完善 落实 规范 压实 优化 细化 健全 整合 检视 盘活 延伸 巩固 畅通 强化 厘清 补齐 拓宽 夯实 改进 审核 公示 修订 对照 研判 回应 督办 跟踪 总结 摸清 建好 用活 汇总 复核 打磨 串联 简化 上门办理 挂牌督办".split(),
        "what": "责任清单 议事规则 权力边界 办事流程 审批材料 服务事项 经费保障 台账资料 信息报送 公示栏目 村规民约 重点环节 薄弱环节 考核指标 学习安排 值班安排 档案卷宗 印章使用 合同文本 决策程序 听证环节 风险点位 部门协作 案卷质量 文书格式 调查取证 执法记录 投诉渠道 举报线索 诉求清单 走访日志 回访记录 法治氛围 干部作风 执法能力 群众口碑 队伍结构 年轻骨干 培训课程 阵地布局 宣传长廊 文化墙绘 广播频次 法律书籍 咨询窗口 代办事项 预约办理 延时服务 帮办队伍 赶集摊点 土地流转 林权边界 灌溉水源 宅基地审批 房屋租赁 彩礼风俗 赡养义务 邻里关系 债务清偿 劳务报酬 山场承包 道路硬化 污水管网 垃圾清运 秸秆焚烧 违章搭建 占道经营 烟花燃放 防汛值守 森林巡护 校园周边 寄递物流 燃气管线 租住人员 特殊人群 留守老人 留守儿童 困难家庭 返乡青年 种植大户 合作社账目 集体资产 财务收支 小微工程 惠农补贴 项目招标 电动车充电点 水塘护栏 机耕道 果园围栏 鱼塘租期 坟山边界 采石场 砂石料场 冷库用电 大棚租金 茶青收购 苗木订单 老旧房屋 危桥险段 自来水费 网购纠纷 民间借贷 婚前财产 抚养费用 医疗票据 伤残鉴定 工伤赔付 退耕补助 公益林款 粮食直补 农机补贴 土地复垦 搬迁安置 户口迁移 养犬登记 广场噪声 麻将馆 网吧 小餐饮 卫生室 校车线路 快递驿站 加油点 液化气瓶 渡船证照 灭火器材 监控探头 路灯照明".split(),
        "so": "提高依法办事的能力 营造尊法学法的氛围 把苗头消除在萌芽状态 维护群众合法权益 让群众少跑路 增强法治意识 推动村容焕新 提升治理水平 做到件件有回音 形成齐抓共管的局面 工作不留死角 避免推诿扯皮 守住安全底线 把好事办到心坎上 使制度长出牙齿 带动邻村学着做 得到企业认可 为来年打下基础 防止问题反弹 减轻基层负担 方便外出务工人员 让老人听得懂记得住 促进农业增收 保障项目落地 消除邻里隔阂 树立诚信风尚 让年轻人愿意参与 压缩随意裁量的空间 以小切口解大难题 补上管理的短板".split(),
        "when": "年初 春耕期间 汛期前后 三夏时节 开学前 国庆前夕 农闲时节 岁末 换届之后 赶集日 雨季来临前 采茶季 收获时节 民工返乡时 每月十日 入梅以后 清明前后 中秋期间 冬至前 两节期间".split(),
        "where": "集市 文化广场 便民中心 村部 中心小学 农贸市场 党群中心 敬老院 工业园 文明实践站 卫生院 文化礼堂 农家书屋 客运站 茶场 工地 渔港 果园 晒谷场 祠堂 老樟树下 码头".split(),
        "topic": "民法典 宪法 反诈骗 禁毒 安全生产 土地管理 婚姻家庭 农民工权益 未成年人保护 生态环境 信访条例 森林防火 食品安全 反家暴 耕地保护 消防 殡葬改革 道路交通 种子质量 社会保险".split(),
        "clause": "{who}{how}{do}{what}|{do}{what}和{what}|{who}就{what}{do}{what}|{how}{do}{what}|{when}{who}{do}{what}|在{where}{do}{what}|对{what}{how}{do}|把{what}与{what}一并{do}|由{who}牵头{do}{what}|围绕{topic}{do}{what}".split(
            "|"
        ),
    }
    invented = ("连心桥工作法", "板凳议事会", "晒谷场普法", "三色台账工作法")
    boilerplate = (
        "始终坚持以习近平新时代中国特色社会主义思想为指导，全面贯彻落实上级关于法治建设的决策部署，紧扣年度目标任务，不断提升依法行政水平。",
        "主要负责同志认真履行推进法治建设第一责任人职责，做到重要工作亲自部署、重大问题亲自过问、重点环节亲自协调、重要任务亲自督办。",
        "严格执行重大行政决策公众参与、专家论证、风险评估、合法性审查和集体讨论决定等程序，防止决策失误。",
        "全面落实行政执法公示、执法全过程记录、重大执法决定法制审核等要求，促进严格规范公正文明执法。",
        "自觉接受人大法律监督、政协民主监督和社会舆论监督，认真办理代表建议和委员提案，办结率和满意率均达到百分之百。",
        "坚持把矛盾纠纷化解在基层、消除在萌芽，实现小事不出村、大事不出乡镇、矛盾不上交。",
        "将法治建设纳入年度综合考核，与经济社会发展同部署、同推进、同督促、同考核、同奖惩。",
        "畅通政务公开渠道，及时更新公开内容，保障群众的知情权、参与权、表达权和监督权。",
    )
    _prose = (
        "{clause}，{clause}，{so}。",
        "{when}，{clause}，{so}。",
        "{clause}，{clause}，{clause}。",
        "针对{what}，{clause}，{so}。",
        "坚持把{what}放在前面，{clause}，{so}。",
        "{who}围绕{what}、{what}，{how}{do}{what}。",
    )
    _figures = (
        "组织干部学法{a}次，参加{c}人次。",
        "审查合同{b}份，提出意见{a}条。",
        "在{village}{where}讲{topic}，发放资料{c}份，解答咨询{b}人次。",
        "全年排查纠纷{b}件，调解成功{b}件。",
        "开展执法检查{b}次，整改隐患{b}处。",
        "公开信息{c}条。",
        "{village}依托{where}{do}{what}，{clause}。",
    )
    _tails = ("，{so}", "，{clause}", "，{clause}，{so}")
    _own = (
        "{how}推行“{practice}”{members}，{clause}，{clause}，{clause}；{clause}，{clause}，{clause}，{so}。",
        "以“{practice}”{members}为抓手，{clause}，{clause}；{clause}，{clause}，{clause}，{clause}，{so}。",
        "{clause}，建立“{practice}”{members}台账，{clause}，{clause}；{when}，{clause}，{clause}，{clause}，{so}。",
    )

    def delay(self, chance: random.Random) -> float:
        return 0.15 + chance.expovariate(1 / 1.3)

    def mandate_delay(self, chance: random.Random) -> float:
        return 0.1 + chance.expovariate(1 / 0.7)

    def missing(self, chance: random.Random, rate: float) -> float:
        return rate * chance.uniform(0.7, 1.3)

    @cached_property
    def _letters(self) -> list[str]:
        return sorted(self.names_of())

    def edit(self, chance: random.Random, text: str, rate: float) -> str:
        """Single characters at random places, most of them replaced, the others dropped or put in."""
        characters = list(text)
        named = {index for match in re.finditer("“[^”]*”", text) for index in range(*match.span())}  # nobody misspells what a practice is called
        places = [index for index, character in enumerate(characters) if "\u4e00" <= character <= "\u9fff" and index not in named]
        for index in sorted(chance.sample(places, min(len(places), int(rate * len(text)))), reverse=True):
            draw = chance.random()
            if draw < 0.7:
                characters[index] = chance.choice(self._letters)
            elif draw < 0.85:
                del characters[index]
            else:
                characters.insert(index, chance.choice(self._letters))
        return "".join(characters)

    def sentence(self, chance: random.Random, voice: Voice) -> str:
        return self.fill(chance, chance.choice(self._prose if chance.random() < 0.7 else self._figures), voice)

    def paragraph(self, chance: random.Random, length: int) -> str:
        text = ""
        while len(text) < length:
            text += self.fill(chance, chance.choice(self._prose))
        return text

    def adopted(self, chance: random.Random, practice: Practice) -> str:
        members = "（" + "、".join(f"进{member}" for member in practice.members) + "）" if practice.members else ""
        return self.fill(chance, chance.choice(self._own).replace("{members}", members), None, practice)

    def since(self, year: int) -> str:
        return f"自{year}年以来，"

    def continued(self, chance: random.Random, practice: Practice) -> str:
        return self.fill(
            chance,
            chance.choice(("“{practice}”常态化运行，{clause}。", "继续抓好“{practice}”，{clause}，{so}。", "{clause}，“{practice}”覆盖{a}个村。")),
            None,
            practice,
        )

    def planned(self, chance: random.Random, practice: Practice, *, worded: bool) -> str:
        if worded:
            return self.fill(
                chance,
                chance.choice(("拟于下半年推行“{practice}”，{clause}。", "计划在{a}个村开展“{practice}”，{clause}。", "力争早日铺开“{practice}”，{clause}。")),
                None,
                practice,
            )
        return self.fill(
            chance,
            chance.choice(("推行“{practice}”，{clause}，{so}。", "引入“{practice}”，{clause}。", "学着办“{practice}”，{clause}，{clause}。")),
            None,
            practice,
        )

    def negated(self, chance: random.Random, practice: Practice) -> str:
        return self.fill(chance, chance.choice(("尚未推行“{practice}”，{what}还有欠缺。", "没有建立“{practice}”，{what}跟不上。")), None, practice)

    def exhorted(self, chance: random.Random, practice: Practice) -> str:
        return self.fill(chance, "要求各村学习“{practice}”，{clause}。", None, practice)

    def stopped(self, chance: random.Random, practice: Practice) -> str:
        return self.fill(chance, "因{what}调整，不再开展“{practice}”，{clause}。", None, practice)

    def told_of(self, chance: random.Random, practice: Practice, town: str) -> str:
        return self.fill(chance, f"指导{town}推行“{{practice}}”，{{clause}}。", None, practice)

    def credit(self, chance: random.Random, practice: Practice, source: str) -> str:
        return self.fill(chance, f"学习借鉴{source}“{{practice}}”经验，{{clause}}。", None, practice)

    def template(self, chance: random.Random) -> str:
        return self.fill(chance, "按照统一部署，{clause}，{clause}，{clause}；{clause}，{clause}，{so}。{clause}，{clause}，{clause}，{so}。")

    def head(self, chance: random.Random, voice: Voice, year: int) -> list[str]:
        lines = [f"{voice.county[0]}政〔{year}〕{chance.randint(1, 90)}号"] if chance.random() < 0.4 else []
        if voice.is_county:
            return [*lines, f"{voice.name}人民政府关于{year}年法治政府建设情况的报告", "市委、市政府："]
        office = "办事处" if voice.kind == "街道" else "人民政府"
        return [*lines, f"{voice.county}{voice.name}{office}关于{year}年法治政府建设情况的报告", f"{voice.county}人民政府："]

    def opening(self, chance: random.Random, voice: Voice, year: int) -> str:
        return self.fill(chance, f"{year}年，{voice.name}{{do}}{{what}}，{{clause}}，{{so}}。现将情况报告如下。", voice)

    def headings(self, chance: random.Random, voice: Voice, year: int, sections: int) -> tuple[str, list[str], str, str]:
        own = [f"（{_NUMBERS[number]}）{self.fill(chance, '{do}{what}，{so}')}" for number in range(sections)]
        return f"一、{year}年主要举措和成效", own, "二、存在的问题和不足", f"三、{year + 1}年工作打算"

    def tail(self, chance: random.Random, voice: Voice, year: int) -> list[str]:
        office = "办事处" if voice.kind == "街道" and not voice.is_county else "人民政府"
        return [f"{voice.name}{office}", f"{year}年12月{chance.randint(8, 31)}日", "（本文为合成文本）"]

    def notice(self, chance: random.Random, voice: Voice, year: int, subject: str, body: list[tuple[str, object]]) -> list[list[tuple[str, object]]]:
        lines: list[list[tuple[str, object]]] = [
            [(f"{voice.name[0]}政办〔{year}〕{chance.randint(1, 90)}号", None)],
            [(f"{voice.name}人民政府办公室关于{subject}的通知", None)],
            [("各乡镇人民政府、街道办事处：", None)],
            [(self.fill(chance, "为{do}{what}，{so}，现就有关事项通知如下。"), None)],
        ]
        lines += [[(f"{_NUMBERS[number % 10]}、", None), piece] for number, piece in enumerate(body)]
        lines += [
            [(f"{voice.name}人民政府办公室", None)],
            [(f"{year}年{chance.randint(1, 4)}月{chance.randint(1, 28)}日", None)],
            [("（本文为合成文本）", None)],
        ]
        return lines
