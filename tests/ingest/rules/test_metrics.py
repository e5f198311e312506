"""Numbers and what they count. Sentences are made up; each line is a text and the metrics that must come out of it, no more and no fewer."""

import time

import pytest

from ingest.draft import Draft
from ingest.model import Source
from ingest.rules.metrics import read_counts, read_zeros
from ingest.rules.numbers import chinese_number, iter_quantities
from ingest.text import Text, iter_sentences


def metrics_of(text):
    text_ = Text.of(text)
    draft = Draft(source=Source(key="a", text=text), text=text_, clean=text_.clean)
    draft.sentences = iter_sentences(draft.clean)
    draft.tail_start = len(draft.clean)
    read_counts(draft)
    read_zeros(draft)
    return draft.of("metric")


@pytest.mark.parametrize(
    ("text", "value", "unit", "approx"),
    [
        ("发放资料1300余份", 1300, "份", "more_than"), ("发放资料1.3万份", 13000, "份", None), ("发放资料1万多份", 10000, "份", "more_than"), ("受益群众两万余人次", 20000, "人次", "more_than"), ("参加近千人", 1000, "人", "about"),
        ("发放资料百余份", 100, "份", "more_than"), ("罚款3万余元", 3, "万元", "more_than"), ("罚款1.3万元", 1.3, "万元", None), ("投入资金1.2亿元", 12000, "万元", None), ("罚款5000元", 5000, "元", None), ("投入10多万元", 10, "万元", "more_than"),
        ("办结率97.52%", 97.52, "%", None), ("覆盖率达到95%以上", 95, "%", "at_least"), ("开展宣讲10场次", 10, "场次", None), ("开展宣讲10余场（次）", 10, "场次", "more_than"), ("培训两次", 2, "次", None), ("化解纠纷十二件", 12, "件", None),
        ("组织三十余名干部参加", 30, "名", "more_than"), ("约200人参加", 200, "人", "about"), ("超过300人参加", 300, "人", "more_than"), ("不少于4次学法", 4, "次", "at_least"), ("配备调解员1,200名", 1200, "名", None), ("发放 1300 余 份资料", 1300, "份", "more_than"),
        ("走访农户５６户", 56, "户", None), ("排查隐患47个左右", 47, "个", "about"), ("化解矛盾纠纷三百二十一件", 321, "件", None), ("满意度百分之百", 100, "%", None), ("每季度至少一次研究", 1, "次", "at_least"),
    ],
)  # fmt: skip
def test_forms_of_numbers(text, value, unit, approx):
    found = list(iter_quantities(Text.of(text).clean))
    assert [(quantity.value, quantity.unit, quantity.approx) for quantity in found] == [(value, unit, approx)]


@pytest.mark.parametrize(
    "text",
    [
        "增强“四个意识”", "坚定四个自信", "落实三重一大制度", "“12·4”国家宪法日", "“12.4”宪法日", "溪政〔2021〕18号", "第3次会议", "第一责任人", "2023年12月4日", "12345热线", "一次性告知", "24小时值守", "10个工作日内办结", "三个方面的工作", "推进一体化建设",
        "抓好两个责任", "法律八进活动", "八五普法", "二十大精神", "五四青年节", "1+4+X模式", "走进千家万户", "一把手", "三项制度", "把二条街打造好", "化解纠纷××件", "数十次调解", "“一控制、两下降、三没有”目标", "3个月内完成", "十四五规划", "一是加强领导", "统一思想", "90后青年",
    ],
)  # fmt: skip
def test_what_is_no_quantity(text):
    assert list(iter_quantities(Text.of(text).clean)) == []


@pytest.mark.parametrize(
    ("text", "value"), [("十", 10), ("二十三", 23), ("一百零五", 105), ("两千", 2000), ("三万五千", 35000), ("百", 100), ("一亿", 100_000_000)]
)
def test_chinese_numbers(text, value):
    assert chinese_number(text) == value


