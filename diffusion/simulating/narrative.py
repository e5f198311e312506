"""Family ``narrative``: long flowing paragraphs under worded headings; log-normal delays, missing reports in lumps, whole words and clauses edited."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping, Sequence
from typing import ClassVar

from diffusion.simulating.style import Practice, Style, Voice, part

_ORDER = "壹贰叁肆伍陆柒捌玖拾"


class Narrative(Style):
    name = "narrative"
    sentences = (7, 11)
    copy_share = 0.65
    remention = 0.6
    words: ClassVar[Mapping[str, Sequence[str]]] = {
        "actor": "我们 专职队伍 法律服务团 各村两委 联防小组 楼栋管家 驻点律师 平安办 社会事务办 应急办 信访专员 司法协理员 乡贤理事 商会会长 志愿联盟 护林员 水管员 河道保洁员 青年突击队 校长们 企业法务 行业协会 市场管理方 物业经理 农机手 民警小队 纪检委员 统计员 文化专干 老调解能手".split(),
        "manner": "一步一步地 沉下身子 结合实际 不打折扣地 挨家挨户 面对面 趁热打铁 因地制宜 用心用情 有板有眼地 循序渐进地 全年无休地 春夏秋冬不间断地 手把手 按图索骥 由点到面 举一反三地 起早贪黑 线上线下同步 分片包干".split(),
        "act": "讲清楚 理顺 摸排 化解 疏通 完善起来 管好 盯住 说明白 登记造册 重新丈量 张榜公布 纳入议程 送到门口 装订成册 逐一销号 转为日常 搬上屏幕 写进章程 交由大家评议 列入课表 分段验收 请专家把脉 定期体检 回头再看".split(),
        "thing": "田埂界线 老宅翻建 婚嫁开支 工钱拖欠 摊位租约 停车秩序 夜市噪音 屋顶漏水 电梯维保 物业账单 茶园承包 蜂箱摆放 池塘清淤 竹林采伐 光伏占地 风机噪声 仓库消防 冷链车辆 网络谣言 刷单陷阱 养生讲座骗局 保健品推销 民宿执照 农家乐卫生 渔船安检 海塘巡查 堤坝隐患 涵洞积水 山洪预警 地质点位 古树保护 祠堂修缮 族谱争议 庙产归属 集体分红 股权登记 三资平台 村账审计 印章台账 会议纪要 公文流转 执法仪电量 罚没票据 案件回访 证据封存 法律文书送达 远程开庭 视频调解 电子签名 线上预约 自助终端 一码查询 方言播报 漫画海报 情景短剧 快板节目 山歌擂台 法治灯谜 乡村影院 流动书箱 假期课堂 家长学校 心理驿站 爱心食堂 日间照料 残疾人坡道 校门口护栏 斑马线 弯道镜 限速牌 农用三轮 无牌摩托 酒后驾车 道口看守 货车超载 扬尘围挡 渣土外运 餐厨油烟 河面漂浮物 畜禽粪污 农药瓶回收 地膜残留 秸秆离田 违建彩钢棚 卫片图斑 撂荒地块 高标准田 种粮补助 良种发放 疫苗接种 犬只管理 活禽交易 食材溯源 校园餐 药店处方 诊所消毒 疫病上报 献血活动 劳务合同 社保断缴 工伤认定 薪酬账户 招工信息 返岗专车 技能证书 夫妻口角 遗嘱见证 分家析产 收养手续 监护责任 赡养协议 离婚冷静 家暴告诫".split(),
        "effect": "大家的心气更顺了 来办事的人明显少跑冤枉路 小矛盾没有拖成大麻烦 村里人遇事先想到找法 过去的糊涂账变成明白账 年轻后生也肯坐下来听 邻近几个村主动上门取经 商户说心里踏实多了 老人家拍手叫好 台账不再是摆设 基层的腰杆挺得更直 说理的地方多了起来 规矩立在了明处 争吵声换成了商量声 外来人员也有了归属感 干部敢管会管的底气更足 旧账难账一笔一笔清零 法律的种子撒进了田间 群众认这个理也服这个判 投资者愿意把厂子留下来".split(),
        "season": "开春后 谷雨时节 入夏以来 秋收之余 腊月里 学期初 年中盘点时 台风过境后 春运高峰 端午前夕 招商季 稻花飘香时 新米上市时 第一场雪前 枇杷黄熟时 柑橘采摘期 晒秋时 禁渔期里".split(),
        "spot": "议事亭 老街口 乡村会客厅 校门前 车间班组 生态园 海边驿站 竹编作坊 古戏台 供销社旧址 游客集散点 百姓书房 圩场 牧道旁 矿区宿舍 侨批馆 邮政所 粮站院子 溪畔长廊 农机库".split(),
        "law": "个人信息保护 电信网络诈骗防范 乡村振兴促进 土壤污染防治 家庭教育促进 噪声污染防治 黄河保护 畜牧 农产品质量 突发事件应对 反有组织犯罪 湿地保护 法律援助 数据安全".split(),
        "bit": "{actor}{manner}把{thing}{act}|{season}{actor}到{spot}，把{thing}{act}|围着{thing}转，{manner}{act}|从{thing}入手，{actor}{act}{thing}|对{thing}和{thing}，{actor}{manner}{act}|{spot}里谈{thing}，{actor}{act}|{actor}讲{law}，也讲{thing}|先易后难，把{thing}、{thing}{act}|{thing}由{actor}{manner}{act}|遇到{thing}，请{actor}出面{act}".split(
            "|"
        ),
    }
    invented = ("溪畔夜谈会", "五味茶调解法", "竹筐信箱制", "渡口说理台工作法")
    boilerplate = (
        "一年来，深入学习领会习近平法治思想的核心要义，把党的领导落实到依法治理的全过程和各方面，凝聚起干事创业的强大合力。",
        "党政主要领导带头讲法治课、带头述法、带头出庭应诉，以上率下带动干部职工形成依法办事的良好习惯。",
        "对提请会议研究的合同、协议和文件，坚持先审后议、不审不议，从源头上防范法律风险。",
        "持证人员亮证执法、文明用语，做到程序合法、证据确凿、处罚得当，全年没有发生被撤销或者确认违法的案件。",
        "主动向社会公布监督电话和邮箱，对新闻媒体和人民群众反映的情况逐条核实、限期答复。",
        "坚持和发展基层治理的好经验，把人民调解、行政调解、司法调解衔接起来，推动纠纷就地解决。",
        "落实经费和人员保障，把普法依法治理所需开支列入财政预算，做到专款专用。",
        "严守廉洁纪律和工作纪律，对失职失责、推诿拖延的严肃追责，营造风清气正的政治生态。",
    )
    _prose = (
        "{bit}，{effect}。",
        "{bit}，{bit}，{effect}。",
        "{season}，{bit}；{bit}。",
        "说到{thing}，{bit}，{bit}。",
        "{bit}，随后{bit}，{effect}。",
        "有的人不理解{thing}，{actor}就{manner}解释，{bit}。",
    )
    _figures = (
        "到年末，{actor}共走访{c}户，记下意见{b}条。",
        "{month}月，{village}的{thing}闹到乡里，{actor}用了{a}天{act}。",
        "夜谈会开了{b}场，来的有{c}人。",
        "{village}请来律师坐班{b}天，{bit}。",
        "调解卷宗装订{b}册，当场兑现{b}起，{effect}。",
    )
    _own = (
        "借着“{practice}”的东风{members}，{bit}，{bit}。{bit}，{bit}，{bit}，{effect}。",
        "{bit}，于是办起了“{practice}”{members}，{bit}。{season}，{bit}，{bit}，{effect}。",
        "“{practice}”在这里落了地{members}：{bit}；{bit}；{bit}；{bit}，{effect}。",
    )

    def delay(self, chance: random.Random) -> float:
        return chance.lognormvariate(0.1, 0.55)

    def mandate_delay(self, chance: random.Random) -> float:
        return chance.lognormvariate(-0.6, 0.45)

    def missing(self, chance: random.Random, rate: float) -> float:
        """A fifth of the counties lacks much, the others little."""
        return min(0.9, rate * 3.0) if chance.random() < 0.2 else rate * 0.5

    def edit(self, chance: random.Random, text: str, rate: float) -> str:
        """Whole words replaced, clauses dropped, put in or exchanged, in bursts, as long as the characters so touched stay within the rate."""
        budget = int(rate * len(text))
        pieces = part(text, r"[，；。：]")
        least = budget / 3
        for _ in range(200):
            if budget <= least:
                break
            index = chance.randrange(len(pieces))
            piece = pieces[index]
            draw = chance.random()
            if draw < 0.12 and 4 <= len(piece) <= budget and len(pieces) > 4 and piece.endswith("，") and "“" not in piece:
                budget -= len(piece)
                del pieces[index]
            elif draw < 0.24 and piece.endswith("，"):
                added = self.fill(chance, chance.choice(("{manner}{act}{thing}，", "{effect}，", "重在{act}，")))
                if len(added) <= budget:
                    budget -= len(added)
                    pieces.insert(index + 1, added)
            else:
                changed, cost = self._reword(chance, piece, budget)
                pieces[index], budget = changed, budget - cost
        return "".join(pieces)

    def _reword(self, chance: random.Random, piece: str, budget: int) -> tuple[str, int]:
        """One run of two to four characters in other words, outside of names."""
        runs = [match.span() for match in re.finditer(r"(?<!“)[\u4e00-\u9fff]{2,4}", piece) if "“" not in piece]
        if not runs:
            return piece, 0
        start, end = chance.choice(runs)
        word = chance.choice(self.words[chance.choice(("thing", "actor", "act", "spot"))])
        cost = max(end - start, len(word))
        return (piece[:start] + word + piece[end:], cost) if cost <= budget else (piece, 0)

    def sentence(self, chance: random.Random, voice: Voice) -> str:
        return self.fill(chance, chance.choice(self._prose if chance.random() < 0.75 else self._figures), voice)

    def paragraph(self, chance: random.Random, length: int) -> str:
        text = ""
        while len(text) < length:
            text += self.fill(chance, chance.choice(self._prose))
        return text

    def adopted(self, chance: random.Random, practice: Practice) -> str:
        members = "，走进" + "、走进".join(practice.members) if practice.members else ""
        return self.fill(chance, chance.choice(self._own).replace("{members}", members), None, practice)

    def since(self, year: int) -> str:
        return f"从{year}年起，"

    def continued(self, chance: random.Random, practice: Practice) -> str:
        return self.fill(
            chance,
            chance.choice(("“{practice}”还在老地方办着，{bit}。", "靠着“{practice}”，{bit}，{effect}。", "“{practice}”又添了{a}个点，{bit}。")),
            None,
            practice,
        )

    def planned(self, chance: random.Random, practice: Practice, *, worded: bool) -> str:
        if worded:
            return self.fill(
                chance,
                chance.choice(("“{practice}”预计明年落地，{bit}。", "下一步将试办“{practice}”，{bit}。", "正打算引进“{practice}”，{bit}。")),
                None,
                practice,
            )
        return self.fill(
            chance,
            chance.choice(("办好“{practice}”，{bit}。", "让“{practice}”走进更多村落，{bit}，{effect}。", "把“{practice}”建起来，{bit}。")),
            None,
            practice,
        )

    def negated(self, chance: random.Random, practice: Practice) -> str:
        return self.fill(chance, chance.choice(("“{practice}”还没有开展起来，{thing}是块短板。", "受条件所限，未能实行“{practice}”。")), None, practice)

    def exhorted(self, chance: random.Random, practice: Practice) -> str:
        return self.fill(chance, "号召村居向“{practice}”看齐，{bit}。", None, practice)

    def stopped(self, chance: random.Random, practice: Practice) -> str:
        return self.fill(chance, "由于{thing}，“{practice}”已经停办，{bit}。", None, practice)

    def told_of(self, chance: random.Random, practice: Practice, town: str) -> str:
        return self.fill(chance, f"{town}办起“{{practice}}”，{{bit}}。", None, practice)

    def credit(self, chance: random.Random, practice: Practice, source: str) -> str:
        return self.fill(chance, f"派人赴{source}考察“{{practice}}”，回来后{{bit}}。", None, practice)

    def template(self, chance: random.Random) -> str:
        return self.fill(chance, "对照年度工作清单，{bit}，{bit}。{bit}，{bit}，{bit}。{season}，{bit}，{effect}。")

    def head(self, chance: random.Random, voice: Voice, year: int) -> list[str]:
        return [f"{voice.name}{year}年度法治建设工作总结"]

    def opening(self, chance: random.Random, voice: Voice, year: int) -> str:
        above = voice.prefecture if voice.is_county else voice.county
        return self.fill(chance, f"{year}年度，在{above}的领导下，{voice.name}{{bit}}，{{effect}}。总结如下：", voice)

    def headings(self, chance: random.Random, voice: Voice, year: int, sections: int) -> tuple[str, list[str], str, str]:
        own = [self.fill(chance, f"（{_ORDER[number]}）{{act}}{{thing}}") for number in range(sections)]
        return "一、工作开展情况", own, "二、存在困难与不足", "三、下一步工作思路"

    def tail(self, chance: random.Random, voice: Voice, year: int) -> list[str]:
        body = "委员会" if voice.is_county else ("工作委员会" if voice.kind == "街道" else "委员会")
        return [f"中共{voice.name}{body}", f"{year + 1}年1月{chance.randint(3, 28)}日", "合成样例，人物与数字皆为虚构"]

    def notice(self, chance: random.Random, voice: Voice, year: int, subject: str, body: list[tuple[str, object]]) -> list[list[tuple[str, object]]]:
        lines: list[list[tuple[str, object]]] = [
            [(f"中共{voice.name}委员会 印发《{voice.name}{subject}工作方案》", None)],
            [(self.fill(chance, f"{year}年，{{bit}}，{{bit}}，特制定本方案。"), None)],
        ]
        lines += [[(f"第{number + 1}条 ", None), piece] for number, piece in enumerate(body)]
        lines += [
            [(f"中共{voice.name}委员会", None)],
            [(f"{year}年{chance.randint(1, 4)}月{chance.randint(1, 28)}日", None)],
            [("合成样例，人物与数字皆为虚构", None)],
        ]
        return lines
