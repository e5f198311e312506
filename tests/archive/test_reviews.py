"""Reviews in the archive: kept, applied and announced in one transaction, on SQLite and on PostgreSQL; what does not apply is told, never dropped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from archive import reviewing
from archive.history import Running
from archive.model import Entry
from archive.reviews import Order, Standing
from archive.store import PROJECTIONS, Archive, fingerprint_of, version_of
from fazhi.errors import Contradiction, Invalid, NotFound
from ingest.ids import fact_id, report_id
from ingest.model import Analysis, Fact, Frame, Node, Source

HOME = "cn:350524/参内镇"
OPEN = "cn:350524/?0a1b2c3d"
LANTERN, LAMP = "program:红灯笼议事会", "program:红灯笼"
TEXT = "参内镇2023年法治政府建设情况报告。全镇推行红灯笼议事会，由张三牵头，调解矛盾纠纷126件。"


def make_entry(key: str, text: str = TEXT, *, rules: str = "1", place: str = HOME, program: str = LANTERN, value: int = 126) -> Entry:
    """A report that names a program and a person and states a number."""
    facts = []
    for type, surface, fields in (
        ("place", "参内镇", {"canonical": "参内镇", "node": place}),
        ("program", "红灯笼议事会", {"canonical": program.partition(":")[2], "node": program}),
        ("relation", "红灯笼议事会", {"relation": "ADOPTS", "subject": "参内镇", "subject_node": place, "object": "红灯笼议事会", "object_node": program}),
        ("person", "张三", {"canonical": "张三", "node": f"person:{HOME}/张三"}),
        ("metric", "调解矛盾纠纷126件", {"indicator": "调解矛盾纠纷", "value": value, "unit": "件", "subject_node": place}),
    ):
        if surface in text:
            start = text.index(surface)
            end = start + len(surface)
            name = fields.get("indicator") or fields.get("canonical")
            id = fact_id(key, type, fields.get("relation"), fields.get("subject"), fields.get("object"), start, end, name)
            facts.append(Fact(id=id, doc=key, type=type, surface=surface, start=start, end=end, rule=rules, confidence=0.7, **fields))  # type: ignore[arg-type]
    nodes = [
        Node(id="cn:350524", labels=("Place", "County"), name="安溪县"),
        Node(id=place, labels=("Place", "Township"), name="参内镇", properties={"parent": "cn:350524"}),
        Node(id=program, labels=("Program",), name=program.partition(":")[2]),
        Node(id=f"person:{HOME}/张三", labels=("Person",), name="张三"),
    ]
    status = "resolved" if place == HOME else "unresolved"
    frame = Frame(place=place, place_name="参内镇", path=("福建省", "泉州市", "安溪县", "参内镇"), level="township", status=status, year=2023)  # type: ignore[arg-type]
    ordered = tuple(sorted(facts, key=lambda fact: (fact.start, fact.end, fact.type, fact.id)))
    analysis = Analysis(doc=key, frame=frame, facts=ordered, nodes=tuple(nodes), pipeline=rules)
    source = Source(key=key, text=text, raw=text.encode())
    version = version_of(source.raw)
    return Entry(source=source, version=version, fingerprint=fingerprint_of(source, version, pipeline=rules, vocabulary=f"{value}{program}"), analysis=analysis)


def commit(archive: Archive, *entries: Entry) -> int:
    run = Running("ingest", "2026-01-01")
    archive.commit(list(entries), run=run)
    archive.record_run("2026-01-01", run.counts, [], run=run)
    return archive.runs(1)[0].id


def drain(archive: Archive) -> dict[str, set[str]]:
    taken = {}
    for projection in PROJECTIONS:
        changes = archive.pending(projection, 1000)
        archive.mark_done(projection, [change.sequence for change in changes])
        taken[projection] = {change.report for change in changes}
    return taken


def fact(archive: Archive, key: str, type: str) -> str:
    return next(fact.id for fact in archive.extracted(report_id(key)).facts if fact.type == type)


def shown(archive: Archive, key: str, type: str) -> Fact | None:
    return next((fact for fact in archive.analysis(report_id(key)).facts if fact.type == type), None)


def decide(archive: Archive, action: str, **told: Any) -> Standing:
    (standing,) = archive.review([Order(action=action, user="li", **told)])  # type: ignore[arg-type]
    return standing


def state_of(archive: Archive) -> Any:
    """All that readers see; equal for archives that say the same."""
    said = {document.key: (document, archive.analysis(document.report)) for document in archive.documents(counted=False)}
    plain = {key: (msgspec.structs.replace(document, ingested=""), analysis) for key, (document, analysis) in said.items()}
    return plain, list(archive.fingerprints()), archive.snapshot(), sorted(key for key, _ in plain.items())


def test_a_decision_is_kept_applied_and_announced_and_what_the_rules_made_stays(archive: Archive) -> None:
    commit(archive, make_entry("a.txt"), make_entry("b.txt", TEXT + "乙"))
    drain(archive)
    raw, before = archive.extracted(report_id("a.txt")), state_of(archive)
    standing = decide(archive, "accept", fact=fact(archive, "a.txt", "program"), note="核对过原文")
    review = standing.review
    assert (standing.state, standing.reports, review.user, review.note, review.key) == ("applies", 1, "li", "核对过原文", "a.txt")
    assert review.created and review.anchor and review.anchor.surface == "红灯笼议事会"
    found = shown(archive, "a.txt", "program")
    assert found and (found.confidence, found.attrs) == (1.0, {"reviewed": "accepted"})
    assert archive.extracted(report_id("a.txt")) == raw
    assert drain(archive) == {"graph": {report_id("a.txt")}, "text": {report_id("a.txt")}}
    assert archive.projectable(report_id("a.txt")).analysis == archive.analysis(report_id("a.txt"))
    assert {change.report: change.item and change.item.analysis for change in archive.changes()}[report_id("a.txt")] == archive.analysis(report_id("a.txt"))
    assert archive.snapshot() != before[2]
    assert dict(archive.fingerprints())[report_id("b.txt")] == dict(before[1])[report_id("b.txt")]
    assert dict(archive.fingerprints())[report_id("a.txt")] != dict(before[1])[report_id("a.txt")]

    (undone,) = archive.undo_reviews([review.id], user="wang")
    assert (undone.state, undone.review.undone_by, bool(undone.review.undone)) == ("undone", "wang", True)
    assert state_of(archive) == before
    assert drain(archive)["graph"] == {report_id("a.txt")}
    assert [standing.review.id for standing in archive.reviews()] == [review.id]
    assert archive.reviews(undone=False) == []


def test_the_order_of_taking_in_and_deciding_makes_no_difference(archive: Archive, tmp_path: Path) -> None:
    commit(archive, make_entry("a.txt"), make_entry("b.txt", TEXT + "乙", program=LAMP), make_entry("c.txt", TEXT + "丙", place=OPEN))
    orders = [
        Order(action="reject", user="li", fact=fact(archive, "a.txt", "metric")),
        Order(action="merge", user="li", node=LANTERN, target=LAMP),
        Order(action="merge", user="li", node=OPEN, target=HOME),
        Order(action="split", user="li", node=f"person:{HOME}/张三", reports=("b.txt",)),
        Order(action="rename", user="li", node=LAMP, name="红灯笼工作法"),
    ]
    archive.review(orders)
    with Archive.open(f"sqlite:///{tmp_path / 'other.db'}", str(tmp_path / "originals2")) as other:
        commit(other, make_entry("c.txt", TEXT + "丙", place=OPEN))
        commit(other, make_entry("b.txt", TEXT + "乙", program=LAMP))
        other.review([orders[2]])
        commit(other, make_entry("a.txt"))
        for order in (orders[3], orders[1], orders[4]):
            other.review([order])
        other.delete("a.txt")
        commit(other, make_entry("a.txt"))
        other.review([orders[0]])
        ours, theirs = state_of(archive)[0], state_of(other)[0]
        assert {key: analysis for key, (_, analysis) in ours.items()} == {key: analysis for key, (_, analysis) in theirs.items()}
        assert {key: (document.place, document.path) for key, (document, _) in ours.items()} == {
            key: (document.place, document.path) for key, (document, _) in theirs.items()
        }
    document = archive.lookup("c.txt")
    assert document and (document.place, document.place_name, document.level) == (HOME, "参内镇", "township")
    assert [found.key for found in archive.documents(place=HOME)] == ["a.txt", "b.txt", "c.txt"]


def test_a_decision_survives_other_rules_and_moved_text_and_says_where_it_went(archive: Archive) -> None:
    commit(archive, make_entry("a.txt"))
    accepted = decide(archive, "accept", fact=fact(archive, "a.txt", "program"))
    rejected = decide(archive, "reject", fact=fact(archive, "a.txt", "person"))
    commit(archive, make_entry("a.txt", rules="2"))
    assert shown(archive, "a.txt", "person") is None
    moved = "（转发稿）" + TEXT
    commit(archive, make_entry("a.txt", moved, rules="3"))
    found = shown(archive, "a.txt", "program")
    assert found and found.confidence == 1.0 and moved[found.start : found.end] == found.surface
    assert shown(archive, "a.txt", "person") is None
    standing = archive.standing(accepted.review.id)
    assert (standing.state, standing.fact) == ("applies", found.id)
    assert standing.fact != accepted.fact

    commit(archive, make_entry("a.txt", moved.replace("红灯笼议事会", "茶话会")))
    (lost,) = archive.reviews(state="lost")
    assert (lost.review.id, [gone.reason for gone in lost.lost]) == (accepted.review.id, ["the text does not say “红灯笼议事会” any more"])
    assert archive.lost_reviews() == {accepted.review.id}
    assert (archive.statistics().reviews, archive.statistics().lost) == (2, 1)
    commit(archive, make_entry("a.txt", moved, rules="4"))
    assert archive.lost_reviews() == set()
    assert archive.standing(rejected.review.id).state == "applies"


def test_what_is_accepted_is_not_vouched_for_when_it_says_something_else(archive: Archive) -> None:
    commit(archive, make_entry("a.txt"))
    decide(archive, "accept", fact=fact(archive, "a.txt", "metric"))
    commit(archive, make_entry("a.txt", rules="2", value=1260))
    number = shown(archive, "a.txt", "metric")
    assert number and (number.confidence, number.attrs) == (0.7, {})
    assert [gone.reason for standing in archive.reviews() for gone in standing.lost] == ["the fact says something else now: value 126 → 1260"]


def test_reviews_of_a_deleted_document_wait_for_it(archive: Archive) -> None:
    commit(archive, make_entry("a.txt"), make_entry("b.txt", TEXT + "乙"))
    decide(archive, "reject", fact=fact(archive, "a.txt", "program"))
    decide(archive, "split", node=f"person:{HOME}/张三", reports=("a.txt",), name="张三（另一人）")
    before = state_of(archive)
    archive.delete("a.txt")
    assert {(gone.key, gone.reason) for standing in archive.reviews() for gone in standing.lost} == {("a.txt", "the document is not here any more")}
    assert [standing.state for standing in archive.reviews()] == ["lost", "lost"]
    assert [standing.review.id for standing in archive.reviews(report=report_id("a.txt"))] == [1]  # what is about it by its nodes can't be known now
    commit(archive, make_entry("a.txt"))
    assert state_of(archive) == before
    assert archive.lost_reviews() == set()
    archive.delete("a.txt")
    (undone,) = archive.undo_reviews([1], user="li")
    assert undone.state == "undone"
    commit(archive, make_entry("a.txt"))
    assert shown(archive, "a.txt", "program") is not None


def test_a_merge_is_about_reports_to_come_and_its_undoing_brings_all_back(archive: Archive) -> None:
    commit(archive, make_entry("a.txt"), make_entry("b.txt", TEXT + "乙", program=LAMP))
    drain(archive)
    before = state_of(archive)
    merged = decide(archive, "merge", node=LANTERN, target=LAMP)
    assert merged.reports == 1
    assert drain(archive)["text"] == {report_id("a.txt")}
    commit(archive, make_entry("c.txt", TEXT + "丙"))
    for key in ("a.txt", "b.txt", "c.txt"):
        program, relation = shown(archive, key, "program"), shown(archive, key, "relation")
        assert program and relation and (program.node, program.canonical, relation.object_node, relation.object) == (LAMP, "红灯笼", LAMP, relation.object)
    assert archive.standing(merged.review.id).reports == 2
    archive.undo_reviews([merged.review.id], user="li")
    archive.delete("c.txt")
    assert state_of(archive) == before


def test_what_goes_against_an_earlier_decision_is_refused_with_a_cure(archive: Archive) -> None:
    entries = [make_entry("a.txt"), make_entry("b.txt", TEXT + "乙", program=LAMP), make_entry("c.txt", TEXT + "丙", program="program:丙")]
    commit(archive, *entries)
    program, relation = fact(archive, "a.txt", "program"), fact(archive, "a.txt", "relation")
    generation = archive.generation()

    def refused(kind: type[Exception], match: str, action: str, **told: Any) -> None:
        with pytest.raises(kind, match=match) as caught:
            decide(archive, action, **told)
        assert caught.value.cure  # type: ignore[attr-defined]

    refused(NotFound, "There is no fact", "accept", fact="0" * 16 + "-" + "0" * 16)
    refused(NotFound, "in the present state of a.txt", "accept", fact=report_id("a.txt") + "-" + "0" * 16)
    refused(NotFound, "No report here speaks of program:没有", "merge", node="program:没有", target=LAMP)
    refused(NotFound, "Nothing here is known as program:没有", "merge", node=LANTERN, target="program:没有")
    refused(NotFound, "There is no report x.txt", "split", node=LANTERN, reports=("x.txt",), target=LAMP)
    refused(NotFound, "does not speak of", "split", node=LANTERN, reports=("a.txt", "b.txt"), target=LAMP)
    refused(Invalid, "named twice", "merge", node=LANTERN, target=LANTERN)
    refused(Invalid, "is a Program, person:", "merge", node=LANTERN, target=f"person:{HOME}/张三")
    refused(Invalid, "one in the other", "merge", node=HOME, target="cn:350524")
    refused(Invalid, "can't be made up", "split", node=HOME, reports=("a.txt",))
    refused(Invalid, "province or a prefecture", "merge", node="cn:35", target="cn:44")
    refused(Invalid, "Indicators are decided on as names", "merge", node="indicator:raw/某数", target="indicator:disputes_mediated")
    refused(Invalid, "is no node", "rename", node=report_id("a.txt"), name="甲")
    refused(Invalid, "can't be linked to", "link", fact=program, target=HOME)
    refused(Invalid, "linked to .* already", "link", fact=program, target=LANTERN)
    refused(Invalid, "has two ends", "link", fact=relation, target=LAMP)
    refused(Invalid, "can't have .* as its object", "link", fact=relation, target=HOME, end="object")
    refused(Invalid, "target is needed", "merge", node=LANTERN)
    refused(Invalid, "takes no node", "accept", fact=program, node=LANTERN)
    refused(Invalid, "is called 红灯笼 already", "rename", node=LAMP, name="红灯笼")
    with pytest.raises(Invalid, match="user is empty"):
        archive.review([Order(action="accept", user=" ", fact=program)])
    assert (archive.generation(), archive.reviews()) == (generation, [])

    decide(archive, "accept", fact=program)
    for action in ("accept", "reject"):
        refused(Contradiction, "accepted already \\(review 1 by li", action, fact=program)
    decide(archive, "link", fact=program, target=LAMP)
    refused(Contradiction, "linked already \\(review 2", "link", fact=program, target="program:丙")
    archive.undo_reviews([1, 2], user="li")
    decide(archive, "reject", fact=program)
    refused(Contradiction, "rejected already", "accept", fact=program)
    refused(Contradiction, "went with another one", "accept", fact=relation)
    archive.undo_reviews([3], user="li")

    decide(archive, "merge", node=LANTERN, target=LAMP)
    refused(Contradiction, "go in a circle", "merge", node=LAMP, target=LANTERN)
    refused(Contradiction, "is merged into program:红灯笼", "merge", node=LANTERN, target="program:丙")
    refused(Contradiction, "is merged into program:红灯笼", "rename", node=LANTERN, name="甲")
    refused(Contradiction, "is merged into program:红灯笼", "merge", node="program:丙", target=LANTERN)
    refused(Contradiction, "is merged into program:红灯笼", "link", fact=fact(archive, "c.txt", "program"), target=LANTERN)
    decide(archive, "merge", node=LAMP, target="program:丙")
    refused(Contradiction, "go in a circle", "merge", node="program:丙", target=LANTERN)
    decide(archive, "rename", node="program:丙", name="丁")
    refused(Contradiction, "was renamed to 丁 already", "rename", node="program:丙", name="戊")
    decide(archive, "split", node=f"person:{HOME}/张三", reports=("a.txt",))
    refused(Contradiction, "split off to .*张三~2 already", "split", node=f"person:{HOME}/张三", reports=(report_id("a.txt"), "b.txt"))
    with pytest.raises(Contradiction, match="undone already, by li"):
        archive.undo_reviews([3], user="wang")
    with pytest.raises(NotFound):
        archive.undo_reviews([99], user="li")


def test_of_several_decisions_all_are_taken_or_none(archive: Archive) -> None:
    commit(archive, make_entry("a.txt"))
    before = state_of(archive)
    good = Order(action="accept", user="li", fact=fact(archive, "a.txt", "program"))
    with pytest.raises(NotFound):
        archive.review([good, Order(action="reject", user="li", fact="x-y")])
    with pytest.raises(Contradiction):
        archive.review([good, good])
    assert archive.reviews() == []
    assert state_of(archive) == before


def test_runs_tell_what_reviews_changed(archive: Archive) -> None:
    first = commit(archive, make_entry("a.txt"))
    decide(archive, "reject", fact=fact(archive, "a.txt", "metric"))
    second = archive.runs(1)[0]
    assert (second.kind, second.counts, second.complete) == ("review", {"reviewed": 1}, True)
    archive.undo_reviews([1], user="li")
    third = archive.runs(1)[0]
    report = report_id("a.txt")
    said = []
    for run in (first, second.id, third.id):
        trace = archive.states([report], run)[report]
        past = archive.analysis_at(trace, run)
        assert past is not None
        said.append([fact.type for fact in past.facts])
    assert said[0] == said[2] == ["place", "program", "relation", "person", "metric"]
    assert said[1] == ["place", "program", "relation", "person"]


def test_readers_of_parts_of_analyses_see_them_as_decided(archive: Archive) -> None:
    class Facts(msgspec.Struct):
        facts: tuple[Fact, ...]

    commit(archive, make_entry("a.txt"), make_entry("b.txt", TEXT + "乙"))
    decide(archive, "reject", fact=fact(archive, "a.txt", "program"))
    told = {document.key: [fact.type for fact in form.facts] for document, form in archive.scan(Facts)}
    assert told == {"a.txt": ["place", "person", "metric"], "b.txt": ["place", "program", "relation", "person", "metric"]}


def test_a_duplicate_that_takes_the_place_of_the_counted_one_has_decisions_of_its_own(archive: Archive) -> None:
    commit(archive, make_entry("a.txt"), make_entry("b.txt"))
    decide(archive, "merge", node=LANTERN, target="program:法律八进")
    decide(archive, "reject", fact=fact(archive, "a.txt", "person"))
    drain(archive)
    archive.delete("a.txt")
    program, person = shown(archive, "b.txt", "program"), shown(archive, "b.txt", "person")
    assert program and program.node == "program:法律八进"  # a decision on a node is about all reports
    assert person is not None  # one on a fact about the document that it was made in
    assert [gone.key for gone in archive.reviews(state="lost")[0].lost] == ["a.txt"]


def test_a_page_of_reviews_goes_on_after_another(archive: Archive) -> None:
    commit(archive, make_entry("a.txt"))
    for type in ("place", "program", "person", "metric"):
        decide(archive, "accept", fact=fact(archive, "a.txt", type))
    assert [standing.review.id for standing in archive.reviews(limit=2)] == [4, 3]
    assert [standing.review.id for standing in archive.reviews(before=3, limit=5)] == [2, 1]
    assert archive.reviews(action="merge") == []


def test_a_fingerprint_without_reviews_is_the_plain_one() -> None:
    assert reviewing.mark("abc", "") == "abc"
    assert reviewing.mark("abc", "d") != reviewing.mark("abc", "e")
