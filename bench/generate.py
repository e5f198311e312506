"""Make reports for benchmarks: real names of townships and villages from the registers, everything else invented, 合成 in each file's last line.

    python bench/generate.py OUT --reports 10000 --seed 1

A report has about 3,000 characters and, per 1,000 characters, about as many words, figures, programs, bodies and places as real ones have. Most of it is prose, put together clause by clause from word
lists, so that few sentences come twice; villages, advisers, documents and figures differ from report to report. It is a load for measuring speed, no model of the genre.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import vocabulary
from vocabulary.registers import read_places, read_villages

SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN = "测样例拟演示范构"
ROOMS = "清风 老支书 石桥 和为贵 银杏 晚晴 邻里情 茶语 五老 山泉 同心 榕树下 稻香 青石 渡口 明理 暖阳 山歌".split()
PLACES = "集市 文化广场 便民服务中心 村部 中心小学 农贸市场 党群服务中心 敬老院 工业园 新时代文明实践站 卫生院 文化礼堂 农家书屋 客运站 茶场 施工现场 渔港 果园".split()
TOPICS = "民法典 宪法 反诈骗 禁毒 安全生产 土地管理 婚姻家庭 农民工权益 未成年人保护 生态环境保护 信访条例 森林防火 食品安全 反家庭暴力 耕地保护 消防安全 殡葬改革 道路交通 扫黑除恶 种子质量 河道管理 社会保险".split()
WAYS = "集中授课 院坝会 入户走访 广播宣讲 案例讲解 以案释法 知识竞赛 发放手册 悬挂横幅 微信推送 文艺演出 模拟法庭 田间课堂 短视频 有奖问答 板凳会 圆桌座谈 流动展板 乡音小喇叭 主题班会".split()
PROGRAMS = [entry["name"] for entry in vocabulary.load("programs") if entry.get("kind") == "program" and not entry.get("generic")]
LAWS = [entry["title"] for entry in vocabulary.load("laws") if entry.get("kind") == "law"][:60]

WHO = "镇党委 党政班子 分管领导 班子成员 包村干部 村干部 驻村工作队 司法所 派出所 网格员 综合办公室 党员志愿者 人大代表 工作专班 执法人员 村民代表 老党员 退休教师 机关干部 各村党支部".split()
HOW = "扎实 有序 稳步 持续 深入 主动 认真 及时 严格 切实 逐项 分类 全程 靠前 带头 反复 耐心 统筹 合力 依法".split()
DO = "推进 梳理 完善 落实 规范 压实 优化 细化 健全 整合 检视 盘活 延伸 巩固 畅通 强化 厘清 补齐 拓宽 夯实 改进 审核 公示 修订 对照 研判 回应 督办 跟踪 总结".split()
WHAT = "责任清单 议事规则 权力边界 办事流程 审批材料 服务事项 经费保障 台账资料 信息报送 公示栏目 村规民约 重点环节 薄弱环节 工作合力 考核指标 学习计划 值班制度 档案卷宗 印章使用 合同文本 决策程序 听证环节 风险评估 部门协作 案卷质量 文书格式 调查取证 执法记录 投诉渠道 举报线索 诉求清单 走访日志 回访记录 法治氛围 干部作风 执法能力 群众口碑 队伍结构 年轻骨干 培训课程 阵地布局 宣传长廊 文化墙绘 广播频次 法律书籍 咨询窗口 代办服务 预约办理 延时服务 帮办队伍 赶集摊点 土地流转 林权边界 灌溉水源 宅基地审批 房屋租赁 彩礼风俗 赡养义务 邻里关系 债务清偿 劳务报酬 山场承包 道路硬化 污水管网 垃圾清运 秸秆焚烧 违章搭建 占道经营 烟花燃放 防汛值守 森林巡护 校园周边 寄递物流 燃气管线 租住人员 特殊人群 留守老人 留守儿童 困难家庭 返乡青年 种植大户 合作社 集体资产 财务公开 小微工程 惠农补贴 项目招标".split()
SO = "提高干部依法办事的能力 营造尊法学法的氛围 把苗头消除在萌芽状态 维护群众的合法权益 让群众少跑路 增强群众的法治意识 推动乡村面貌焕然一新 提升基层治理水平 优化营商环境 做到件件有回音 形成齐抓共管的局面 确保工作不留死角 避免推诿扯皮 守住安全底线 把好事办到群众心坎上 让权力在阳光下运行 使制度真正长出牙齿 带动邻近村庄学着做 得到企业和群众认可 为来年打下基础 防止问题反弹 减轻基层负担 方便外出务工人员办事 让老年人听得懂记得住 促进农业增收 保障重大项目顺利落地 消除邻里隔阂 树立诚信守约的风尚 让青年人愿意参与 压缩随意裁量的空间".split()
WHEN = "年初 春耕期间 汛期前后 三夏时节 开学之际 国庆前夕 农闲时节 岁末年初 换届之后 每逢赶集 雨季来临前 采茶季节 收获时节 务工人员返乡时".split()
HEADINGS = "加强组织领导 健全决策机制 推进普法宣传 规范行政执法 化解矛盾纠纷 优化政务服务 深化基层自治 强化监督制约".split()

FIGURES = [
    "成立由镇党委书记任组长的法治建设工作领导小组，全年召开专题会议{a}次。",
    "组织干部学习《{law}》等法律法规{a}次，参加学习{c}人次。",
    "聘请{adviser}律师为{town}人民政府法律顾问，全年审查合同{b}份。",
    "对{a}件规范性文件开展合法性审查，审查率达100%。",
    "在{village}{place}以{way}的方式宣传{topic}知识，发放宣传资料{c}余份，解答群众咨询{b}人次。",
    "悬挂横幅{b}条，推送普法信息{a}期。",
    "培育法律明白人{b}名，学法用法示范户{b}户。",
    "邀请{adviser}律师到{village}举办法治讲座{a}场，覆盖群众{c}余人次。",
    "全年开展执法检查{b}次，立案{a}件，罚款{a}.{a}万元。",
    "排查安全隐患{b}处，整改{b}处，整改率达100%。",
    "建成“{room}”调解室，全年调解矛盾纠纷{b}件，成功率达{rate}%。",
    "接待群众来访{b}批次，办结率{rate}%。",
    "全镇划分网格{b}个，配备网格员{b}名。",
    "公开政府信息{c}条，未发生行政复议、行政诉讼败诉案件。",
]
NAMES = [
    "深入开展“{program}”，{clause}，{so}。",
    "落实“{program}”和“{program}”，{who}{how}{do}{what}，{so}。",
    "按照《{law}》和县司法局要求，{clause}。",
    "{village}依托{place}{do}{what}，{clause}。",
    "会同县农业农村局、市场监督管理局，{clause}，{so}。",
    "以{way}为抓手，把{topic}送到{village}，{so}。",
    "{when}，{town}人民政府联合派出所、司法所{do}{what}，{so}。",
]
PROSE = [
    "{clause}，{clause}，{so}。",
    "{when}，{clause}，{so}。",
    "{clause}，{clause}，{clause}。",
    "针对{what}，{who}{how}{do}{what}，{so}。",
    "坚持把{what}放在突出位置，{clause}，{so}。",
    "{who}围绕{what}、{what}，{how}{do}{what}。",
]
PROBLEMS = [
    "部分干部对{what}、{what}重视不够，与{so}的要求还有差距",
    "{topic}宣传形式单一，{way}覆盖面有待扩大",
    "{who}力量薄弱，{what}、{what}还需加强",
    "{what}不够规范，{what}更新不及时",
]
PLANS = ["继续{do}{what}，{so}", "深化“{program}”，力争全年开展活动{a}场", "进一步{do}{what}、{what}，{so}", "将以{way}为抓手，加大{topic}宣传力度，{so}"]


class Writer:
    """Writes reports of one township; ``chance`` decides everything that is drawn."""

    def __init__(self, chance: random.Random, county: str, town: str, villages: list[str]) -> None:
        self.chance = chance
        self.county = county
        self.town = town
        self.villages = villages or [f"{name}村" for name in ROOMS]
        self.adviser = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))

    def clause(self) -> str:
        pick = self.chance.choice
        shape = pick(("{0}{1}{2}{3}", "{1}{2}{3}和{4}", "{0}就{4}{1}{2}{3}", "{0}{2}{3}"))
        return shape.format(pick(WHO), pick(HOW), pick(DO), pick(WHAT), pick(WHAT))

    def fill(self, sentence: str) -> str:
        """A sentence with each of its blanks drawn anew."""
        for blank, draw in self.blanks().items():
            while blank in sentence:
                sentence = sentence.replace(blank, draw(), 1)
        return sentence

    def blanks(self) -> dict[str, object]:  # type: ignore[type-arg]
        chance = self.chance
        lists = {
            "who": WHO,
            "how": HOW,
            "do": DO,
            "what": WHAT,
            "so": SO,
            "when": WHEN,
            "topic": TOPICS,
            "way": WAYS,
            "place": PLACES,
            "program": PROGRAMS,
            "room": ROOMS,
            "law": LAWS,
            "village": self.villages,
        }
        drawn = {f"{{{name}}}": (lambda words=words: chance.choice(words)) for name, words in lists.items()}
        numbers = {"{a}": (2, 12), "{b}": (8, 90), "{c}": (120, 9800)}
        drawn.update({name: (lambda ends=ends: str(chance.randint(*ends))) for name, ends in numbers.items()})
        fixed = {"{town}": self.town, "{adviser}": self.adviser}
        drawn.update({name: (lambda word=word: word) for name, word in fixed.items()})
        return {"{clause}": self.clause, "{rate}": lambda: f"{chance.randint(900, 999) / 10}", **drawn}

    def paragraph(self, figures: int, names: int, prose: int) -> str:
        chosen = self.chance.sample(FIGURES, figures) + self.chance.sample(NAMES, names) + self.chance.choices(PROSE, k=prose)
        self.chance.shuffle(chosen)
        return "".join(self.fill(sentence) for sentence in chosen)

    def write(self, year: int) -> str:
        chance, town = self.chance, self.town
        lines = [
            f"{town}人民政府文件",
            f"{self.county[0]}政〔{year}〕{chance.randint(1, 90)}号",
            f"{self.county}{town}人民政府关于{year}年法治政府建设情况的报告",
            "县委、县政府：",
            f"{year}年，{town}在县委、县政府的坚强领导下，全面落实《法治政府建设实施纲要（2021-2025年）》，扎实推进法治政府建设。现将有关情况报告如下：",
            f"一、{year}年主要举措和成效",
        ]
        for number, heading in enumerate(chance.sample(HEADINGS, 5)):
            lines.append(f"（{'一二三四五'[number]}）{heading}，{chance.choice(SO)}")
            lines.append(self.paragraph(1, 2, chance.randint(3, 6)))
            lines.append(self.paragraph(1, 1, chance.randint(4, 7)))
        lines.append("二、存在的问题和不足")
        lines.append("".join(f"{'一二三'[number]}是{self.fill(sentence)}。" for number, sentence in enumerate(chance.sample(PROBLEMS, 3))))
        lines.append(f"三、{year + 1}年工作打算")
        lines.append("".join(f"{'一二三四'[number]}是{self.fill(sentence)}。" for number, sentence in enumerate(chance.sample(PLANS, 4))))
        lines += [f"{town}人民政府", f"{year}年12月{chance.randint(1, 31)}日", "（合成文本，仅供测速）"]
        return "\n".join(lines) + "\n"


def generate(folder: Path, reports: int, seed: int) -> int:
    """Write ``reports`` files below ``folder``, by county, four years of each township; returns the number of characters."""
    chance = random.Random(seed)
    counties = {area.code: area for area in read_places() if len(area.code) == 6}
    towns = [(code, town) for code, area in sorted(counties.items()) for town in area.townships.split()]
    chance.shuffle(towns)
    characters = 0
    for number in range(reports):
        code, town = towns[number // 4 % len(towns)]
        if number % 4 == 0:
            writer = Writer(chance, counties[code].name, town, read_villages(code[:2]).get((code, town), "").split())
        text = writer.write(2020 + number % 4)
        path = folder / f"{code}{counties[code].name}" / f"{town}-{2020 + number % 4}-{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        characters += len(text)
    return characters


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--reports", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    total = generate(arguments.out, arguments.reports, arguments.seed)
    print(f"{arguments.reports} reports, {total:,} characters, {total // max(1, arguments.reports):,} each")
