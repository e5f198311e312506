"""Whose report it is: full names, context for ambiguous ones, and declining where nothing decides. All texts are made up."""

import pytest

from ingest.draft import Draft
from ingest.gazetteer import gazetteer, stem_of
from ingest.header import find_year
from ingest.linking import find_places
from ingest.model import Source
from ingest.places import read_frame
from ingest.text import Text

BODY = "\n一、主要做法\n（一）加强组织领导。全年开展学法活动，化解矛盾纠纷。\n"


def frame_of(text, **source):
    text_ = Text.of(text)
    draft = Draft(source=Source(key=source.pop("key", "a.txt"), text=text, **source), text=text_, clean=text_.clean)
    read_frame(draft)
    return draft.frame, draft


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("参内镇2022年法治政府建设情况报告\n" + BODY, "cn:350524/参内镇"),  # one in the country
        ("城口县巴山镇人民政府\n关于2021年法治政府建设情况的报告\n" + BODY, "cn:500229/巴山镇"),  # path in the issuer
        ("巴山镇2021年法治政府建设情况报告\n" + BODY + "镇巴县委、县政府高度重视。\n", "cn:610728/巴山镇"),  # county in the text
        ("巴山镇2021年度法治政府建设工作总结\n" + BODY + "巴山镇人民政府\n2021年12月3日\n抄送：宁强县司法局。\n", "cn:610726/巴山镇"),  # county in the copies
        ("法治政府建设年度报告\n中共福田区委：\n2022年，福田区香蜜湖街道坚持依法行政。香蜜湖街道全年学法。" + BODY, "cn:440304/香蜜湖街道"),
        (
            "关于二○二三年度法治政府建设工作的报告\n2023年，我街道在区委领导下，深圳市福田区园岭街道推进依法治理，园岭街道落实责任。" + BODY,
            "cn:440304/园岭街道",
        ),
        ("安溪縣參內鎮2022年法治政府建設情況報告\n" + BODY, "cn:350524/参内镇"),  # traditional script
        ("安溪县人民政府2022年法治政府建设年度报告\n" + BODY + "全县24个乡镇，参内镇、官桥镇做法突出。", "cn:350524"),
        ("安溪县司法局2022年法治政府建设情况报告\n" + BODY, "cn:350524"),
    ],
)
def test_the_reporting_place_is_found(text, place):
    assert frame_of(text)[0].place == place


@pytest.mark.parametrize(
    ("source", "place"),
    [
        ({"url": "http://www.chengkou.gov.cn/a/b.html"}, "cn:500229/巴山镇"),
        ({"place": "cn:610728/巴山镇"}, "cn:610728/巴山镇"),
        ({"metadata": {"county": "陕西省汉中市宁强县"}}, "cn:610726/巴山镇"),
        ({"key": "重庆市/城口县/巴山镇2021.txt"}, "cn:500229/巴山镇"),
    ],
)
def test_where_a_text_came_from_counts_as_evidence(source, place):
    assert frame_of("巴山镇2021年法治政府建设情况报告\n" + BODY, **source)[0].place == place


def test_an_ambiguous_name_stays_ambiguous_with_its_candidates():
    frame, draft = frame_of("巴山镇2021年法治政府建设情况报告\n" + BODY)
    assert frame.status == "ambiguous"
    assert {"cn:500229/巴山镇", "cn:610728/巴山镇", "cn:610726/巴山镇", "cn:361024/巴山镇"} == set(frame.candidates)
    assert all(mention.node not in frame.candidates for mention in draft.of("place"))


def test_an_unnamed_township_is_a_node_of_its_own_under_its_county():
    frame, draft = frame_of("2022年，我镇在通海县委的领导下推进法治政府建设。" + BODY + "我镇将继续努力。")
    assert frame.status == "unresolved"
    assert frame.place is not None and frame.place.startswith("cn:530423/?")
    assert frame.place_name == "通海县某镇（未具名）"
    assert "cn:530423/杨广镇" in frame.candidates
    assert not {mention.node for mention in draft.of("place")} & set(frame.candidates)


def test_two_unnamed_townships_of_one_county_are_two_nodes():
    text = "2022年，我镇在通海县委的领导下推进法治政府建设。" + BODY
    assert frame_of(text, key="a.txt")[0].place != frame_of(text, key="b.txt")[0].place


