"""Made-up sentences in many styles and the facts that must come out of each; the tables stand in ``sentences/``, their form in ``sentence_rows``."""

from typing import Any

import pytest
from sentence_rows import all_rows, complaints, describe, read_row

ROWS = all_rows()


@pytest.mark.parametrize(("family", "row"), ROWS, ids=[f"{family}-{row['text'][:40]}" for family, row in ROWS])
def test_what_a_sentence_says(family: str, row: dict[str, Any]) -> None:
    facts = read_row(row)
    said = complaints(row, facts)
    assert not said, "\n".join([row["text"], *said, "found:", *describe(facts)])


def test_there_are_as_many_counter_examples_as_sentences_with_facts() -> None:
    with_facts = [row for _, row in ROWS if row.get("facts")]
    assert len(with_facts) >= 400
    assert len(ROWS) - len(with_facts) >= 400
