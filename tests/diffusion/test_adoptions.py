from __future__ import annotations

import random
import statistics
from collections.abc import Mapping

import pytest

from diffusion.adoptions import wording
from diffusion.adoptions.coding import code
from diffusion.adoptions.detection import Rates, Track, estimate, years_of_adoption
from diffusion.adoptions.model import CLAIMS, Adoption, Mention, Said, Watched

NAME = "法律明白人"
PROGRAMS = {"program:法律明白人": NAME}


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("自2019年以来，我镇培育法律明白人60名。", Said(2018, 2019)),
        ("从2019年3月起推行法律明白人制度。", Said(2018, 2019)),
        ("2020年5月启动法律明白人培育工程，目前已有60名。", Said(2019, 2020)),
        ("2021年3月，正式建立法律明白人队伍。", Said(2020, 2021)),
        ("法律明白人培育工程于2018年启动。", Said(2017, 2018)),
        ("法律明白人自2020年起实行。", Said(2019, 2020)),
        ("今年新建法律明白人队伍3支。", Said(2020, 2021)),
        ("首次开展法律明白人培育。", Said(2020, 2021)),
        ("连续三年开展法律明白人培训。", Said(None, 2019)),
        ("连续2年开展法律明白人培训。", Said(None, 2020)),
        ("于2019年开展法律明白人培训。", Said(None, 2019)),
        # the year of the report says no more than the report
        ("2021年以来，我镇深入开展法律明白人培育。", Said()),
        ("2021年，我镇开展法律明白人培训4场。", Said()),
        ("培育法律明白人60名。", Said()),
        # relative years, how long, how much more than then
        ("自2019年以来培育法律明白人60名。", Said(2018, 2019)),
        ("自2019年起推行法律明白人制度。", Said(2018, 2019)),
        ("从2019年开始推行法律明白人制度。", Said(2018, 2019)),
        ("2019年起，我镇推行法律明白人制度。", Said(2018, 2019)),
        ("2019年以来，我镇推行法律明白人制度。", Said(2018, 2019)),
        ("2019年开始推行法律明白人制度。", Said(2018, 2019)),
        ("早在2019年就推行法律明白人制度。", Said(None, 2019)),
        ("早在2019年，我镇就已推行法律明白人制度。", Said(None, 2019)),
        ("2019年，我镇率先推行法律明白人制度。", Said(2018, 2019)),
        ("2019年率先推行法律明白人制度。", Said(2018, 2019)),
        ("法律明白人制度始于2019年。", Said(2018, 2019)),
        ("法律明白人制度自2019年推行以来，成效明显。", Said(2018, 2019)),
        ("法律明白人制度于2019年建立。", Said(2018, 2019)),
        ("2019年建立的法律明白人制度持续运行。", Said(2018, 2019)),
        ("2019年成立法律明白人队伍。", Said(2018, 2019)),
        ("2019年，成立法律明白人队伍，今年新增12人。", Said(2018, 2019)),
        ("法律明白人制度已推行两年。", Said(None, 2020)),
        ("法律明白人制度推行两年来，成效明显。", Said(None, 2020)),
        ("推行法律明白人制度三年来，成效明显。", Said(None, 2019)),
        ("连续第三年开展法律明白人培训。", Said(None, 2019)),
        ("近三年培育法律明白人60名。", Said()),
        ("去年以来，推行法律明白人制度。", Said(2019, 2020)),
        ("去年推行法律明白人制度。", Said(None, 2020)),
        ("去年启动法律明白人培养工程。", Said(2019, 2020)),
        ("2020年底启动法律明白人培养工程。", Said(2019, 2020)),
        ("上年启动的法律明白人培养工程继续推进。", Said(2019, 2020)),
        ("前年启动法律明白人培养工程。", Said(2018, 2019)),
        ("今年首次开展法律明白人培训。", Said(2020, 2021)),
        ("首次开展法律明白人培训。", Said(2020, 2021)),
        ("今年启动法律明白人培养工程。", Said(2020, 2021)),
        ("今年起推行法律明白人制度。", Said(2020, 2021)),
        ("自今年起推行法律明白人制度。", Said(2020, 2021)),
        ("今年3月起推行法律明白人制度。", Said(2020, 2021)),
        ("从今年开始推行法律明白人制度。", Said(2020, 2021)),
        ("新推出法律明白人制度。", Said(2020, 2021)),
        ("新推行法律明白人制度。", Said(2020, 2021)),
        ("本年度新建法律明白人队伍3支。", Said(2020, 2021)),
        ("2021年新建立法律明白人队伍。", Said(2020, 2021)),
        ("2021年5月正式启动法律明白人培养工程。", Said(2020, 2021)),
        ("启动法律明白人培养工程。", Said()),
        ("正式启动法律明白人培养工程。", Said()),
        ("继续推行法律明白人制度。", Said(None, 2020)),
        ("继续深化法律明白人制度。", Said(None, 2020)),
        ("持续推行法律明白人制度。", Said()),
        ("在去年的基础上继续推行法律明白人制度。", Said(None, 2020)),
        ("坚持推行法律明白人制度。", Said()),
        ("巩固提升法律明白人工作。", Said()),
        ("2018年至2021年，连续开展法律明白人培训。", Said(None, 2018)),
        ("“七五”普法以来，培育法律明白人60名。", Said()),
        ("2019—2021年累计培育法律明白人60名。", Said()),
        ("自2019年5月推行法律明白人制度以来，调解纠纷30件。", Said(2018, 2019)),
        ("2019年至今，法律明白人调解纠纷30件。", Said(2018, 2019)),
        ("截至2020年底，已培育法律明白人60名。", Said(None, 2020)),
        ("到2020年底，已有法律明白人60名。", Said(None, 2020)),
        ("2020年培育法律明白人40名，今年新增20名。", Said(None, 2020)),
        ("法律明白人由2020年的40名增加到60名。", Said(None, 2020)),
        ("法律明白人比上年增加20名。", Said(None, 2020)),
        ("较去年新增法律明白人20名。", Said(None, 2020)),
        ("法律明白人制度实施第二年。", Said(None, 2020)),
        ("创新推出法律明白人制度。", Said()),
        # what else happened then or for so long
        ("三年来，全镇信访量下降，今年首次推行法律明白人。", Said(2020, 2021)),
        ("近五年来群众诉求增多，今年新成立法律明白人队伍。", Said(2020, 2021)),
        ("“八五”普法第二年，我镇首次推行法律明白人。", Said(2020, 2021)),
        ("在去年工作基础上，今年首次推行法律明白人。", Said(2020, 2021)),
        ("截至2020年底全镇共有律师3名，今年启动法律明白人培养。", Said(2020, 2021)),
        ("第三年度考核推行法律明白人。", Said()),
        ("推行法律明白人，第二年即覆盖全镇。", Said()),
        ("从未停止推行法律明白人。", Said()),
        # not of this practice, or of what is to come
        ("2018年成立了司法所。培育法律明白人60名。", Said()),
        ("2018年成立了司法所；培育法律明白人60名。", Said()),
        ("到2025年启动法律明白人培育。", Said()),
        # the end
        ("不再开展法律明白人培训。", Said(stopped=True)),
        ("取消法律明白人津贴以外的做法。", Said(stopped=True)),
        ("法律明白人工作已停止。", Said(stopped=True)),
        ("停止摊派后，深入各村、各社区和各企业广泛培育法律明白人。", Said()),
    ],
)
def test_what_a_sentence_says_of_the_beginning(sentence: str, said: Said) -> None:
    assert wording.read(sentence, sentence.index(NAME), len(NAME), 2021) == said