def test_a_former_name_is_linked_to_todays_place():
    frame, _ = frame_of("安溪县参内乡2012年依法行政工作总结\n" + BODY)
    assert frame.place == "cn:350524/参内镇"
    assert frame.place_name == "参内乡"


@pytest.mark.parametrize(
    "text",
    [
        "建设平安乡村，推进平安乡镇创建",
        "小事不出村，大事不出街道",
        "党委中心组学习",
        "完成县委交办任务",
        "打造示范区",
        "应县级部门要求",
        "人民群众的安全感",
        "在中心镇区开展宣传",
        "和平安全的环境",
    ],
)
def test_words_that_only_look_like_places_are_none(text):
    assert find_places(text, gazetteer()) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("以甘肃宁县和盛镇为样板", ["宁县", "和盛镇"]),  # 肃宁县 is in 河北
        ("赴湖南安乡县考察", ["安乡县"]),  # 南安乡 is in 江西
        ("赴河北肃宁县考察", ["肃宁县"]),
        ("赴甘肃省宁县考察", ["甘肃省", "宁县"]),
    ],
)
def test_the_short_name_of_a_province_ends_before_the_next_name(text, names):
    assert [found.name for found in find_places(text, gazetteer())] == names


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("安溪县", "安溪"),
        ("互助土族自治县", "互助"),
        ("延边朝鲜族自治州", "延边"),
        ("参内镇", "参内"),
        ("香蜜湖街道", "香蜜湖"),
        ("城区", "城区"),
        ("广西壮族自治区", "广西"),
        ("三都水族自治县", "三都"),
    ],
)
def test_stems(name, stem):
    assert stem_of(name) == stem


@pytest.mark.parametrize(
    ("text", "year", "why"),
    [
        ("参内镇2022年法治政府建设情况报告\n2023年1月", 2022, "title"),
        ("参内镇法治政府建设年度报告\n现将2021年度工作报告如下。", 2021, "text"),
        ("参内镇法治政府建设报告\n2020年，参内镇认真学习。\n", 2020, "lead"),
        ("参内镇法治政府建设报告\n认真学习。\n参内镇人民政府\n2021年1月12日\n", 2020, "signature"),
        ("参内镇法治政府建设报告\n认真学习。\n参内镇人民政府\n2021年12月12日\n", 2021, "signature"),
        ("参内镇二〇一九年法治政府建设报告\n认真学习。\n", 2019, "title"),
        ("参内镇开展普法宣传\n发布时间：2021-03-02\n参内镇认真学习。\n", 2021, "published"),
        ("参内镇法治政府建设报告\n发布日期：2022-01-18 来源：参内镇\n参内镇认真学习。\n", 2021, "published"),
        ("参内镇法治政府建设报告\n认真学习。\n", None, None),
    ],
)
def test_the_covered_year(text, year, why):
    frame, _ = frame_of(text)
    assert (frame.year, frame.year_evidence) == (year, why)


def test_a_title_and_a_text_that_name_different_years_are_flagged():
    frame, _ = frame_of("参内镇2025年法治政府建设报告\n现将2024年度工作报告如下。")
    assert frame.year == 2025
    assert frame.warnings


def test_header_number_signature_and_coverage():
    frame, draft = frame_of(
        "参内镇人民政府文件\n参政〔2022〕41号\n参内镇人民政府关于2022年法治政府建设情况的报告\n县政府：\n全年学法。" + BODY + "参内镇人民政府\n2022年11月30日\n"
    )
    assert frame.docnumber == "参政〔2022〕41号"
    assert (frame.signed, frame.coverage_end) == ("2022-11-30", "2022-11-30")
    assert draft.clean[draft.tail_start :].startswith("参内镇人民政府\n2022年11月30日")
    assert draft.clean[: draft.head_end].endswith("县政府：\n")


def test_short_forms_are_taken_only_around_the_own_county():
    _, draft = frame_of("安溪县参内镇2022年法治政府建设情况报告\n安溪第三中学和参内中学开展活动，建设平安城市，人民满意。漳平的经验值得学习。" + BODY)
    surfaces = [draft.clean[mention.start : mention.end] for mention in draft.of("place")]
    assert surfaces.count("安溪") == 1
    assert "漳平" not in surfaces and "建设" not in surfaces


def test_year_of_a_draft_without_any_year():
    text = Text.of("没有年份的文字")
    assert find_year(Draft(source=Source(key="a", text="x"), text=text, clean=text.clean), None, None) == (None, None, [])
