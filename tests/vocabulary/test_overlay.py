"""The overlay: what a reviewed file may say, and what it does to the catalogues."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import vocabulary
from fazhi.errors import Invalid
from vocabulary.merging import merge
from vocabulary.names import fold_name
from vocabulary.overlay import EMPTY, KINDS, Overlay, make_overlay, read_decision, read_overlay


@pytest.fixture(autouse=True)
def packaged() -> Iterator[None]:
    """What a test lays over the vocabulary goes with it."""
    yield
    vocabulary.use(EMPTY)


def overlay(*rows: dict[str, Any]) -> Overlay:
    return make_overlay(read_decision(row, f"test.yaml entry {number}") for number, row in enumerate(rows, 1))


def accept(name: str, kind: str = "program", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "name": name, "decision": "accept", **more}


def reject(name: str, kind: str = "program", **more: Any) -> dict[str, Any]:
    return {"kind": kind, "name": name, "decision": "reject", **more}


def program(name: str) -> dict[str, Any] | None:
    return next((entry for entry in vocabulary.load("programs") if entry["name"] == name), None)


# -- what it does ----------------------------------------------------------------------------------------------------------------------------------


def test_an_accepted_name_joins_the_catalogue_and_leaves_with_the_overlay() -> None:
    assert program("灯下议事坊") is None
    assert vocabulary.use(overlay(accept("灯下议事坊", **{"class": "brand"}, definition="晚上在灯下议事。")))
    assert program("灯下议事坊") == {"name": "灯下议事坊", "kind": "brand", "definition": "晚上在灯下议事。"}
    assert vocabulary.use(EMPTY)
    assert program("灯下议事坊") is None


def test_another_spelling_joins_its_entry_and_leaves_the_packaged_one_alone() -> None:
    before = list(vocabulary.packaged("programs"))
    vocabulary.use(overlay(accept("每村配个法律师傅", **{"as": "一村一法律顾问"})))
    entry = program("一村一法律顾问")
    assert entry is not None
    assert entry["variants"][-1] == "每村配个法律师傅"
    assert vocabulary.packaged("programs") == before
    assert "每村配个法律师傅" not in str(vocabulary.packaged("programs"))


@pytest.mark.parametrize("named", ["一村一法律顾问", "program:一村一法律顾问", "“一村（居）一法律顾问”"])
def test_an_entry_is_found_by_name_id_or_any_spelling(named: str) -> None:
    vocabulary.use(overlay(accept("每村配个法律师傅", **{"as": named})))
    assert "每村配个法律师傅" in (program("一村一法律顾问") or {})["variants"]


def test_a_new_entry_may_have_another_usual_name() -> None:
    vocabulary.use(overlay(accept("灯下议事坊夜谈", id="灯下议事坊"), accept("油灯议事", **{"as": "灯下议事坊"})))
    assert (program("灯下议事坊") or {})["variants"] == ["灯下议事坊夜谈", "油灯议事"]


def test_every_kind_of_name_lands_where_its_rules_look() -> None:
    vocabulary.use(
        overlay(
            accept("云上调解圈", "platform", **{"class": "app"}, local=True),
            accept("灯塔建设服务专班", "body", **{"class": "group"}),
            accept("开展灯下议事", "indicator", id="lamp_talks", unit="场"),
            accept("灯下议一议", "indicator", **{"as": "lamp_talks"}),
        )
    )
    assert {"name": "云上调解圈", "kind": "app", "local": True} in vocabulary.load("platforms")["names"]
    assert {"suffix": "灯塔建设服务专班", "kind": "group", "alone": True} in vocabulary.load("bodies")["suffixes"]
    indicator = next(entry for entry in vocabulary.load("indicators") if entry["id"] == "lamp_talks")
    assert indicator == {"id": "lamp_talks", "name": "开展灯下议事", "unit": "场", "kind": "count", "synonyms": ["开展灯下议事", "灯下议一议"]}


def test_rejected_names_are_told_by_kind_in_any_writing() -> None:
    vocabulary.use(overlay(reject("“双微”", "platform"), reject("四个意识")))
    assert vocabulary.rejected("platform") == {"双微"}
    assert vocabulary.rejected("program") == {"四个意识"}
    assert vocabulary.rejected("body") == frozenset()


def test_what_the_package_knows_by_now_changes_nothing() -> None:
    decisions = overlay(accept("法律八进"), accept("普法八进", **{"as": "法律明白人"}))
    assert merge("programs", vocabulary.packaged("programs"), decisions) == vocabulary.packaged("programs")


def test_a_name_too_general_to_be_read_everywhere_is_read_once_it_is_accepted() -> None:
    entry = program("法治夜校")
    assert entry is not None and entry["generic"]
    vocabulary.use(overlay(accept("普法夜校")))  # by any of its spellings
    assert program("法治夜校") == {key: value for key, value in entry.items() if key != "generic"}
    vocabulary.use(EMPTY)
    assert program("法治夜校") == entry


# -- versions --------------------------------------------------------------------------------------------------------------------------------------


def test_the_version_tells_what_the_decisions_do_and_not_when_or_why() -> None:
    bare = vocabulary.version()
    one = overlay(accept("灯下议事坊"), reject("双微", "platform"))
    same = overlay(reject("双微", "platform", reason="不是名称", decided="2026-01-01"), accept("灯下议事坊", definition="晚上议事。"))
    assert one.version == same.version
    assert vocabulary.use(one)
    assert vocabulary.version() != bare
    assert not vocabulary.use(same)
    assert (program("灯下议事坊") or {})["definition"] == "晚上议事。"  # a better definition shows at once and makes no report stale
    assert vocabulary.use(overlay(accept("灯下议事坊")))
    vocabulary.use(EMPTY)
    assert vocabulary.version() == bare


@pytest.mark.parametrize(
    "other",
    [
        accept("灯下议事坊", **{"class": "brand"}),
        accept("灯下议事坊", id="议事坊"),
        reject("灯下议事坊"),
        accept("灯下议事坊", "platform"),
        accept("灯下议事间"),
    ],
)
def test_every_other_effect_is_another_version(other: dict[str, Any]) -> None:
    assert overlay(other).version != overlay(accept("灯下议事坊")).version


def test_no_decisions_are_no_version() -> None:
    assert overlay() == EMPTY
    assert vocabulary.packaged_version() == vocabulary.version()


# -- files -----------------------------------------------------------------------------------------------------------------------------------------


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert read_overlay(tmp_path / "nowhere") == EMPTY


def test_all_yaml_files_of_the_folder_count_whatever_their_layout(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("# 说明\ndecisions:\n- {kind: program, name: 灯下议事坊, decision: accept}\n", encoding="utf-8")
    (tmp_path / "b.yaml").write_text("- kind: platform\n  name: 双微\n  decision: reject\n  decided: 2026-11-21\n", encoding="utf-8")
    (tmp_path / "c.yaml").write_text("# 还没有\ndecisions:\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("nothing", encoding="utf-8")
    (tmp_path / ".hidden.yaml").write_text("][", encoding="utf-8")
    read = read_overlay(tmp_path)
    assert [(one.kind, one.name, one.accepted, one.where) for one in read.decisions] == [
        ("platform", "双微", False, "b.yaml entry 1 (双微)"),
        ("program", "灯下议事坊", True, "a.yaml entry 1 (灯下议事坊)"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("decisions: [", r"broken.yaml line \d: This is not YAML"),
        ("decisions: 3\n", "no list called decisions"),
        ("just words\n", "no list called decisions"),
        ("- 灯下议事坊\n", "no list called decisions"),
        ("names: []\n", "no list called decisions"),
        (
            "- {kind: program, name: 灯下议事坊, decision: accept}\n- {kind: program, name: “灯下议事坊”, decision: reject}\n",
            "decided twice; the first time in broken.yaml entry 1",
        ),
        ("[" * 1_000_000, "broken.yaml: It is nested deeper"),  # which ended the process
        ("- " * 100_000, "broken.yaml: It is nested deeper"),
    ],
)
def test_a_file_that_is_none_is_named_with_its_cure(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "broken.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(Invalid, match=told) as error:
        read_overlay(tmp_path)
    assert error.value.cure


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    (tmp_path / "gbk.yaml").write_bytes("- {kind: program, name: 灯下议事坊, decision: accept}".encode("gb18030"))
    with pytest.raises(Invalid, match=r"gbk\.yaml: The file is not UTF-8"):
        read_overlay(tmp_path)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ({"name": "灯下议事坊", "decision": "accept"}, "The kind None is unknown"),
        ({"kind": "law", "name": "灯下议事坊", "decision": "accept"}, "Use one of program, platform, body, indicator"),
        ({"kind": "program", "name": "灯下议事坊"}, "Write accept or reject"),
        ({"kind": "program", "decision": "accept"}, "The name is missing"),
        (accept("灯"), "one character"),
        (accept("灯" * 61), "longer than 60"),
        (accept("“ ”"), "name is missing, has no letters"),
        (accept(" 灯下议事坊"), "blanks at its ends"),
        (accept("灯下\n议事坊"), "control characters"),
        ({"kind": "platform", "name": 12345, "decision": "accept"}, "Put it in quotation marks"),
        (accept("灯下议事坊", colour="red"), "There is no field colour"),
        (accept("灯下议事坊", **{"class": "nice"}), "Use one of program, mechanism"),
        (accept("灯下议事坊", **{"as": "法律八进", "class": "brand"}), "both another spelling of 法律八进 and a new entry"),
        (accept("灯下议事坊", unit="件"), "Only indicators have a unit"),
        (accept("灯下议事坊", local=True), "Only platforms are local"),
        (accept("云上调解圈", "platform", local="yes"), "local is neither true nor false"),
        (accept("开展灯下议事", "indicator", unit="场"), "needs an id"),
        (accept("开展灯下议事", "indicator", id="Lamp-Talks", unit="场"), "needs an id"),
        (accept("开展灯下议事", "indicator", id="lamp_talks"), "needs a unit"),
        (accept("灯下议事率", "indicator", id="lamp_rate", unit="%"), "A rate is in %"),
        (reject("灯下议事坊", definition="晚上议事。"), "A rejected name has a reason and nothing else"),
    ],
)
def test_an_entry_that_does_not_fit_is_named_with_its_cure(row: dict[str, Any], told: str) -> None:
    with pytest.raises(Invalid) as error:
        read_decision(row, "reviewed.yaml entry 7")
    assert error.value.detail.startswith("reviewed.yaml entry 7")
    assert told in str(error.value)
    assert error.value.cure


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (accept("每村配个法律师傅", **{"as": "没有这一条"}), "There is no program 没有这一条 in the catalogue"),
        (accept("灯下议事坊", id="法律八进"), "is in the catalogue already"),
        (accept("开展灯下议事", "indicator", id="disputes_mediated", unit="件"), "There is an indicator disputes_mediated already"),
    ],
)
def test_an_overlay_that_does_not_fit_changes_nothing(row: dict[str, Any], told: str) -> None:
    vocabulary.use(overlay(accept("油灯议事")))
    before = vocabulary.version()
    with pytest.raises(Invalid, match=told) as error:
        vocabulary.use(overlay(row))
    assert "test.yaml entry 1" in error.value.detail
    assert vocabulary.version() == before
    assert program("油灯议事") is not None


def test_a_name_folds_to_what_its_catalogue_matches() -> None:
    assert fold_name("“八五”普法") == fold_name("八五普法")
    assert fold_name("一村（居）一法律顾问") == "一村居一法律顾问"
    assert fold_name("ＡＰＰ") == "app"


def test_kinds_and_files_go_together() -> None:
    for kind in KINDS:
        vocabulary.use(overlay(accept("灯塔某某事", kind, **({"id": "lamp_things", "unit": "件"} if kind == "indicator" else {}))))
        assert vocabulary.version() != vocabulary.packaged_version()