NAMED = [
    ("全年共发放宣传资料3200余份。", [("发放宣传资料", 3200)]),
    ("开展6次学法活动。", [("学法活动", 6)]),
    ("2022年以来，溪口镇累计组织4次集体培训。", [("集体培训", 4)]),
    ("现有27人持有行政执法证。", [("持有行政执法证", 27)]),  # the predicate after the noun
    ("组织培训6次、会前学法12次。", [("培训", 6), ("会前学法", 12)]),  # coordination
    ("受理群众诉求560件，办结520件，办结率达92.8%。", [("受理群众诉求", 560), ("办结群众诉求", 520), ("办结率", 92.8)]),  # bare verb, bare rate
    ("调解矛盾纠纷85件，化解成功83件，成功率97.6%。", [("调解矛盾纠纷", 85), ("化解成功矛盾纠纷", 83), ("化解成功率", 97.6)]),
    ("开展法治宣传活动，举办20余次。", [("法治宣传活动", 20)]),
    ("发放宣传册400余份法律顾问进村宣讲2次。", [("发放宣传册", 400), ("法律顾问进村宣讲", 2)]),  # missing comma
    ("成立1个镇级调解中心，12个村级调解室。", [("镇级调解中心", 1), ("村级调解室", 12)]),
    ("组建了60人的专职调解员队伍。", [("调解员队伍", 60)]),
    ("两个调解工作室全年调解纠纷143件。", [("调解工作室", 2), ("调解纠纷", 143)]),
    ("收集意见、建议52条。", [("收集意见、建议", 52)]),
    ("其中邻里纠纷10件，婚姻家庭纠纷6件，其他纠纷2件。", [("邻里纠纷", 10), ("婚姻家庭纠纷", 6), ("其他纠纷", 2)]),
    ("罚款3万余元。", [("罚款", 3)]),
    ("同比下降12%。", [("下降", 12)]),
    ("每月一次对辖区隐患进行排查。", [("隐患", 1)]),
    ("群众满意度达98.5%以上。", [("满意度", 98.5)]),
    ("审查合同15份、规范性文件2件。", [("合同", 15), ("规范性文件", 2)]),
    ("全镇16个行政村均聘请了法律顾问。", [("行政村", 16)]),
    ("在集市设立咨询台，解答群众咨询 40 余次，发放资料 600 余份。", [("解答群众咨询", 40), ("发放资料", 600)]),
]


@pytest.mark.parametrize(("text", "expected"), NAMED, ids=[text for text, _ in NAMED])
def test_what_a_number_counts(text, expected):
    found = metrics_of(text)
    assert [mention.value for mention in found] == [value for _, value in expected]
    for mention, (words, _) in zip(found, expected, strict=True):
        assert mention.indicator is not None
        assert words in mention.indicator, (words, mention.indicator)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("全年未发生群体性事件、民转刑案件、重大安全事故。", ["群体性事件", "民转刑案件", "重大安全事故"]),
        ("未发生行政诉讼败诉案件。", ["行政诉讼败诉案件"]),
        ("辖区内无重大刑事案件发生。", ["重大刑事案件"]),
        ("没有发生越级上访和群体性械斗案件。", ["越级上访", "群体性械斗案件"]),
    ],
)
def test_what_did_not_happen_is_a_zero(text, names):
    found = metrics_of(text)
    assert [(mention.indicator, mention.value, mention.polarity) for mention in found] == [(name, 0, "negative") for name in names]


@pytest.mark.parametrize("text", ["无其他需要报告情况。", "群众无不满意。", "无法律明白人的村要尽快配齐。", "零距离服务群众。", "做到早发现、早报告。"])
def test_what_is_no_zero(text):
    assert metrics_of(text) == []


def test_a_count_of_villages_is_not_a_count_of_people():
    (mention,) = metrics_of("对27个行政村配齐法律明白人。")
    assert mention.indicator_id != "law_persons"
    assert mention.value == 27


def test_evidence_holds_the_number_and_its_words():
    text = "通过多种形式，全年累计共发放各类\n\n宣传资料 3200 余份，效果良好。"
    (mention,) = metrics_of(text)
    start, end = Text.of(text).to_original(mention.start, mention.end)
    assert text[start:end].replace("\n", "").replace(" ", "") == "全年累计共发放各类宣传资料3200余份"


@pytest.mark.parametrize(
    "piece", ["零", "无", "1 ", "3次、", "未发生", "（3件", "1至", "调解成功", "办结率", "同比", "百分之", "2 0 2 4 年", "3.", "其中", "1"]
)
def test_a_long_run_is_read_in_linear_time(piece):
    begun = time.process_time()
    metrics_of(piece * (100_000 // len(piece)) + "3件，成功率3%")
    assert time.process_time() - begun < 8


def test_a_run_of_digits_is_no_number():
    assert metrics_of("9" * 6000 + "件。") == []
