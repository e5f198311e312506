"""Any bytes give facts or a clear refusal, in bounded time: 10,000 cases, made of pieces of the genre and of damaged copies of the examples."""

import random
import time
from pathlib import Path

import pytest

from ingest.model import Source
from ingest.pipeline import load_pipeline
from ingest.readers import Limits, Unreadable, read_bytes

EXAMPLES = sorted(
    path for path in (Path(__file__).parents[2] / "examples" / "corpus").iterdir() if path.suffix in (".txt", ".md", ".jsonl", ".html", ".docx", ".pdf")
)
PIECES = (
    "一 二 十 百 万 亿 两 半 1 12 2023 3.5 １２ % ％ 余 多 近 约 件 次 场次 人次 万元 名 个 ， 。 ； ： 、 （ ） ( ) 《 》 “ ” ‘ ’ 「 」 〔 〕 [ ] 【 】 \n \r\n \t 　 \u200b \ufeff # ** | - — · … "
    "年 月 日 第 号 镇 乡 街道 县 市 区 省 村 社区 人民政府 党委 委员会 司法所 派出所 领导小组 办公室 调解室 工作室 律师 书记 镇长 法律顾问 法律进 八进 普法 制度 机制 行动 活动 平台 "
    "公众号 未发生 无 其中 分别为 同比下降 参内镇 安溪县 巴山镇 我镇 全县 县委 关于 报告 一、 （一） 1. 一是 将 力争 已 调解 矛盾纠纷 開展 調解 \ud800 \x00 𠮷 é <b> & &nbsp; http://a.gov.cn 12345"
).split(" ")
CASES, SECONDS = 4_000, 20.0


@pytest.mark.parametrize("seed", range(8))
def test_any_text_gives_facts_that_are_slices_of_it(seed):
    chance = random.Random(seed)
    pipeline = load_pipeline()
    for case in range(CASES // 8):
        text = "".join(chance.choice(PIECES) * (chance.randint(2, 40) if chance.random() < 0.05 else 1) for _ in range(chance.randint(0, 120)))
        began = time.process_time()
        analysis = pipeline.analyse(Source(key=f"{case}.txt", text=text))
        assert time.process_time() - began < SECONDS, text
        for fact in analysis.facts:
            assert fact.surface == text[fact.start : fact.end], (text, fact)
            assert 0 <= fact.confidence <= 1


def damaged(raw, chance):
    """A copy with some bytes lost, doubled, changed or moved, or the rest cut off."""
    copy = bytearray(raw)
    for _ in range(chance.randint(1, 6)):
        if not copy:
            break
        start = chance.randrange(len(copy))
        end = min(len(copy), start + chance.choice((1, 2, 7, 40, 400)))
        match chance.randrange(5):
            case 0:
                del copy[start:end]
            case 1:
                copy[start:start] = copy[start:end] * chance.choice((1, 3))
            case 2:
                copy[start:end] = chance.randbytes(end - start)
            case 3:
                copy[start:end] = copy[: end - start]
            case _:
                if chance.random() < 0.2:
                    del copy[start:]
    return bytes(copy)


@pytest.mark.parametrize("seed", range(8))
def test_damaged_copies_of_the_examples_are_read_or_refused(seed):
    chance = random.Random(seed)
    pipeline = load_pipeline()
    limits = Limits()
    read = 0
    for case in range(6_000 // 8):
        path = EXAMPLES[case % len(EXAMPLES)]
        raw = damaged(path.read_bytes(), chance)
        began = time.process_time()
        for item in read_bytes(path.name, raw, limits):
            if isinstance(item, Unreadable):
                assert item.reason and item.cure
                continue
            read += 1
            if case % 3 == 0:
                facts = pipeline.analyse(item).facts
                assert all(fact.surface == item.text[fact.start : fact.end] for fact in facts)
        assert time.process_time() - began < SECONDS, (path.name, seed, case)
    assert read > 100