def mention(place: str, covered: int, sentence: str = "培育法律明白人60名。", **more: object) -> Mention:
    told: dict[str, object] = {"own": True, "modality": "done", "negated": False, "confidence": 0.9, "program": "program:法律明白人"}
    at = sentence.index(NAME)
    return Mention(
        place=place, report=f"{place}-{covered}", covered=covered, fact=f"{place}-{covered}-{at}", sentence=sentence, at=at, length=len(NAME), **(told | more)
    )  # type: ignore[arg-type]


def watch(mentions: list[Mention], present: Mapping[str, tuple[int, ...]], first: int = 2016, last: int = 2024) -> Watched:
    return Watched(mentions=tuple(mentions), present=present, first=first, last=last)


def decide(mentions: list[Mention], years: tuple[int, ...] = tuple(range(2016, 2025))) -> Adoption:
    (row,) = code(watch(mentions, {"cn:1/甲镇": years}), "program:法律明白人", PROGRAMS)
    return row


PLACE = "cn:1/甲镇"


@pytest.mark.parametrize(
    ("mentions", "status", "upper"),
    [
        ([mention(PLACE, 2020)], "adopted", 2020),
        ([mention(PLACE, 2020, modality="ongoing")], "adopted", 2020),
        ([mention(PLACE, 2019, modality="planned"), mention(PLACE, 2020)], "adopted", 2020),
        ([mention(PLACE, 2020, modality="planned")], "planned", None),
        ([mention(PLACE, 2020, modality="exhorted")], "exhorted", None),
        ([mention(PLACE, 2020, modality="exhorted"), mention(PLACE, 2021, modality="planned")], "planned", None),
        ([mention(PLACE, 2020, negated=True)], "negated", None),
        ([mention(PLACE, 2020, own=False)], "reported_by_superior", 2020),
        ([mention(PLACE, 2020, own=False), mention(PLACE, 2021)], "adopted", 2020),
        ([mention(PLACE, 2021, "法律明白人工作已停止。", negated=True)], "stopped", 2021),
        ([mention(PLACE, 2021, "尚未培育法律明白人。", negated=True)], "negated", None),
        ([mention(PLACE, 2019), mention(PLACE, 2021, "不再开展法律明白人培训。", negated=True)], "stopped", 2019),
        ([mention(PLACE, 2022, "自2019年起培育法律明白人。")], "adopted", 2019),
    ],
)
def test_status_and_upper_end(mentions: list[Mention], status: str, upper: int | None) -> None:
    row = decide(mentions)
    assert (row.status, row.t_upper) == (status, upper)
    assert (upper is not None) is (row.status in CLAIMS)
    assert (row.censored == "right") is (upper is None)


