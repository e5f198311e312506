"""Platforms. Each line is a made-up sentence and the names that must come out of it, no more and no fewer."""

import pytest
from name_reading import found, read

from ingest.rules.platforms import platforms


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("利用学习强国、法宣在线等开展学习。", ["学习强国", "法宣在线"]),
        ("推广“柳河通”APP，方便群众办事。", ["柳河通"]),
        ("用好“柳河通”、“石桥议事”等平台。", ["柳河通", "石桥议事"]),
        ("开通“平安柳河”微信公众号。", ["平安柳河微信公众号"]),
        ("通过镇政府微信群、公众号公开信息。", ["柳河镇政府微信群", "柳河镇政府公众号"]),
        ("我镇政务公开栏及时更新。", ["柳河镇政务公开栏"]),
        ("在县政府门户网站公开年报。", ["石岭县政府门户网站"]),
        ("在柳河镇石桥法治文化广场举办活动。", ["柳河镇石桥法治文化广场"]),
        ("将东街打造为法治文化街，建成民法典主题公园。", ["法治文化街", "民法典主题公园"]),
        ("开办农民夜校、法治大讲堂。", ["农民夜校", "法治大讲堂"]),
        ("开办「農民夜校」。", ["农民夜校"]),
        ("办理12345热线工单300件。", ["12345政务服务便民热线"]),
        ("宣传“12348”公共法律服务热线。", ["12348公共法律服务热线"]),
        ("推进政府信息公开平台与政务服务平台融合。", ["政府信息公开平台", "政务服务平台"]),
        ("创建了一个微信工作群。", ["微信工作群"]),
        ("运用农村宅基地审批监管平台核查。", ["农村宅基地审批监管平台"]),
    ],
)
def test_names_that_are_platforms(sentence, expected):
    assert found(read(platforms, sentence)) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "利用宣传栏、广播、电子屏、微信、网站等载体宣传。",
        "搭建服务平台，拓宽沟通平台。",
        "通过微信群、公众号等新媒体平台推送。",
        "发放资料12345份。",
        "引导群众和人群有序参与。",
        "落实《柳河镇“柳河通”APP管理办法》。",
        "打造“一站式”平台。",
        "召开法治院坝会。",
    ],
)
def test_what_is_no_platform(sentence):
    assert found(read(platforms, sentence)) == []


def test_own_platform_hangs_on_the_place_and_a_national_one_does_not():
    draft = read(platforms, "通过学习强国和镇政府微信群学习。")
    assert sorted(draft.nodes) == ["platform:cn:990101/柳河镇/柳河镇政府微信群", "platform:学习强国"]


def test_a_square_is_a_platform_with_the_words_of_its_village():
    (mention,) = read(platforms, "依托石桥村法治文化广场开展宣讲。").of("platform")
    assert mention.canonical == "石桥村法治文化广场"
