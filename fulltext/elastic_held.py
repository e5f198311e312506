"""A whole index read in pages, as it was at one moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from elasticsearch import Elasticsearch

KEEP = "2m"  # how long the server holds it between two pages
_VALUES = 20_000  # each page goes through all documents again; a server allows 65,536


class Held:
    """A point in time. Whoever opened it closes it."""

    def __init__(self, client: Elasticsearch, id: str) -> None:
        self._client = client
        self.id = id

    def iter_hits(self, size: int, *, stored_fields: str, docvalue_fields: Sequence[str]) -> Iterator[Any]:
        """All documents with these fields, ``size`` in an answer, ordered by report."""
        place: list[Any] | None = None
        while True:
            fields: list[Mapping[str, Any]] = [{"field": field} for field in docvalue_fields]
            found = self._ask(
                sort=[{"report": "asc"}], size=size, search_after=place, track_total_hits=False, stored_fields=stored_fields, docvalue_fields=fields
            )["hits"]["hits"]
            yield from found
            if len(found) < size:
                return
            place = found[-1]["sort"]

    def iter_values(self, field: str, counting: Mapping[str, Any]) -> Iterator[Any]:
        """A bucket for each value of the field, in order, with what ``counting`` counts inside."""
        after: dict[str, Any] = {}
        while True:
            composite = {"size": _VALUES, "sources": [{field: {"terms": {"field": field}}}], **after}
            answer = self._ask(size=0, track_total_hits=False, aggregations={"values": {"composite": composite, "aggregations": dict(counting)}})
            told = answer["aggregations"]["values"]
            yield from told["buckets"]
            if len(told["buckets"]) < _VALUES:
                return
            after = {"after": told["after_key"]}

    def _ask(self, **asked: Any) -> Any:
        answer = self._client.search(pit={"id": self.id, "keep_alive": KEEP}, allow_partial_search_results=False, **asked).body
        self.id = answer.get("pit_id", self.id)
        return answer
