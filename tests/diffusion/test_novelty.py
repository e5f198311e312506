from __future__ import annotations

import random
import statistics

import pytest

from diffusion.adoptions.coding import code, learn_habits
from diffusion.adoptions.model import Mention, Watched
from diffusion.adoptions.novelty import NOTHING_LEARNT, First, learn, read_words

NAME = "村民议事会"
PROGRAM = f"program:{NAME}"
NEW = ("我镇建立{}，村村有章程。", "经党委会研究，全镇推出{}，选出代表。", "学习外地做法，组建{}并开了第一次会。", "在三个村试行{}，反响很好。")
OLD = ("深化{}，办好群众身边事。", "{}常态化运行，全年议事多次。", "发挥{}作用，化解邻里矛盾。", "优化{}流程，议定事项件件有回音。")


def mention(place: str, covered: int, form: str) -> Mention:
    sentence = form.format(NAME)
    at = sentence.index(NAME)
    return Mention(
        place=place, program=PROGRAM, report=f"{place}-{covered}", covered=covered, own=True, modality="done", negated=False, fact=f"{place}-{covered}",
        confidence=0.9, sentence=sentence, at=at, length=len(NAME),
    )  # fmt: skip


def world(seed: int, *, telling: bool, places: int = 240) -> tuple[Watched, dict[str, int]]:
    """Townships of a dozen counties that take it up at 15 % a year and name it in two thirds of their reports; ``telling``: by other words once it is there."""
    chance = random.Random(seed)
    present, mentions, truth = {}, [], {}
    for number in range(places):
        place = f"cn:{350100 + number % 12}/{number:03}镇"
        begun = next((year for year in range(2016, 2025) if chance.random() < 0.15), None)
        present[place] = tuple(range(2015, 2025))
        for year in present[place] if begun else ():
            assert begun is not None
            if year >= begun and chance.random() < 0.66:
                mentions.append(mention(place, year, chance.choice(NEW if telling and year == begun else OLD if telling else NEW + OLD)))
                truth[place] = begun
    return Watched(mentions=tuple(mentions), present=present, first=2015, last=2024), truth


def figures(watched: Watched, truth: dict[str, int]) -> tuple[float, float]:
    """Share of intervals that hold the true year, and their median width."""
    rows = code(watched, PROGRAM, {PROGRAM: NAME})
    held = [(row.t_lower is None or row.t_lower < truth[row.place]) and truth[row.place] <= (row.t_upper or 0) for row in rows]
    return sum(held) / len(held), statistics.median(10 if row.t_lower is None else (row.t_upper or 0) - row.t_lower for row in rows)


@pytest.mark.parametrize("seed", range(3))
def test_words_that_tell_the_new_from_the_old_narrow_the_intervals(seed: int) -> None:
    held, width = figures(*world(seed, telling=True))
    assert held >= 0.95
    held, vague = figures(*world(seed, telling=False))
    assert held >= 0.95 and vague > width


def test_a_first_sentence_that_sounds_old_comes_late() -> None:
    watched, _ = world(1, telling=True)
    wordings = learn_habits(watched).wordings
    place = "cn:350101/新镇"
    assert all(wordings.judge(place, [mention(place, 2020, form)]) > 1.5 for form in NEW)
    assert all(wordings.judge(place, [mention(place, 2020, form)]) < 0.2 for form in OLD)


def test_words_that_tell_nothing_move_nothing() -> None:
    watched, _ = world(1, telling=False)
    wordings = learn_habits(watched).wordings
    assert all(0.6 < wordings.judge("cn:350101/新镇", [mention("cn:350101/新镇", 2020, form)]) < 1.6 for form in NEW + OLD)


def test_nothing_is_learnt_from_little() -> None:
    watched, _ = world(1, telling=True, places=20)
    assert learn_habits(watched).wordings == NOTHING_LEARNT
    assert NOTHING_LEARNT.judge("cn:350101/新镇", [mention("cn:350101/新镇", 2020, NEW[0])]) == 1.0
    assert learn([First(place="cn:1/甲镇", first=(), later=(), chance=0.5)] * 50) == NOTHING_LEARNT


def test_words_of_its_own_county_do_not_judge_a_sentence() -> None:
    """Else a wording that one county alone has would be sure of itself."""
    watched, _ = world(1, telling=True)
    odd = tuple(mention(f"cn:350199/{number}镇", 2019, "奇文{}怪句。") for number in range(9))
    odd += tuple(mention(each.place, 2020, OLD[0]) for each in odd)
    present = {**watched.present, **{each.place: tuple(range(2015, 2025)) for each in odd}}
    wordings = learn_habits(Watched(mentions=(*watched.mentions, *odd), present=present, first=2015, last=2024)).wordings
    assert sorted("<奇文" in weights for weights in wordings.weights) == [False, True, True, True, True]


def test_order_of_mentions_changes_nothing() -> None:
    watched, _ = world(2, telling=True, places=120)
    shuffled = tuple(random.Random(1).sample(watched.mentions, len(watched.mentions)))
    turned = Watched(mentions=shuffled, present=watched.present, first=2015, last=2024)
    assert learn_habits(turned) == learn_habits(watched)


def test_words_are_read_on_both_sides_within_the_sentence() -> None:
    found = read_words(mention("cn:1/甲镇", 2020, "去年已经结束。我镇建立{}，选出代表35名。"))
    assert {"<建立", ">选出", ">代表", ">#"} <= found
    assert not any("结束" in word for word in found)