def test_a_date_in_the_text_closes_the_interval() -> None:
    row = decide([mention(PLACE, 2022, "自2019年起培育法律明白人。")])
    assert (row.t_lower, row.t_upper, row.censored, row.basis) == (2018, 2019, None, "said")


def test_what_the_first_report_names_was_there_before() -> None:
    assert decide([mention(PLACE, 2016)]).censored == "left"


def test_evidence_of_a_claim_is_what_claims_it() -> None:
    row = decide([mention(PLACE, 2018, modality="planned"), mention(PLACE, 2020), mention(PLACE, 2021)])
    assert row.facts == (f"{PLACE}-2020-2", f"{PLACE}-2021-2")
    assert row.p == pytest.approx(0.99)


def test_a_place_whose_reports_are_all_missing_can_be_named_by_its_superior() -> None:
    (row,) = code(watch([mention("cn:1/乙镇", 2020, own=False)], {"cn:1/甲镇": (2019, 2020)}), "program:法律明白人", PROGRAMS)
    assert (row.place, row.status, row.t_upper) == ("cn:1/乙镇", "reported_by_superior", 2020)


def test_no_mention_gives_no_row() -> None:
    assert code(watch([], {PLACE: (2019, 2020)}), "program:法律明白人", PROGRAMS) == []
    assert code(watch([], {}, 0, -1), "program:法律明白人", PROGRAMS) == []


