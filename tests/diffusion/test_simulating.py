"""The simulator: truth agrees with the text, the families share nothing, the same seed gives the same bytes."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest

from diffusion.simulating import FAMILIES, simulate
from fazhi.errors import Conflict, Invalid

PLAN_HEADINGS = ("工作打算", "下一步工作思路")
PLAN_WORDS = ("拟", "计划", "力争", "预计", "下一步", "打算")


@pytest.fixture(scope="module", params=sorted(FAMILIES))
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, str]]:
    out = tmp_path_factory.mktemp("simulated") / "out"
    simulate(out, reports=120, seed=3, family=request.param, missing=0.1)
    truth = json.loads((out / "truth.json").read_bytes())
    return truth, {told["key"]: (out / "reports" / told["key"]).read_text(encoding="utf-8") for told in truth["reports"]}


def distance(one: str, other: str) -> int:
    """Characters to put in, drop or replace."""
    before = list(range(len(other) + 1))
    for row, left in enumerate(one, 1):
        now = [row]
        for column, right in enumerate(other, 1):
            now.append(min(before[column] + 1, now[-1] + 1, before[column - 1] + (left != right)))
        before = now
    return before[-1]


def test_there_are_exactly_as_many_texts_as_asked_for(made, tmp_path: Path) -> None:
    truth, texts = made
    assert len(texts) == 120
    assert simulate(tmp_path / "few", reports=5, seed=1, family=truth["family"]).reports == 5
    assert len(list((tmp_path / "few" / "reports").rglob("*.txt"))) == 5


def test_each_text_says_in_its_last_line_that_it_is_invented(made) -> None:
    assert all("合成" in text.rstrip("\n").rpartition("\n")[2] for text in made[1].values())


def test_a_copy_differs_from_its_source_by_the_stated_rate(made) -> None:
    truth, texts = made
    copies = [told for told in truth["copies"] if told["source"] is not None]
    assert len(copies) > 30
    for told in copies:
        copy = texts[told["report"]][told["start"] : told["end"]]
        source = texts[told["source"]["report"]][told["source"]["start"] : told["source"]["end"]]
        assert distance(source, copy) <= told["edit_rate"] * len(source) + 1e-9
    high = [told for told in copies if told["edit_rate"] >= 0.2]
    shares = []
    for told in high:
        copy, source = texts[told["report"]][told["start"] : told["end"]], texts[told["source"]["report"]][told["source"]["start"] : told["source"]["end"]]
        shares.append(distance(source, copy) / len(source) / told["edit_rate"])
    assert sum(shares) / len(shares) > 0.6  # a replaced character may be drawn again, a word may hold a character of the one it replaces


def test_every_occurrence_of_a_template_is_where_truth_says(made) -> None:
    truth, texts = made
    for template in truth["templates"]:
        for place in template["places"]:
            found = texts[place["report"]][place["start"] : place["end"]]
            assert distance(template["text"], found) <= 0.05 * len(template["text"])


def test_mentions_name_their_program_and_plans_are_told_as_plans(made) -> None:
    truth, texts = made
    names = {program["id"]: program["name"] for program in truth["programs"]}
    by_section = by_word = 0
    for told in truth["mentions"]:
        text = texts[told["report"]]
        said = text[told["start"] : told["end"]]
        assert names[told["program"]] in said
        if told["status"] == "planned":
            heading = max(text.rfind(heading, 0, told["start"]) for heading in PLAN_HEADINGS)
            worded = any(word in said for word in PLAN_WORDS)
            assert heading >= 0 or worded
            by_section += heading >= 0 and not worded
            by_word += worded
    assert by_section and by_word


def test_adoptions_of_a_place_come_before_it_tells_of_them(made) -> None:
    truth, _ = made
    began = {(told["place"], told["program"]): told["year"] for told in truth["adoptions"]}
    told_of = [told for told in truth["mentions"] if told["status"] in ("adopted", "continued", "reported_by_superior")]
    assert told_of
    for told in told_of:
        assert began[told["place"], told["program"]] <= told["year"]


def test_sources_adopted_earlier_and_orders_are_of_the_own_county(made) -> None:
    truth, _ = made
    time = {(told["place"], told["program"]): told["time"] for told in truth["adoptions"]}
    county = {place["id"]: place["county"] for place in truth["places"]}
    ordered = {(told["county"], told["program"]): told["time"] for told in truth["mandates"]}
    for told in truth["adoptions"]:
        key = told["source"], told["program"]
        if told["channel"] in ("sibling", "horizontal"):
            assert time[key] < told["time"]
            assert (county[told["source"]] == county[told["place"]]) == (told["channel"] == "sibling")
        elif told["channel"] in ("vertical", "hidden_common"):
            assert told["source"] == county[told["place"]]
            assert ordered[key] < told["time"]
        else:
            assert told["source"] is None


def test_reports_and_missing_slots_make_up_all_places_and_years(made) -> None:
    truth, _ = made
    there = {(told["place"], told["year"]) for told in truth["reports"] if told["kind"] == "report"}
    missing = {(told["place"], told["year"]) for told in truth["missing"]}
    first, last = truth["years"]
    assert not there & missing
    assert there | missing == {(place["id"], year) for place in truth["places"] for year in range(first, last + 1)}


def test_the_same_seed_writes_the_same_bytes_and_another_one_does_not(tmp_path: Path) -> None:
    for name, seed in (("one", 5), ("two", 5), ("three", 6)):
        simulate(tmp_path / name, reports=30, seed=seed, family="narrative")
    bytes_of = {
        name: {str(p.relative_to(tmp_path / name)): p.read_bytes() for p in (tmp_path / name).rglob("*") if p.is_file()} for name in ("one", "two", "three")
    }
    assert bytes_of["one"] == bytes_of["two"]
    assert bytes_of["one"] != bytes_of["three"]


def test_families_share_no_words_beyond_names(tmp_path: Path) -> None:
    grams: dict[str, set[str]] = {}
    for family in FAMILIES:
        simulate(tmp_path / family, reports=60, seed=2, family=family)
        truth = json.loads((tmp_path / family / "truth.json").read_bytes())
        members = {"、".join(f"{before}{member}" for member in program["members"]) for program in truth["programs"] for before in ("进", "走进")}
        names = {place["name"] for place in truth["places"]} | {program["name"] for program in truth["programs"]} | members
        grams[family] = set()
        for path in (tmp_path / family / "reports").rglob("*.txt"):
            text = path.read_text(encoding="utf-8")
            for name in sorted(names, key=len, reverse=True):
                text = text.replace(name, "\0") if name else text
            text = re.sub("[^\u4e00-\u9fff\0]", "", text)  # dates and numbers are nobody's words
            grams[family] |= {text[i : i + 12] for i in range(len(text) - 11) if "\0" not in text[i : i + 12]}
    one, other = grams.values()
    assert len(one) > 10_000 < len(other)
    assert not one & other


def test_missing_share_is_kept_on_average() -> None:
    for family in FAMILIES.values():
        chance = random.Random(1)
        shares = [family().missing(chance, 0.2) for _ in range(4000)]
        assert 0.17 < sum(shares) / len(shares) < 0.23


def test_delays_follow_other_laws() -> None:
    """An exponential law has much weight near zero, a log-normal one nearly none."""
    early = {}
    for name, family in FAMILIES.items():
        chance = random.Random(1)
        early[name] = sum(family().delay(chance) < 0.4 for _ in range(4000)) / 4000
    assert early["enumerated"] > 2 * early["narrative"]


def test_wrong_use_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        simulate(tmp_path / "x", reports=4, seed=1)
    with pytest.raises(Invalid):
        simulate(tmp_path / "x", reports=10, seed=1, family="other")
    (tmp_path / "y").mkdir()
    (tmp_path / "y" / "mine.txt").write_text("")
    with pytest.raises(Conflict):
        simulate(tmp_path / "y", reports=10, seed=1)
