"""Invented texts for the tests of text reuse."""

from __future__ import annotations

import random

from diffusion.reuse import Item, Reuse
from diffusion.reuse.model import Pair

LETTERS = [chr(code) for code in range(0x4E00, 0x4E00 + 3000)]
COPIED = "镇里在老渡口搭起说理棚，逢三逢八请律师和老支书坐堂，把田界、水渠和借款的账一笔一笔摊开来算，算清了当场写字据，算不清的带回去查档案再来；半年下来，走了四十多户，没有一桩闹到县里去。"


def prose(seed: int, length: int = 600) -> str:
    """Words that no other report has."""
    chance = random.Random(seed)
    text = "".join(chance.choices(LETTERS, k=length))
    return "".join(f"{text[i : i + 17]}，{text[i + 17 : i + 30]}。" for i in range(0, length, 30))


def item(key: str, unit: str, year: int | None, *parts: str, **told) -> Item:
    return Item(key=key, unit=unit, county=told.pop("county", unit.partition("/")[0]), year=year, text="\n".join(parts), **told)


def edited(text: str, share: float, seed: int = 1) -> str:
    chance = random.Random(seed)
    characters = list(text)
    for at in chance.sample(range(len(text)), int(share * len(text))):
        characters[at] = chance.choice(LETTERS)
    return "".join(characters)


def passages(reuse: Reuse, items: list[Item], kind: str) -> list[tuple[Pair, str, str]]:
    texts = {one.key: one.text for one in items}
    return [(pair, texts[pair.a][pair.a_start : pair.a_end], texts[pair.b][pair.b_start : pair.b_end]) for pair in reuse.pairs if pair.kind == kind]
