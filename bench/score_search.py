"""How well searches are ranked, on judged queries: `make score-search`.

    python bench/score_search.py [--reports 400] [--seed 2] [--list]

Reports are made as for the benchmarks; into some of them sentences are planted about each topic of search_topics.yaml: the township's own deed with what only it can know (grade 3), a
short mention of it (2), the sentence that is the same in report after report (1), and the words in other senses (0). A report has the highest grade of what was planted in it: the
judgement comes from the planting, never from a ranking. The same queries go to plain BM25 on jieba's words and to BM25 on pairs of characters (k1 1.2, b 0.75, no operators), over the
same texts. nDCG@10 with gains 2^grade − 1. Whole questions (哪些乡镇开办了法治夜校？) are a class of their own; one of each topic is also asked of the year and province of a report
that has the topic's own deed, where all other reports are worth nothing. Weights were chosen on the topics of odd number with seed 1; the others, and another seed, say whether that carries over.
"""

from __future__ import annotations

import argparse
import math
import random
import re
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import rjieba
import yaml
from generate import GIVEN, SURNAMES, Writer

import fazhi
from fazhi.settings import Settings
from fazhi.workspace import Workspace
from vocabulary.registers import read_places, read_villages

TOPICS = Path(__file__).with_name("search_topics.yaml")
GRADES = {"own": 3, "heading": 3, "brief": 2, "everybody": 1, "apart": 0}
PLANTED = {"own": 0.015, "brief": 0.01, "everybody": 0.15, "apart": 0.1, "heading": 0.0075}  # share of the reports
KINDS = ("words", "whole questions", "of a place and year")
_MONTHS = "二月 三月 四月 五月 六月 七月 八月 九月 十月 十一月".split()
_BLANK = re.compile(r"\{(\w+)\}")


class Corpus(NamedTuple):
    texts: dict[str, str]  # name of the file → text
    grades: dict[str, dict[str, int]]  # topic → file → grade
    own: dict[tuple[str, str], list[str]]  # topic, file → sentences of the township's own


def build(topics: Sequence[dict], reports: int, seed: int) -> Corpus:  # type: ignore[type-arg]
    chance = random.Random(seed)
    counties = {area.code: area for area in read_places() if len(area.code) == 6}
    towns = [(code, town) for code, area in sorted(counties.items()) for town in area.townships.split()]
    texts: dict[str, str] = {}
    villages: dict[str, list[str]] = {}
    for number, (code, town) in enumerate(chance.sample(towns, reports)):
        writer = Writer(chance, counties[code].name, town, read_villages(code[:2]).get((code, town), "").split())
        name = f"{code}{counties[code].name}/{town}-{2020 + number % 4}.txt"
        texts[name] = writer.write(2020 + number % 4)
        villages[name] = writer.villages
    names = sorted(texts)
    grades: dict[str, dict[str, int]] = {}
    own: dict[tuple[str, str], list[str]] = defaultdict(list)
    for topic in topics:
        grades[topic["id"]] = defaultdict(int)
        for kind, share in PLANTED.items():
            if kind not in topic:
                continue
            for name in chance.sample(names, max(2, round(share * reports))):
                sentence = _fill(chance.choice(topic["own"] if kind == "heading" else topic[kind]), chance, villages[name])
                texts[name] = _plant(texts[name], sentence, chance, topic["heading"] if kind == "heading" else None)
                grades[topic["id"]][name] = max(grades[topic["id"]][name], GRADES[kind])
                if GRADES[kind] == 3:
                    own[topic["id"], name].append(sentence)
    return Corpus(texts, grades, own)


def _fill(sentence: str, chance: random.Random, villages: list[str]) -> str:
    def draw(blank: re.Match[str]) -> str:
        match blank.group(1):
            case "village":
                return chance.choice(villages)
            case "who":
                return chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=2))
            case "when":
                return chance.choice(_MONTHS)
        return str(chance.randint(2, 90))

    return _BLANK.sub(draw, sentence)


def _plant(text: str, sentence: str, chance: random.Random, heading: str | None) -> str:
    """The sentence at the end of a paragraph of what was done, or below a heading of its own after them."""
    lines = text.split("\n")
    paragraphs = [number for number, line in enumerate(lines) if len(line) > 150]
    at = chance.choice(paragraphs)
    if heading:
        lines[max(paragraphs) + 1 : max(paragraphs) + 1] = [f"（六）{heading}", sentence]
    else:
        lines[at] += sentence
    return "\n".join(lines)


