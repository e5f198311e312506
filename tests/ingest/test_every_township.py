"""Every township name of the register in made-up sentences: found with its county, never taken for another, and open where nothing decides.

One test a province, so that they run side by side; all 38,723 names take about a minute of one core.
"""

from collections import defaultdict

import pytest

from ingest.draft import Draft
from ingest.gazetteer import gazetteer
from ingest.model import Source
from ingest.places import read_frame
from ingest.text import Text

BODY = "\n一、主要做法\n（一）加强组织领导。全年开展学法活动，化解矛盾纠纷，建设平安乡村。\n"
WAYS = (
    "{county}{town}人民政府关于2022年法治政府建设情况的报告\n" + BODY,
    "{town}2022年度法治政府建设工作总结\n2022年，{town}在{county}委、县政府的领导下推进法治建设。" + BODY,
    "关于2022年度法治政府建设工作的报告\n2022年，我镇推进法治建设。" + BODY + "\n{county}{town}人民政府\n2022年12月3日\n",
)
BARE = "{town}2022年度法治政府建设工作总结\n2022年，{town}推进法治建设。" + BODY
LEAST_PRECISION, LEAST_RECALL = 0.995, 0.97


def by_province():
    register = gazetteer()
    towns = defaultdict(list)
    for place in register.places.values():
        if place.level == "township":
            towns[register.chain(place.id)[0].name].append(place)
    return towns


TOWNS = by_province()


def frame_of(text):
    text_ = Text.of(text)
    draft = Draft(source=Source(key="a.txt", text=text), text=text_, clean=text_.clean)
    read_frame(draft)
    return draft.frame


def test_the_register_is_whole():
    assert sum(len(towns) for towns in TOWNS.values()) == 38_723


@pytest.mark.parametrize("province", TOWNS)
def test_every_township_with_its_county(province):
    register = gazetteer()
    answered = right = 0
    wrong = []
    for number, town in enumerate(TOWNS[province]):
        frame = frame_of(WAYS[number % len(WAYS)].format(county=register.places[town.parent].name, town=town.name))
        if frame.status == "resolved":
            answered += 1
            right += frame.place == town.id
            if frame.place != town.id:
                wrong.append((town.id, frame.place, frame.place_evidence))
    assert right >= LEAST_PRECISION * answered, wrong[:10]
    assert right >= LEAST_RECALL * len(TOWNS[province])


@pytest.mark.parametrize("province", TOWNS)
def test_every_shared_name_stays_open_without_context(province):
    register = gazetteer()
    decided = []
    for town in TOWNS[province]:
        namesakes = [identifier for identifier in register.named(town.name) if register.places[identifier].level == "township"]
        frame = frame_of(BARE.format(town=town.name))
        if len(namesakes) > 1 and frame.status == "resolved":
            decided.append((town.id, frame.place, frame.place_evidence))
        if len(namesakes) == 1 and frame.status == "resolved":
            assert frame.place == town.id, frame
    assert decided == []