def world(rate: float, missing: float, seed: int, places: int = 300) -> tuple[Watched, dict[str, int | None]]:
    """Adopters at 15 % a year, 10 % before, who name it in ``rate`` of their reports."""
    chance = random.Random(seed)
    present, mentions, truth = {}, [], {}
    for number in range(places):
        place = f"cn:1/{number:03}镇"
        begun = 2015 if chance.random() < 0.1 else next((year for year in range(2016, 2025) if chance.random() < 0.15), None)
        years = tuple(year for year in range(2016, 2025) if chance.random() >= missing)
        truth[place], present[place] = begun, years
        mentions += [mention(place, year) for year in years if begun is not None and year >= begun and chance.random() < rate]
    return watch(mentions, present), truth


def tracks_of(watched: Watched) -> list[Track]:
    naming = {(each.place, each.covered) for each in watched.mentions}
    return [Track(tuple((year, "named" if (place, year) in naming else "silent") for year in years), None) for place, years in watched.present.items()]


@pytest.mark.parametrize("rate", [0.4, 0.6, 0.8, 0.9])
def test_planted_rates_are_recovered(rate: float) -> None:
    rates = estimate(tracks_of(world(rate, 0.1, 5)[0]), 2016, 2024)
    assert rates.mention == pytest.approx(rate, abs=0.05)
    assert rates.hazard == pytest.approx(0.15, abs=0.04)


@pytest.mark.parametrize("missing", [0.0, 0.1, 0.3])
@pytest.mark.parametrize("rate", [0.4, 0.7, 0.9, 1.0])
def test_intervals_hold_the_true_year(rate: float, missing: float) -> None:
    held, widths = [], []
    for seed in range(3):
        watched, truth = world(rate, missing, seed)
        for row in code(watched, "program:法律明白人", PROGRAMS):
            begun = truth[row.place]
            assert begun is not None and row.t_upper is not None
            held.append((row.t_lower is None or row.t_lower < begun) and begun <= row.t_upper)
            widths += [row.t_upper - row.t_lower] if row.t_lower is not None else []
    assert sum(held) / len(held) >= 0.95
    if rate == 1.0 and missing <= 0.1:
        assert statistics.median(widths) <= 1


@pytest.mark.parametrize("seed", range(5))
def test_hiding_silent_reports_only_widens(seed: int) -> None:
    watched, _ = world(0.9, 0.0, seed, 60)
    chance = random.Random(seed)
    naming = {(each.place, each.covered) for each in watched.mentions}
    for place in chance.sample(sorted(watched.present), 10):
        silent = [year for year in watched.present[place] if (place, year) not in naming]
        if not silent:
            continue
        hidden = chance.choice(silent)
        rates = Rates(0.9, 0.15, 0.1)
        reports = tuple((year, "named" if (place, year) in naming else "silent") for year in watched.present[place])
        latest = min((year for year, sign in reports if sign == "named"), default=None)
        if latest is None:
            continue
        full = years_of_adoption(Track(reports, latest), rates, 2016, 2024)
        less = years_of_adoption(Track(tuple(each for each in reports if each[0] != hidden), latest), rates, 2016, 2024)
        for year in range(2016, latest + 1):
            before = sum(value for other, value in full.items() if other is None or other < year) / full[latest]
            assert sum(value for other, value in less.items() if other is None or other < year) / less[latest] >= before - 1e-12


def test_order_of_mentions_changes_nothing() -> None:
    watched, _ = world(0.7, 0.1, 9, 80)
    shuffled = random.Random(1).sample(watched.mentions, len(watched.mentions))
    assert code(watch(shuffled, dict(reversed(watched.present.items()))), "program:法律明白人", PROGRAMS) == code(watched, "program:法律明白人", PROGRAMS)


def test_years_shifted_shift_the_answer() -> None:
    watched, _ = world(0.7, 0.1, 9, 60)
    later = watch(
        [mention(each.place, each.covered + 3) for each in watched.mentions], {p: tuple(y + 3 for y in own) for p, own in watched.present.items()}, 2019, 2027
    )
    rows, moved = (code(each, "program:法律明白人", PROGRAMS) for each in (watched, later))
    assert [(row.t_lower and row.t_lower + 3, row.t_upper and row.t_upper + 3) for row in rows] == [(row.t_lower, row.t_upper) for row in moved]
