"""The rules inside spaCy."""

from ingest.language import load_language
from ingest.model import Source
from ingest.pipeline import load_pipeline

TEXT = "城口县巴山镇人民政府关于2022年法治政府建设情况的报告\n全年开展“法律八进”活动12场次，调解矛盾纠纷36件。\n"


def test_spacy_finds_what_the_pipeline_finds():
    doc = load_language()(TEXT)
    analysis = load_pipeline().analyse(Source(key="doc", text=TEXT))
    assert doc.text == TEXT
    for type in ("place", "program", "metric"):
        expected = [fact.surface for fact in analysis.facts if fact.type == type]
        assert expected
        assert len(doc.spans[type]) == len(expected)
        assert all(surface in span.text and span.label_ == type for span, surface in zip(doc.spans[type], expected, strict=True))


def test_tokens_are_words():
    words = [token.text for token in load_language()(TEXT)]
    assert "矛盾" in words and "调解" in words
    assert "".join(words) == TEXT


def test_the_pipeline_itself_does_without_spacy():
    import subprocess
    import sys

    script = "import sys; from ingest.pipeline import load_pipeline; load_pipeline(); print('spacy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.strip() == "False"
