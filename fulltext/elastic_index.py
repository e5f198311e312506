"""Which index is in use: one alias, one index a rebuild behind it (``fazhi-reports-1``, ``fazhi-reports-2``), switched in one step.

An index that is being filled carries an alias of its own, by which it is written: should somebody take it away meanwhile, writing fails, and no index of an
unknown make comes into being.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from elasticsearch import Elasticsearch, NotFoundError

from fazhi.errors import Unavailable
from fulltext.elastic_errors import REBUILD
from fulltext.elastic_mapping import FORMAT, MAKER, build_mapping, build_settings

_FILTER = "*.aliases,*.mappings._meta,*.settings.index.number_of_shards"


class InUse(NamedTuple):
    name: str
    shards: int


def alias_of(prefix: str) -> str:
    return f"{prefix}-reports"


def filling_alias(name: str) -> str:
    return f"{name}-filling"


def find_in_use(client: Elasticsearch, alias: str) -> InUse | None:
    """The index behind the alias; None where there is none. Raises Unavailable for one of another make."""
    found = _read(client, alias)
    if not found:
        return None
    if len(found) != 1:
        raise Unavailable(f"The alias {alias} names {len(found)} indexes.", cure=REBUILD)
    ((name, told),) = found.items()
    meta = told.get("mappings", {}).get("_meta", {})
    if meta.get("made_by") != MAKER or meta.get("format") != FORMAT:
        raise Unavailable(f"The text index {name} has format {meta.get('format')}, this version reads format {FORMAT}.", cure=REBUILD)
    return InUse(name, int(told["settings"]["index"]["number_of_shards"]))


def list_named(client: Elasticsearch, alias: str) -> list[str]:
    """All indexes behind the alias, whoever made them. Raises Unavailable where it is no alias."""
    return list(_read(client, alias))


def _read(client: Elasticsearch, alias: str) -> dict[str, Any]:
    try:
        found: dict[str, Any] = client.indices.get(index=alias, filter_path=_FILTER).body
    except NotFoundError as error:
        if not error.meta.headers.get("x-elastic-product"):
            raise
        return {}
    if alias in found:
        raise Unavailable(f"{alias} is an index of somebody else on this server.", cure="Choose another FAZHI_TEXT_PREFIX.")
    return found


def list_ours(client: Elasticsearch, alias: str) -> dict[str, bool]:
    """Index → whether it is in use, for all that were ever made for this alias and are still there."""
    found: dict[str, Any] = client.indices.get(index=f"{alias}-*", filter_path=_FILTER, expand_wildcards="all").body
    pattern = re.compile(rf"{re.escape(alias)}-\d+")
    return {
        name: alias in told.get("aliases", {})
        for name, told in found.items()
        if pattern.fullmatch(name) and told.get("mappings", {}).get("_meta", {}).get("made_by") == MAKER
    }


def name_next(alias: str, ours: Sequence[str]) -> str:
    return f"{alias}-{max((int(name.rpartition('-')[2]) for name in ours), default=0) + 1}"


def create(client: Elasticsearch, name: str, alias: str, shards: int) -> None:
    client.indices.create(index=name, aliases={alias: {}}, mappings=build_mapping(), settings=build_settings(shards))


def switch(client: Elasticsearch, alias: str, name: str, named: Sequence[str]) -> None:
    """From now on ``alias`` means ``name`` and nothing else. One step: whoever asks finds the old or the new one."""
    gone = [*((other, alias) for other in named), (name, filling_alias(name))]
    actions: list[dict[str, Any]] = [{"remove": {"index": other, "alias": its, "must_exist": False}} for other, its in gone]
    client.indices.update_aliases(actions=[*actions, {"add": {"index": name, "alias": alias}}])
