"""The words of a page in one language."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, get_args

import yaml

from ingest.rejections import CHINESE

Language = Literal["zh", "en"]
Labels = Mapping[str, Mapping[str, str]]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@cache
def labels() -> Labels:
    """Words of the view of one report: name → language → words."""
    return read_labels("fazhi.explaining", "labels.yaml")


def read_labels(package: str, path: str) -> Labels:
    found: dict[str, dict[str, str]] = yaml.safe_load(files(package).joinpath(path).read_bytes())
    return found


class Texts:
    """``t("modality.done")`` gives the words; of a name without any, its last part. ``more`` are the words of the page around the view."""

    def __init__(self, lang: str | None, more: Labels | None = None) -> None:
        self.lang: Language = "en" if lang == "en" else "zh"
        self._labels = labels() if more is None else more

    def __call__(self, name: str, **values: object) -> str:
        words = self._labels.get(name)
        return str(words[self.lang]).format(**values) if words else name.partition(".")[2] or name

    def reason(self, reason: str) -> str:
        """Why a candidate was turned down."""
        return CHINESE.get(reason, reason) if self.lang == "zh" else reason
