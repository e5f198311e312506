"""A few reports come, go or are replaced: what comes out is what comparing all again gives."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable
from pathlib import Path

import pytest
from reuse_texts import COPIED, edited, item, prose

from diffusion.reuse import Index, Item, bring_in, build
from diffusion.reuse import index as storing
from diffusion.reuse.model import Options, Pair

OTHER = "村里把闲着的旧仓库腾出来开了讲堂，木匠老李讲宅基地的老规矩，法官讲新条文，听的人一边剥豆子一边问，问到半夜也不肯散，第二天又接着来问，一个冬天讲了三十一场，旧账理清了大半。"


def start(folder: Path, items: Iterable[Item]) -> Index:
    return Index.save(folder, build(list(items)), "first", Options())


def update(index: Index, items: Iterable[Item] = (), gone: Iterable[str] = (), texts: dict[str, str] | None = None) -> Index:
    return bring_in(index, set(gone), list(items), (texts or {}).__getitem__, "next")


def reopen(folder: Path) -> Index:
    index = Index.open(folder)
    assert index is not None
    return index


def tell(pairs: Iterable[Pair]) -> set[tuple[object, ...]]:
    """All of a pair but what only a whole comparison knows: how common its words are by now, and which of several equal sources is taken."""
    return {(one.a, one.a_start, one.a_end, one.b, one.b_start, one.b_end, one.kind, one.direction, one.evidence, one.identity) for one in pairs}


def same_as_whole(index: Index, items: Iterable[Item]) -> bool:
    return tell(index.pairs()) == tell(build(list(items)).pairs)


def world(seed: int) -> dict[str, Item]:
    """Forty reports of ten places; some hold a passage of another one, edited, as an earlier or a later one has it."""
    chance = random.Random(seed)
    words = [prose(1000 * seed + n, 120) for n in range(6)]
    items = {}
    for place in range(10):
        for year in range(2018, 2022):
            key = f"p{place}y{year}"
            parts = [prose(seed * 10_000 + place * 10 + year % 10, 300)]
            parts += [edited(one, chance.choice((0.02, 0.06, 0.1)), chance.randrange(10**6)) for one in words if chance.random() < 0.08]
            unknown = chance.random() < 0.1
            items[key] = item(
                key, f"cn:35{place // 3:04d}/第{place}镇", None if unknown else year, *parts, prose(seed * 10_000 + 5000 + place * 10 + year % 10, 300)
            )
    return items


@pytest.mark.parametrize("seed", range(6))
def test_reports_that_come_go_and_are_replaced_leave_what_comparing_all_gives(tmp_path: Path, seed: int) -> None:
    everything, chance = world(seed), random.Random(seed)
    there = {key: one for key, one in everything.items() if chance.random() < 0.8}
    index = start(tmp_path, there.values())
    assert list(index.pairs())
    for _ in range(4):
        gone = chance.sample(sorted(there), 2)
        new = chance.sample(sorted(everything.keys() - there.keys()), 2)
        other = item(gone[1], everything[gone[1]].unit, 2020, prose(chance.randrange(10**6)), everything[new[0]].text[:200], county=everything[gone[1]].county)
        del there[gone[0]]
        brought = [other, *(everything[key] for key in new)]
        there |= {one.key: one for one in brought}
        index = update(index, brought, gone[:1], {key: one.text for key, one in there.items()})
        assert same_as_whole(index, there.values())
        assert [text.key for text in index.texts] == [text.key for text in build(list(there.values())).corpus.texts]


def test_an_earlier_report_that_comes_late_is_a_source_of_later_ones(tmp_path: Path) -> None:
    later = [item("b", "cn:350526/乙镇", 2021, prose(3), edited(COPIED, 0.1)), item("c", "cn:350527/丙镇", 2022, prose(5), COPIED)]
    first = item("a", "cn:350524/甲镇", 2019, prose(1), COPIED)
    index = start(tmp_path, later)
    assert {(pair.a, pair.b, pair.best) for pair in index.pairs()} == {("b", "c", True)}
    index = update(index, [first])
    assert {(pair.a, pair.b, pair.best) for pair in index.pairs()} == {("a", "b", True), ("a", "c", True), ("b", "c", False)}
    assert same_as_whole(index, [first, *later])


def test_own_earlier_text_that_comes_late_explains_what_seemed_copied(tmp_path: Path) -> None:
    items = [item("a", "cn:350524/甲镇", 2019, prose(1), COPIED), item("b21", "cn:350526/乙镇", 2021, prose(3), COPIED)]
    own = item("b20", "cn:350526/乙镇", 2020, prose(2), COPIED)
    index = update(start(tmp_path, items), [own])
    assert {(pair.a, pair.b, pair.kind) for pair in index.pairs()} == {("a", "b20", "copy"), ("b20", "b21", "self")}


def test_where_the_best_source_goes_the_next_one_is_taken_and_nothing_names_it(tmp_path: Path) -> None:
    items = [
        item("a", "cn:350524/甲镇", 2019, prose(1), edited(COPIED, 0.12)),
        item("b", "cn:350526/乙镇", 2020, prose(2), COPIED),
        item("c", "cn:350527/丙镇", 2021, prose(3), COPIED),
    ]
    index = start(tmp_path, items)
    assert [pair.a for pair in index.pairs() if pair.b == "c" and pair.best] == ["b"]
    index = update(index, gone=["b"])
    assert {(pair.a, pair.b, pair.best) for pair in index.pairs()} == {("a", "c", True)}
    assert "b" not in {text.key for text in index.texts}
    assert (index.meta.reports, index.meta.taken_out, index.meta.brought_in, index.meta.since_whole) == (2, 1, 0, 1)
    assert index.meta.pairs == {"copy": 1, "template": 0, "self": 0}


def test_reports_of_one_year_have_the_order_that_a_whole_comparison_gives_them(tmp_path: Path) -> None:
    items = [item(key, f"cn:35{n:04d}/镇", 2021, prose(n), COPIED) for n, key in enumerate("dbca")]
    for left_out in items:
        index = update(start(tmp_path / left_out.key, [one for one in items if one is not left_out]), [left_out])
        assert same_as_whole(index, items)


def county(numbers: Iterable[int], place: str = "cn:350524", year: int = 2021) -> list[Item]:
    return [item(f"t{n}", f"{place}/第{n}镇", year, prose(n), edited(COPIED, 0.02, n), prose(50 + n)) for n in numbers]


def test_a_template_is_known_again_in_its_county_and_nowhere_else(tmp_path: Path) -> None:
    index = start(tmp_path, county(range(6)))
    (template,) = [one for one in index.templates if len(one.text) > 60]
    new = [*county([6]), *county([7], "cn:360001", 2022)]
    index = update(index, new, texts={one.key: one.text for one in county(range(6))})
    assert {(pair.kind, pair.template) for pair in index.pairs_of("t6")} == {("template", template.id)}
    assert index.pairs_of("t7") == []
    assert same_as_whole(index, [*county(range(6)), *new])
    (now,) = [one for one in index.templates if one.id == template.id]
    assert (now.units, now.reports) == (7, 7)


def test_the_place_that_a_template_is_named_after_goes_and_another_one_names_it(tmp_path: Path) -> None:
    items = {one.key: one for one in county(range(6))}
    index = start(tmp_path, items.values())
    (template,) = [one for one in index.templates if len(one.text) > 60]
    index = update(index, gone=[template.example], texts={key: one.text for key, one in items.items()})
    (now,) = [one for one in index.templates if len(one.text) > 60]
    assert now.example != template.example
    assert now.reports == 5
    assert {pair.b for pair in index.pairs() if pair.template == now.id} == items.keys() - {template.example, now.example}
    assert not any(template.id.encode() in line or json.dumps(template.example).encode() in line for line in index.lines())
    index = update(index, gone=items.keys() - {template.example}, texts={})
    assert (list(index.pairs()), index.templates, index.meta.reports) == ([], [], 0)


def test_a_template_whose_reports_have_all_gone_is_known_again_when_some_come_back(tmp_path: Path) -> None:
    items = {one.key: one for one in county(range(12))}
    index = start(tmp_path, items.values())
    (template,) = [one for one in index.templates if len(one.text) > 60]
    index = update(index, gone=items)
    assert index.templates == []
    index = update(index, [items["t3"], items["t7"]])
    (now,) = [one for one in index.templates if len(one.text) > 60]
    assert (now.reports, now.example) == (2, "t3")
    assert [(pair.a, pair.b) for pair in index.pairs() if pair.template == now.id] == [("t3", "t7")]
    assert index.meta.pairs["template"] == sum(pair.kind == "template" for pair in index.pairs())
    index = update(index, [one for key, one in items.items() if key not in ("t3", "t7")], texts={key: one.text for key, one in items.items()})
    assert [one.id for one in index.templates if len(one.text) > 60] == [template.id]
    assert same_as_whole(index, items.values())


def test_what_is_left_in_one_county_is_weighed_as_its_own_and_as_everybodys_when_others_have_it_again(tmp_path: Path) -> None:
    own = county(range(6))
    others = [*county(range(6, 12), "cn:360001", 2022), *county(range(12, 18), "cn:370001", 2022)]
    index, texts = start(tmp_path, [*own, *others]), {one.key: one.text for one in (*own, *others)}

    def weigh() -> tuple[set[str], set[float]]:
        return {one.level for one in index.templates if len(one.text) > 60}, {pair.boilerplate for pair in index.pairs() if pair.kind == "template"}

    assert weigh() == ({"national"}, {1.0})
    index = update(index, gone=[one.key for one in others], texts=texts)
    assert weigh() == ({"county"}, {0.9})
    index = update(index, others[:1], texts=texts)
    assert weigh() == ({"national"}, {1.0})
    assert index.meta.pairs["template"] == sum(pair.kind == "template" for pair in index.pairs()) == 6


def test_a_text_that_is_asked_about_is_compared_with_what_came_and_not_with_what_went(tmp_path: Path) -> None:
    index = start(tmp_path, [item("a", "cn:350524/甲镇", 2020, prose(1), COPIED), item("b", "cn:350526/乙镇", 2020, prose(2))])
    index = update(index, [item("c", "cn:350527/丙镇", 2019, prose(3), OTHER)], ["a"])
    (pair,) = index.query(prose(9) + COPIED + OTHER)
    assert (pair.a, pair.best) == ("c", True)
    assert (prose(9) + COPIED + OTHER)[pair.b_start : pair.b_end] == OTHER.strip("。")
    assert (prose(3) + "\n" + OTHER)[pair.a_start : pair.a_end] == OTHER.strip("。")


@pytest.mark.parametrize("at", ["texts", "templates", "targets", "meta", "switch"])
def test_what_is_cut_off_leaves_the_old_comparison_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str) -> None:
    items = [item("a", "cn:350524/甲镇", 2020, prose(1), COPIED), item("b", "cn:350526/乙镇", 2021, prose(3), COPIED)]
    before = list(start(tmp_path, items).lines())
    new = item("c", "cn:350527/丙镇", 2022, prose(5), COPIED)
    write = storing._write

    def fail(folder: Path, name: str, *told: object) -> None:
        if at in (name, "switch"):
            raise OSError(28, "No space left on device")
        write(folder, name, *told)

    with monkeypatch.context() as patched:
        patched.setattr(storing, "_switch" if at == "switch" else "_write", fail)
        with pytest.raises(OSError, match="No space"):
            update(reopen(tmp_path), [new])
    kept = reopen(tmp_path)
    assert (kept.meta.snapshot, list(kept.lines())) == ("first", before)
    assert same_as_whole(update(kept, [new]), [*items, new])
    assert len([*tmp_path.glob("build-*"), *tmp_path.glob("more-*")]) == 2  # what was begun is gone


def test_a_comparison_that_is_being_read_stays_readable_when_another_takes_its_place(tmp_path: Path) -> None:
    items = [item("a", "cn:350524/甲镇", 2020, prose(1), COPIED), item("b", "cn:350526/乙镇", 2021, prose(3), COPIED)]
    index = update(start(tmp_path, items), [item("c", "cn:350527/丙镇", 2022, prose(5), COPIED)])
    before = list(index.lines())
    update(index, gone=["a"])
    start(tmp_path, items)
    assert list(index.lines()) == before
    assert {pair.a for pair in index.query(prose(9) + COPIED)} == {"a", "b", "c"}
