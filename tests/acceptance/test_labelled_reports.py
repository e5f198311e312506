"""The whole way on the five labelled reports that lie beside the repository: ingest, search, graph, measures, coverage, score."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
from pathlib import Path

import msgspec
import pytest
from starlette.testclient import TestClient

import fazhi
from fazhi.settings import Settings
from ingest.pipeline import load_pipeline
from ingest.readers import iter_sources
from search_api.app import create_app

SHARED = Path(__file__).resolve().parents[3] / "shared"
SEEDS, GOLD = SHARED / "seeds", SHARED / "gold"

if not SEEDS.exists():
    if os.environ.get("CI") == "true":
        raise FileNotFoundError("The labelled reports have to be there in CI.")
    pytest.skip("The labelled reports are not beside this repository.", allow_module_level=True)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("labelled") / "home"
    with fazhi.open(settings=Settings(home=folder, workers=1)) as workspace:
        summary = workspace.ingest([SEEDS])
    assert (summary.new, summary.failed) == (5, 0)
    return folder


@pytest.fixture(scope="module")
def workspace(home):
    with fazhi.open(home, mode="read") as opened:
        yield opened


@pytest.fixture(scope="module")
def client(home):
    with TestClient(create_app(Settings(home=home)), base_url="http://127.0.0.1:8000") as opened:
        yield opened


def text_of(name):
    return next(SEEDS.glob(name)).read_bytes().decode()


def files_of(folder):
    """Every file's bytes, but for the lock that says who writes."""
    return {
        path.relative_to(folder): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and "lock" not in path.name.lower() and path.suffix not in (".db-wal", ".db-shm")
    }


def test_ingesting_again_writes_nothing_and_check_finds_nothing(home, tmp_path):
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    with fazhi.open(settings=Settings(home=copy, workers=1)) as workspace:
        before = files_of(copy)
        summary = workspace.ingest([SEEDS])
        assert (summary.new, summary.changed, summary.unchanged, summary.wrote) == (0, 0, 5, False)
        assert files_of(copy) == before
        assert workspace.check().fine


def test_answers_are_the_same_after_a_rebuild(home, tmp_path):
    copy = tmp_path / "home"
    shutil.copytree(home, copy)
    questions = ["法律八进", '"法治副校长" OR 法治进校园', "调解"]
    statement = "MATCH (a)-[r]->(b) RETURN a.id AS a, type(r) AS relation, b.id AS b ORDER BY a, relation, b"
    with fazhi.open(settings=Settings(home=copy, workers=1)) as workspace:
        hits = [workspace.search(question).hits for question in questions]
        rows = workspace.cypher(statement).rows
        workspace.rebuild()
        assert [workspace.search(question).hits for question in questions] == hits
        assert workspace.cypher(statement).rows == rows
        assert workspace.check().fine


def test_a_search_gives_the_exact_sentence_and_its_offsets(workspace):
    hit = workspace.search("法律八进").hits[0]
    assert hit.path == ("福建省", "泉州市", "安溪县", "参内镇")
    original = text_of("000*")
    for passage in hit.passages:
        assert original[passage.start : passage.end] == passage.text
        for start, end in passage.highlights:
            assert passage.start <= start < end <= passage.end
    start, end = hit.passages[0].highlights[0]
    assert original[start:end] == "法律八进"


@pytest.mark.parametrize(
    ("question", "conditions", "townships"),
    [
        ('"法治副校长" OR 法治进校园', {}, {"官田乡"}),
        ("法律", {"place": "cn:3508"}, {"官田乡"}),
        ("法律", {"place": "cn:35"}, {"官田乡", "参内镇"}),
        ("調解工作室", {}, {"参内镇"}),
        ("法律明白人 非 宪法", {}, {"巴山镇", "史村镇"}),
    ],
)
def test_queries(workspace, question, conditions, townships):
    found = {hit.place_name for hit in workspace.search(question, **conditions).hits}
    assert townships <= found
    assert "place" not in conditions or found == townships


def test_the_adviser_advises_the_township_government(workspace):
    rows = workspace.cypher("MATCH (a:LegalAdviser)-[:ADVISES]->(b) RETURN a.name AS adviser, b.name AS body").rows
    assert {"adviser": "苏煤炭", "body": "参内镇人民政府"} in rows


def test_three_mediation_rooms(workspace):
    rows = workspace.cypher("MATCH (:Township {name: '参内镇'})-[:OPERATES]->(room:MediationRoom) RETURN DISTINCT room.id AS id").rows
    assert {row["id"].rpartition("/")[2] for row in rows} == {"民情茶室", "离退休老干部", "老兵"}


def test_each_township_reaches_its_province(workspace):
    rows = workspace.cypher("MATCH (t:Township)-[:PART_OF*]->(p:Province) RETURN t.status AS status, p.name AS province").rows
    assert sorted(row["province"] for row in rows) == ["云南省", "山西省", "福建省", "福建省", "重庆市"]
    assert [row["province"] for row in rows if row["status"] == "unresolved"] == ["云南省"]


def test_measures_show_value_and_sentence(client):
    answer = client.get("/api/measures", params={"indicator": "调解矛盾纠纷数"}).json()
    values = {(item["value"], item["unit"], item["year"]) for item in answer["measures"]}
    assert {(376, "件", 2023), (12, "件", 2023)} <= values
    for item in answer["measures"]:
        assert str(int(item["value"])) in item["sentence"]["text"].replace(" ", "")


def test_coverage_is_place_by_year(client):
    answer = client.get("/api/coverage").json()
    assert {row["name"] for row in answer["rows"]} >= {"参内镇", "官田乡", "史村镇", "巴山镇"}


def score_module():
    spec = importlib.util.spec_from_file_location("score", GOLD / "score.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_score_on_the_labels(tmp_path):
    predicted = tmp_path / "predicted.jsonl"
    pipeline = load_pipeline()
    predicted.write_bytes(b"\n".join(msgspec.json.encode(fact) for source in iter_sources([SEEDS]) for fact in pipeline.analyse(source).facts))
    rows, _, _, (sprung, _) = score_module().score(GOLD / "seeds.jsonl", predicted)
    assert rows["total"]["f1"] >= 0.97
    assert all(row["f1"] >= 0.95 for row in rows.values())
    assert sprung == 0


def test_every_surface_is_a_slice_of_the_original():
    pipeline = load_pipeline()
    for source in iter_sources([SEEDS]):
        for fact in pipeline.analyse(source).facts:
            assert source.text[fact.start : fact.end] == fact.surface
            assert fact.surface
