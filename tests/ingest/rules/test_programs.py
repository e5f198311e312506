"""Programs. Each line is a made-up sentence and the names that must come out of it, no more and no fewer."""

import time

import pytest
from name_reading import found, read, surfaces

from ingest.rules.programs import programs, read_programs


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        # known names in every dress
        ("深入实施“八五”普法规划。", ["八五普法"]),
        ("启动八五普法中期工作。", ["八五普法"]),
        ("继续抓好「八五」普法。", ["八五普法"]),
        ("开展法律“九进”宣传。", ["法律九进"]),
        ("开展“法律九进”活动。", ["法律九进"]),
        ("开展法治宣传“六进”活动12场。", ["法律六进"]),
        ("落实“一村（社区）一法律顾问”制度。", ["一村一法律顾问"]),
        ("落实一村(居)一法律顾问制度。", ["一村一法律顾问"]),
        ("推行执法公示、全过程记录、法制审核“三项制度”。", ["行政执法三项制度"]),
        ("建立重大行政执法决定法治审核制度。", ["重大执法决定法制审核制度"]),
        ("深化“最多跑一次”改革。", ["最多跑一次"]),
        ("培养“法律明白人”36名。", ["法律明白人"]),
        ("落实國家机关「誰執法誰普法」責任制。", ["谁执法谁普法"]),
        ("积极参与“平安乡村”建设。", ["平安乡村"]),
        # quoted before a class word
        ("推行“红马甲+网格”治理模式。", ["红马甲+网格"]),
        ("总结出“六步”工作法。", ["六步工作法"]),
        ("落实“早排查、晚会商”制度。", ["早排查、晚会商"]),
        ("建立“所站联动”“庭所对接”等机制。", ["所站联动", "庭所对接"]),
        ("开展“送法下田”活动8次。", ["送法下田"]),
        ("推行“一窗收件、并联审批”。", ["一窗收件、并联审批"]),
        ("打造“20分钟法律服务圈”。", ["20分钟法律服务圈"]),
        # a class word alone ends the name
        ("严格落实领导干部包村联户制度。", ["领导干部包村联户制度"]),
        ("建立班子成员与商户结对联系制度，常态走访。", ["班子成员与商户结对联系制度"]),
        ("健全值班、培训考核、执法装备管理责任制。", ["执法装备管理责任制"]),
        ("开展非法集资排查专项行动。", ["非法集资排查专项行动"]),
        ("推进乡镇事业单位机构改革。", ["乡镇事业单位机构改革"]),
        ("坚持茶文化六步调解法。", ["茶文化六步调解法"]),
        # series that enter places
        ("开展“法律进牧区”“宪法进军营”等活动。", ["法律进牧区", "宪法进军营"]),
        ("法律进机关、进学校、进企业的频次不够。", []),
    ],
)
def test_names_that_are_programs(sentence, expected):
    assert found(read(programs, sentence)) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "增强“四个意识”、坚定“四个自信”、做到“两个维护”。",
        "实现“小事不出村、大事不出镇”的目标。",
        "坚持“党委领导、政府负责、群众参与”的原则。",
        "形成了“书记亲自抓、镇长具体抓、站所协同抓”的工作机制。",
        "打通服务群众“最后一公里”。",
        "建立学习制度、会议制度、监督制度等各项规章制度。",
        "工作机制不够健全，部分干部对制度理解不深。",
        "打通重大调解难点。",
        "加大调解力度，扩大调解覆盖面。",
        "落实《柳河镇“法律明白人”管理制度》。",
        "召开会议5次，开展专项执法行动12次。",
        "利用“12·4”等节点宣传。",
        "建立学习、会议、考核三项制度。",
        "学习宣传法律知识。",
        "",
    ],
)
def test_what_is_no_program(sentence):
    assert found(read(programs, sentence)) == []


def test_numbers_of_the_series_are_different_programs_of_one_family():
    draft = read(programs, "去年开展“法律七进”，今年开展“法律八进”。")
    assert [(mention.canonical, mention.attrs["family"]) for mention in draft.of("program")] == [("法律七进", "法律进"), ("法律八进", "法律进")]
    assert draft.nodes["program:法律八进"].properties["family"] == "法律进"


def test_members_are_those_the_text_lists():
    draft = read(programs, "推进普法宣传进机关、进学校、进牧区、进寺庙等“法律七进”活动。", "开展“法律八进”活动。")
    seven, eight = draft.of("program")
    assert seven.attrs["members"] == ["机关", "学校", "牧区", "寺庙"]
    assert "members" not in eight.attrs


def test_variant_keeps_the_words_of_the_text():
    (mention,) = read(programs, "推行“一村(居)一法律顾问”制度。").of("program")
    assert mention.attrs["variant"] == "一村（居）一法律顾问"
    assert mention.node == "program:一村一法律顾问"


def test_class_word_belongs_to_the_span():
    assert surfaces(read(programs, "全面落实“法治副校长”制度，实行“零报告”制度。")) == ["“法治副校长”制度", "“零报告”制度"]


def test_the_longest_name_wins():
    assert found(read(programs, "推行“网格员+调解员+法律明白人”联动模式。")) == ["网格员+调解员+法律明白人"]


def test_a_name_of_the_catalogue_is_marked_as_such():
    draft = read(programs, "落实河长制，推行“石桥夜话”工作法。")
    assert {node.name: node.properties["catalogued"] for node in draft.nodes.values()} == {"河长制": True, "石桥夜话": False}


@pytest.mark.parametrize("piece", ["一", "“", "”", "《", "“甲”", "制度", "建立甲乙丙丁制度", "法律八进", "进学校、", "“六进”", "矛盾纠纷"])
def test_time_grows_with_length_only(piece):
    text = piece * (100_000 // len(piece))
    start = time.perf_counter()
    read_programs(text)
    assert time.perf_counter() - start < 10
