"""Counts of places at every level, rolled up, on every engine."""

from __future__ import annotations

from fulltext_corpus import change

from archive.model import Change
from fulltext.place_tree import PlaceNode, build_tree, count_places
from fulltext.query import parse
from fulltext.store import Filters, TextStore


def report(key: str, place: str | None, *path: str, level: str = "township", text: str = "普法。") -> Change:
    return change(key, [("results", text, None)], place=place, path=path, level=level if place else None)


CORPUS = [
    report("a1", "cn:350524/甲镇", "福建省", "泉州市", "安溪县", "甲镇"),
    report("a2", "cn:350524/甲镇", "福建省", "泉州市", "安溪县", "甲镇", text="普法与调解。"),
    report("b", "cn:350524/乙乡", "福建省", "泉州市", "安溪县", "乙乡"),
    report("c", "cn:350524", "福建省", "泉州市", "安溪县", level="county"),
    report("d", "cn:350525/丙镇", "福建省", "泉州市", "永春县", "丙镇"),
    report("e", "cn:350102/?12ab34cd", "福建省", "福州市", "鼓楼区"),
    report("f", "cn:500101/丁镇", "重庆市", "万州区", "丁镇"),
    report("g", None),
]


def write(node: PlaceNode) -> str:
    below = ", ".join(map(write, node.below)) + (f" +{node.more}" if node.more else " ?" if node.more is None else "")
    return f"{node.id.removeprefix('cn:')} {node.reports}" + (f" ({below.strip()})" if below else "")


def ask(store: TextStore, question: str | None = None, size: int = 20, nodes: int = 1_000, **filters: str) -> list[str]:
    tree = count_places(store, parse(question) if question else None, Filters(**filters), size=size, nodes=nodes)  # type: ignore[arg-type]
    return [*map(write, tree.roots), f"+{tree.more} of {tree.placed}"]


def test_every_level_counts_what_is_below_it(standing: TextStore) -> None:
    assert ask(standing) == [
        "35 6 (3505 5 (350524 4 (350524/甲镇 2, 350524/乙乡 1), 350525 1 (350525/丙镇 1)), 3501 1 (350102 1 (350102/?12ab34cd 1)))",
        "50 1 (500101 1 (500101/丁镇 1))",  # no prefecture in between
        "+0 of 7",  # one does not tell where it is from
    ]


def test_only_what_matches_counts(standing: TextStore) -> None:
    assert ask(standing, "调解") == ["35 1 (3505 1 (350524 1 (350524/甲镇 1)))", "+0 of 1"]
    assert ask(standing, place="cn:500101") == ["50 1 (500101 1 (500101/丁镇 1))", "+0 of 1"]
    assert ask(standing, "没有这个词") == ["+0 of 0"]


def test_what_is_left_out_is_counted(standing: TextStore) -> None:
    assert ask(standing, size=1) == ["35 6 (3505 5 (350524 4 (350524/甲镇 2 +1) +1) +1)", "+1 of 7"]
    # higher places first, and of equal ones those with more reports
    assert ask(standing, nodes=4) == ["35 6 (3505 5 (+2), 3501 1 (+1))", "50 1 (+1)", "+0 of 7"]
    # townships are counted where there is room for each area's
    assert ask(standing, nodes=8) == ["35 6 (3505 5 (350524 4 (?), 350525 1 (?)), 3501 1 (350102 1 (?)))", "50 1 (500101 1 (?))", "+0 of 7"]


def test_places_without_anything_above_are_roots() -> None:
    tree = build_tree(
        {"province": {}, "prefecture": {}, "county": {"cn:350524": 2}, "township": {"cn:350524/甲镇": 2, "cn:350525/丙镇": 1}}, {"cn:350524"}, size=9, nodes=9
    )
    assert [write(node) for node in tree.roots] == ["350524 2 (350524/甲镇 2)", "350525/丙镇 1"]
    assert tree.placed == 3
