"""Words by which a report says that it acts because somebody above wants it: 按照县司法局部署, 按照安溪县统一要求. They stand in ordering.yaml."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import yaml

GAP = "[^，。；;！？\n]"
DENIED = re.compile(r"(?:不|没有|未|避免|防止|杜绝|切忌|不能|不得|无须|无需)(?:简单|盲目|一味)?$")


def find_order(sentence: str, at: int, length: int) -> str | None:
    """The words by which a sentence says that somebody above wants the practice whose name stands ``at``; None where it does not say so."""
    before, after, reach = _orders()
    ahead = sentence[max(0, at - reach) : at]
    if found := before.search(ahead) or after.match(sentence, at + length):
        return None if DENIED.search(ahead[: found.start()]) else found.group()
    return None


@cache
def _orders() -> tuple[re.Pattern[str], re.Pattern[str], int]:
    told = yaml.safe_load(files(__package__).joinpath("ordering.yaml").read_bytes())
    marks = {"{above}": told["above"], "{few}": f"{GAP}{{0,6}}?", "{some}": f"{GAP}{{0,14}}?"}

    def join(name: str) -> re.Pattern[str]:
        joined = "|".join(told[name])
        for mark, words in marks.items():
            joined = joined.replace(mark, words)
        return re.compile(joined)

    return join("before"), join("after"), told["reach"]
