"""YAML that a policy person can read and correct, and the few lines that load it."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@cache
def load(name: str) -> Any:
    """Contents of ``vocabulary/<name>.yaml``. Shared between callers: do not change it."""
    return yaml.load(files(__name__).joinpath(f"{name}.yaml").read_bytes(), Loader=_Loader)  # noqa: S506 - _Loader is a safe loader


@cache
def read(name: str) -> bytes:
    """Bytes of a data file such as ``villages.csv.xz``."""
    return files(__name__).joinpath(name).read_bytes()


@cache
def version() -> str:
    """First 12 hex digits over all vocabulary files: part of every fingerprint, so that a changed dictionary shows as stale."""
    digest = hashlib.sha256()
    for file in sorted(files(__name__).iterdir(), key=lambda file: file.name):
        if file.name.endswith((".yaml", ".xz", ".csv")):
            digest.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:12]
