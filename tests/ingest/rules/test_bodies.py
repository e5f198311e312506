"""Bodies and organisations. Sentences are made up; the report is 海阳镇's (休宁县, 黄山市, 安徽省). Each line: a text and (words, full name) of what it names."""

import time

import pytest
from report_reading import first, mentions_of, read_report


def named(sentence: str, **report: str) -> list[tuple[str, str | None]]:
    return mentions_of(sentence, "body", "organisation", **report)


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("在县委、县政府领导下", [("县委", "中共休宁县委员会"), ("县政府", "休宁县人民政府")]),
        ("在休宁县委县政府领导下", [("休宁县委", "中共休宁县委员会"), ("县政府", "休宁县人民政府")]),
        (
            "省委、省政府和黄山市委、市政府部署",
            [("省委", "中共安徽省委员会"), ("省政府", "安徽省人民政府"), ("黄山市委", "中共黄山市委员会"), ("市政府", "黄山市人民政府")],
        ),
        ("党中央、国务院印发", [("党中央", "中共中央"), ("国务院", "国务院")]),
        ("镇党委、政府高度重视", [("镇党委", "海阳镇党委"), ("政府", "海阳镇人民政府")]),
        ("我镇政府、镇人大主席团、镇纪委", [("镇政府", "海阳镇人民政府"), ("镇人大主席团", "海阳镇人大主席团"), ("镇纪委", "中共海阳镇纪律检查委员会")]),
        ("镇党委、人大、政府共同研究", [("镇党委", "海阳镇党委"), ("人大", "海阳镇人大"), ("政府", "海阳镇人民政府")]),
        ("中共休宁县海阳镇委员会", [("中共休宁县海阳镇委员会", "中共海阳镇委员会")]),
        ("休宁县海阳镇人民政府", [("休宁县海阳镇人民政府", "海阳镇人民政府")]),
        ("抄送：县委依法治县办", [("县委依法治县办", "中共休宁县委全面依法治县委员会办公室")]),
        ("县委全面依法治县委员会办公室指导", [("县委全面依法治县委员会办公室", "中共休宁县委全面依法治县委员会办公室")]),
        ("成立依法治镇工作领导小组", [("依法治镇工作领导小组", "海阳镇依法治镇工作领导小组")]),
        ("联合县水利局、县交委开展检查", [("县水利局", "休宁县水利局"), ("县交委", "休宁县交通委员会")]),
        ("邀请县人民法院、县检察院授课", [("县人民法院", "休宁县人民法院"), ("县检察院", "休宁县人民检察院")]),
        ("市中级人民法院、省司法厅通报", [("市中级人民法院", "黄山市中级人民法院"), ("省司法厅", "安徽省司法厅")]),
        ("市生态环境局休宁分局、县城管和综合执法局", [("市生态环境局休宁分局", "黄山市生态环境局休宁分局"), ("县城管和综合执法局", "休宁县城管和综合执法局")]),
        (
            "县委宣传部、县委政法委、县政府办",
            [("县委宣传部", "中共休宁县委员会宣传部"), ("县委政法委", "中共休宁县委员会政法委员会"), ("县政府办", "休宁县人民政府办公室")],
        ),
        ("团县委、县妇联参与", [("团县委", "共青团休宁县委员会"), ("县妇联", "休宁县妇联")]),
        ("联合派出所、司法所、法庭", [("派出所", "海阳镇派出所"), ("司法所", "海阳镇司法所"), ("法庭", "海阳镇人民法庭")]),
        ("联合海阳派出所、溪口司法所", [("海阳派出所", "海阳镇派出所"), ("溪口司法所", "溪口镇司法所")]),
        ("综合行政执法队、便民服务中心", [("综合行政执法队", "海阳镇综合行政执法队"), ("便民服务中心", "海阳镇便民服务中心")]),
        ("成立由书记任组长的法治政府建设工作领导小组", [("法治政府建设工作领导小组", "海阳镇法治政府建设工作领导小组")]),
        ("调整充实镇扫黑除恶专项斗争领导小组", [("镇扫黑除恶专项斗争领导小组", "海阳镇扫黑除恶专项斗争领导小组")]),
        ("落实镇党委理论学习中心组学法", [("镇党委理论学习中心组", "海阳镇党委理论学习中心组")]),
        ("党委（党组）理论学习中心组学法", [("党委（党组）理论学习中心组", "海阳镇党委（党组）理论学习中心组")]),
        ("将村人民调解委员会打造成工作站", [("村人民调解委员会", "村人民调解委员会")]),
        ("对村“调解委员会”人员培训", [("村“调解委员会”", "村人民调解委员会")]),
        ("大塘村村民委员会、新桥社区居委会", [("大塘村村民委员会", "大塘村村民委员会"), ("新桥社区居委会", "新桥社区居委会")]),
        ("县政务数据办、镇防汛办", [("县政务数据办", "休宁县政务数据办"), ("镇防汛办", "海阳镇防汛办")]),
        ("县交通综合行政执法大队", [("县交通综合行政执法大队", "休宁县交通综合行政执法大队")]),
        ("国家信访局通报", [("国家信访局", "国家信访局")]),
    ],
)
def test_bodies(sentence, expected):
    assert named(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "各部门、有关单位、上级党委、基层政府、各乡镇党委政府、村两委、各办公室",
        "建设法治政府、服务型政府，规范政府采购",
        "人大代表、政协委员视察，召开党委会、职工会、班子会",
        "全市委托执法，县级有关部门，优化市场格局，服务大局",
        "县级公共法律服务中心、镇级综治中心",
        "建成调解委员会12个、派出所3个",
        "推进社区矫正，做好辖区委派工作",
        "学习《国务院关于加强法治政府建设的意见》《县司法局工作规则》",
        "以习近平同志为核心的党中央坚强领导",
        "采取集中学习和自学，面向中小学生",
        "模拟法庭进校园",
        "由分管法治工作副书记兼办公室主任",
    ],
)
def test_what_is_no_body(sentence):
    assert named(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("到休宁第三小学、休宁海阳中学开展活动", ["休宁第三小学", "休宁海阳中学"]),
        ("走进镇中心小学", ["海阳镇中心小学"]),
        ("聘请安徽虚构律师事务所律师", ["安徽虚构律师事务所"]),
        ("与北京虚构（黄山）律师事务所签约", ["北京虚构（黄山）律师事务所"]),
        ("与虚构律师（黄山）事务所签约", ["虚构律师（黄山）事务所"]),
        ("深入休宁县虚构茶业有限公司", ["休宁县虚构茶业有限公司"]),
        ("牵头大塘花园小区业主委员会", ["大塘花园小区业主委员会"]),
        ("县律师协会、县公证处参加", ["休宁县律师协会", "休宁县公证处"]),
        ("组建“小石榴”普法宣讲团", ["“小石榴”普法宣讲团"]),
    ],
)
def test_organisations_with_a_name_of_their_own(sentence, expected):
    assert [canonical for _, canonical in mentions_of(sentence, "organisation")] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "到各学校、辖区企业、农村中小学",
        "聘请律师事务所律师",
        "走访重点企业、物业公司",
        "县城学校开展教育",
        "组织调解员队伍、执法队伍",
        "开展法治进医院、进学校",
    ],
)
def test_organisations_in_general_are_none(sentence):
    assert mentions_of(sentence, "organisation") == []


