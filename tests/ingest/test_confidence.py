"""Confidence is how often a rule was right on labelled texts."""

import vocabulary
from ingest.confidence import calibrate


def test_a_rule_with_many_cases_has_its_measured_share():
    count = vocabulary.load("confidence")["metric.count"]
    assert abs(calibrate("metric.count", 0.1) - count["right"] / count["of"]) < 0.01


def test_a_rule_without_cases_keeps_what_it_states_up_to_what_its_type_reaches():
    assert calibrate("program.never_seen", 0.4) == 0.4
    assert calibrate("program.never_seen", 1.0) < 1.0
    assert calibrate("relation.never_seen", 0.8) == 0.8


def test_no_rule_is_certain_and_counts_are_counts():
    for rule, count in vocabulary.load("confidence").items():
        assert 0 <= count["right"] <= count["of"]
        assert calibrate(rule, 0.99) < 1