class Bm25:
    """The plain kind: any of the query's terms, added up."""

    def __init__(self, texts: dict[str, str], cut: Callable[[str], Iterable[str]], k1: float = 1.2, b: float = 0.75) -> None:
        self._cut = cut
        counts = {name: Counter(cut(text)) for name, text in texts.items()}
        lengths = {name: sum(found.values()) for name, found in counts.items()}
        mean = sum(lengths.values()) / len(lengths)
        self._weights: dict[str, dict[str, float]] = defaultdict(dict)
        frequency = Counter(term for found in counts.values() for term in found)
        for name, found in counts.items():
            for term, count in found.items():
                idf = math.log(1 + (len(texts) - frequency[term] + 0.5) / (frequency[term] + 0.5))
                self._weights[term][name] = idf * count * (k1 + 1) / (count + k1 * (1 - b + b * lengths[name] / mean))

    def search(self, query: str) -> list[str]:
        scores: Counter[str] = Counter()
        for term in self._cut(query):
            for name, weight in self._weights.get(term, {}).items():
                scores[name] += weight
        return sorted(scores, key=lambda name: (-scores[name], name))[:10]


def cut_words(text: str) -> list[str]:
    return [word for word in rjieba.cut(text) if re.search(r"\w", word)]


def cut_pairs(text: str) -> list[str]:
    return [run[at : at + 2] for run in re.findall(r"[^\W_]+", text) for at in range(len(run) - 1)]


def ndcg(found: Sequence[str], grades: dict[str, int]) -> float:
    gains = [2 ** grades.get(name, 0) - 1 for name in found[:10]]
    best = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:10]
    return _discount(gains) / _discount(best)


def _discount(gains: Sequence[int]) -> float:
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains))


def ingest(workspace: Workspace, corpus: Corpus, folder: Path) -> None:
    for name, text in corpus.texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    workspace.ingest([folder])


def score(reports: int, seed: int, *, listing: bool = False) -> None:
    topics = yaml.safe_load(TOPICS.read_text(encoding="utf-8"))
    corpus = build(topics, reports, seed)
    words, pairs = Bm25(corpus.texts, cut_words), Bm25(corpus.texts, cut_pairs)
    measured: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
    shown = first = 0
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as files, fazhi.open(settings=Settings(home=Path(home))) as workspace:
        ingest(workspace, corpus, Path(files))
        for number, topic in enumerate(topics, 1):
            grades = corpus.grades[topic["id"]]
            for kind, query, judged in _iter_questions(topic, grades, chance):
                hits = workspace.search(query, size=10, passages=1).hits
                ours = [_name(hit.key, corpus) for hit in hits]
                figures = ndcg(ours, judged), ndcg(words.search(query), judged), ndcg(pairs.search(query), judged)
                measured[f"{kind}, {'tuned on' if number % 2 else 'others'}"].append(figures)
                if listing:
                    print(f"{query:16}\t" + "\t".join(f"{figure:.3f}" for figure in figures))
                for hit, name in zip(hits, ours, strict=True):
                    if grades.get(name) == 3 and hit.passages:
                        shown += 1
                        first += any(sentence in hit.passages[0].text or hit.passages[0].text in sentence for sentence in corpus.own[topic["id"], name])
    print(f"{reports} reports, seed {seed}; nDCG@10\n")
    print("| queries | asked | fazhi | BM25, jieba's words | BM25, pairs of characters |\n| --- | --- | --- | --- | --- |")
    for kind in KINDS:
        measured[f"{kind}, all"] = [*measured[f"{kind}, tuned on"], *measured[f"{kind}, others"]]
    for name in (f"{kind}, {topics}" for kind in KINDS for topics in ("tuned on", "others", "all")):
        rows = measured[name]
        means = [sum(row[column] for row in rows) / len(rows) for column in range(3)]
        print(f"| {name} | {len(rows)} | **{means[0]:.3f}** | {means[1]:.3f} | {means[2]:.3f} |")
    print(f"\nThe first sentence shown is the township's own in {first} of {shown} hits that have one.")


def _iter_questions(topic: dict, grades: dict[str, int], chance: random.Random) -> Iterator[tuple[str, str, dict[str, int]]]:  # type: ignore[type-arg]
    """(kind, what is asked, name of the file → grade) of a topic."""
    for query in topic["queries"]:
        yield "words", query, grades
    for question in topic["questions"]:
        yield "whole questions", question, grades
    places = {area.code: area.name for area in read_places()}
    code, year = chance.choice(sorted({(name[:2], name[-8:-4]) for name, grade in grades.items() if grade == 3}))
    there = {name: grade for name, grade in grades.items() if name.startswith(code) and name[-8:-4] == year}
    yield "of a place and year", f"{year}年{places[code]}{topic['questions'][0]}", there


def _name(key: str, corpus: Corpus) -> str:
    return next(name for name in corpus.texts if name.endswith(key) or key.endswith(name))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=400)
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--list", action="store_true", help="each query's figures: ours, words, pairs")
    arguments = parser.parse_args()
    score(arguments.reports, arguments.seed, listing=arguments.list)
    return 0


if __name__ == "__main__":
    sys.exit(main())