def test_party_committee_is_one_node_by_any_name():
    draft, _ = read_report("中共海阳镇委员会、镇党委、海阳镇党委")
    assert {mention.node for mention in draft.of("body") if "党委" in (mention.canonical or "") or "委员会" in (mention.canonical or "")} == {
        "body:cn:341022/海阳镇/中共海阳镇委员会"
    }


def test_own_government_is_one_node_by_any_name():
    draft, start = read_report("休宁县海阳镇人民政府、镇政府、我镇政府")
    assert {mention.node for mention in draft.of("body") if mention.start >= start} == {"body:cn:341022/海阳镇/海阳镇人民政府"}


def test_subdistrict_has_an_office_and_a_working_committee():
    heading = "天元区泰山路街道2022年法治政府建设工作报告\n2022年，株洲市天元区泰山路街道推进法治建设。\n"
    assert named("街道党工委、办事处高度重视，街道办牵头", heading=heading) == [
        ("街道党工委", "泰山路街道党工委"),
        ("办事处", "泰山路街道办事处"),
        ("街道办", "泰山路街道办事处"),
    ]


def test_county_report_calls_its_bureaus_by_the_county():
    heading = "休宁县2022年法治政府建设情况报告\n2022年，休宁县推进法治建设。\n"
    assert named("县司法局牵头，海阳司法所、综治中心配合", heading=heading) == [
        ("县司法局", "休宁县司法局"),
        ("海阳司法所", "海阳镇司法所"),
        ("综治中心", "休宁县综治中心"),
    ]


def test_unnamed_township_has_bodies_too():
    heading = "2023年，镇始终围绕通海县法治政府建设的有关要求开展工作。现将本镇2023年度法治政府建设工作报告如下：\n"
    assert named("镇人民政府组织学习", heading=heading) == [("镇人民政府", "通海县某镇（未具名）人民政府")]


def test_body_over_a_broken_line_keeps_its_name():
    draft, start = read_report("一、充分发挥全体干部职工和广大人民群众的积极作用，进一步加强镇\n\n司法所规范化建设，提升服务水平。")
    assert [mention.canonical for mention in draft.of("body") if mention.start >= start] == ["海阳镇司法所"]


def test_kind_is_on_the_mention():
    assert first("联合派出所", "body").attrs["kind"] == "police"


@pytest.mark.parametrize("piece", ["司法所", "县委", "领导小组", "局", "办", "依法治镇", "律师事务所", "镇党委、政府"])
def test_a_long_run_is_read_in_linear_time(piece):
    begun = time.perf_counter()
    read_report(piece * (40_000 // len(piece)))
    assert time.perf_counter() - begun < 30
