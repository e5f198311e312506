"""Whatever the order, split and repetition of changes: the graph is the one that a fresh start from the end state gives."""

from __future__ import annotations

import itertools
import random

import pytest
from graph_engines import opening
from graph_samples import PLACES, Report, listing, removal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.embedded import EmbeddedGraph

KEYS = ("a", "b", "c", "d")
TOWNSHIPS = [id for id, (label, _) in PLACES.items() if label in ("Township", "Village", "County")]
PROGRAMS = ("法律六进", "法律七进", "法律八进")

statements = st.one_of(
    st.tuples(st.just("adopts"), st.sampled_from(PROGRAMS), st.sampled_from(["done", "planned"]), st.sampled_from([None, "法律进"])),
    st.tuples(
        st.just("names"),
        st.sampled_from(["program:x", "body:y", "room:z"]),
        st.sampled_from(["甲", "乙", "丙"]),
        st.sampled_from([None, "kind one", "kind two"]),
    ),
    st.tuples(st.just("place"), st.sampled_from(sorted(PLACES)), st.booleans(), st.none()),
    st.tuples(st.just("counts"), st.sampled_from(["disputes_mediated", None]), st.integers(0, 9), st.sampled_from(["走访", "培训"])),
    st.tuples(st.just("operates"), st.sampled_from(["room:z", "room:w"]), st.sampled_from(["done", "planned"]), st.none()),
)
states = st.tuples(st.sampled_from(TOWNSHIPS), st.sampled_from([2021, 2022, 2023]), st.lists(statements, max_size=5))
histories = st.lists(st.tuples(st.sampled_from(KEYS), st.one_of(st.none(), states)), min_size=1, max_size=9)


def build(key, state):
    place, year, says = state
    report = Report(key, place, year)
    for kind, first, second, third in says:
        if kind == "adopts":
            report.adopts(first, modality=second, family=third)
        elif kind == "names":
            label = {"program": "Program", "body": "Body", "room": "MediationRoom"}[first.partition(":")[0]]
            report.node(first, label, second, **({"kind": third} if third else {})).says(first.partition(":")[0], first)
        elif kind == "place":
            report.says("place", first)
            if second:  # a report that does not know what lies above
                report.nodes[first] = type(report.nodes[first])(id=first, labels=("Place",), name=PLACES[first][1])
        elif kind == "counts":
            report.counts(first, second, phrase=third)
        else:
            report.node(first, "MediationRoom").relates("OPERATES", place, first, modality=second)
    return report


def changes_of(history):
    return [removal(key, number) if state is None else build(key, state).change(number) for number, (key, state) in enumerate(history)]


@pytest.mark.parametrize(("engine", "examples"), [("embedded", 60), pytest.param("neo4j", 20, marks=pytest.mark.servers)])
def test_any_history_ends_in_the_graph_of_its_end_state(engine, examples, request, tmp_path):
    numbers = itertools.count()

    @settings(max_examples=examples, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(history=histories, seed=st.integers(0, 2**16))
    def lives(history, seed):
        folder = tmp_path / str(next(numbers))
        with opening(engine, folder / "lived", request) as open_graph:
            live(history, random.Random(seed), open_graph, folder / "fresh")

    lives()


def live(history, chance, open_graph, folder):
    changes = changes_of(history)
    last = {change.report: change for change in changes}
    fresh = EmbeddedGraph(folder, writable=True)
    fresh.apply([change for change in last.values() if change.item is not None])
    store = open_graph()
    position = 0
    while position < len(changes):
        size = chance.randint(1, 4)
        batch = changes[position : position + size]
        store.apply(batch)
        if chance.random() < 0.3:
            store.apply(batch)
        if chance.random() < 0.2:
            store.close()
            store = open_graph()
        position += size
    end = list(last.values())
    chance.shuffle(end)
    if chance.random() < 0.5:
        store.apply(end)
    assert listing(store) == listing(fresh)
    store.apply([removal(key) for key in KEYS])
    assert listing(store) == ([], [])
    fresh.close()
