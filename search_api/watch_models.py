"""Saved questions and alerts as HTTP takes and shows them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from archive.watches import Alert as KeptAlert
from archive.watches import Delivery as KeptDelivery
from archive.watches import Watch as KeptWatch
from fazhi.watches import Question, read_question
from search_api.models import Answered, Coverage, Paged
from search_api.parameters import Level, ModalityName, SectionName

_Year = Annotated[int | None, Field(ge=1949, le=2200, examples=[2020])]
_PLACE = "A place with everything below it: its graph id, or a name that only one place here has."


class _Asked(BaseModel):
    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    place: str | None = Field(None, title="Place", description=_PLACE, examples=["cn:3505"], min_length=1, max_length=200)

    def to_question(self) -> Question:
        told = {name: value for name, value in self.model_dump(mode="json").items() if value is not None}
        return read_question(told)


class SearchAsked(_Asked):
    """A report that is new in this collection and matches."""

    kind: Literal["search"]
    q: str | None = Field(None, title="Question", description="As of GET /api/search.", examples=["法律八进"], max_length=2000)
    from_year: _Year = Field(None, title="From year")
    to_year: _Year = Field(None, title="To year")
    level: Level | None = Field(None, title="Level", examples=["township"])
    program: str | None = Field(None, title="Program", examples=["program:法律八进"], max_length=200)
    section: SectionName | None = Field(None, title="Section", examples=["results"])
    modality: ModalityName | None = Field(None, title="Modality", examples=["done"])


class AdoptionAsked(_Asked):
    """A place of which a report says for the first time in this collection that it takes a program up."""

    kind: Literal["adoption"]
    program: str = Field(title="Program", description="Its id or name.", examples=["program:法律明白人"], min_length=1, max_length=200)
    modality: tuple[ModalityName, ...] = Field(
        (ModalityName.done, ModalityName.ongoing),
        title="Modality",
        description="What counts. planned only where it is named, and then it is told as a plan.",
        examples=[["done", "ongoing"]],
        min_length=1,
        max_length=4,
    )


class NumberAsked(_Asked):
    """A number that fell or rose against the one that the same place stated for an earlier year, however its approximation is read."""

    kind: Literal["number"]
    indicator: str = Field(title="Indicator", description="Id, name or a report's own words.", examples=["disputes_mediated"], min_length=1, max_length=200)
    direction: Literal["fell", "rose"] = Field("fell", title="Direction", examples=["fell"])
    level: Literal["province", "prefecture", "county", "township"] = Field("township", title="Level", examples=["township"])


Asked = Annotated[SearchAsked | AdoptionAsked | NumberAsked, Field(discriminator="kind")]


class WatchOrder(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(title="Name", description="What it is called in lists and feeds.", examples=["泉州市谁在推行法律明白人"], min_length=1, max_length=200)
    question: Asked = Field(title="Question")
    webhook: str | None = Field(
        None,
        title="Webhook",
        description="Address that alerts are sent to by POST, one that FAZHI_WEBHOOKS allows. By default none.",
        examples=[None],
        max_length=2000,
    )


class Watch(Answered):
    """A saved question."""

    id: int = Field(title="Number", examples=[1])
    name: str = Field(title="Name")
    question: dict[str, Any] = Field(
        title="Question", description="As it was asked, with its kind.", examples=[{"kind": "adoption", "program": "program:法律明白人"}]
    )
    webhook: str | None = Field(None, title="Webhook", description="Shown to editors only: such an address may be a secret.")
    created: str = Field(title="Created", description="ISO time.")
    created_by: str = Field(title="Created by")
    checked: str | None = Field(
        None, title="Checked", description="Snapshot that it was last compared with; null while what there was at its beginning is not known yet."
    )
    checked_at: str | None = Field(None, title="Checked at", description="ISO time.")
    problem: str | None = Field(None, title="Problem", description="Why the last check failed; it is made again.")


class Watches(Answered):
    watches: tuple[Watch, ...] = Field(title="Saved questions", description="Oldest first.")
    snapshot: str = Field(title="Snapshot", examples=["9f3a5c0d11e2b764"])


class Evidence(Answered):
    """The sentence that an alert stands on."""

    which: str = Field("", title="Which", description="Of a number: the year.", examples=["2023"])
    report: str = Field(title="Report", examples=["4be19c2b7a0d95e1"])
    title: str = Field(title="Title", description="Of the report, or its key.")
    text: str = Field(title="Text", description="A slice of the report's original, as it was when the alert was made.")
    start: int = Field(title="Start", examples=[120])
    end: int = Field(title="End", examples=[150])
    page: str = Field(title="Page", description="Address of the page that shows it there.", examples=["/reports/4be19c2b7a0d95e1?at=120-150#c120"])


class Delivery(Answered):
    """How an alert came to its webhook."""

    state: str = Field(title="State", description="waiting, sent or given_up.", examples=["sent"])
    attempts: int = Field(title="Tries", examples=[1])
    told: str | None = Field(None, title="Told", description="What the last try brought.", examples=["HTTP 204"])


class Alert(Answered):
    """One change, told once. Planned is not done; first seen in this collection is not the origin."""

    id: int = Field(title="Number", examples=[1])
    watch: int = Field(title="Saved question", examples=[1])
    time: str = Field(title="Time", description="ISO time of when it was found.")
    snapshot: str = Field(title="Snapshot", description="State of the collection in which it was found.")
    text: str = Field(title="Text", description="In English.")
    text_zh: str = Field(title="Text in Chinese")
    report: str = Field(title="Report", examples=["4be19c2b7a0d95e1"])
    key: str = Field(title="Key", examples=["参内镇2023.txt"])
    place: str | None = Field(None, title="Place", examples=["cn:350524/参内镇"])
    place_name: str | None = Field(None, title="Name of the place", examples=["参内镇"])
    year: int | None = Field(None, title="Year", examples=[2023])
    program: str | None = Field(None, title="Program", examples=["program:法律明白人"])
    modality: str | None = Field(None, title="Modality", examples=["done"])
    indicator: str | None = Field(None, title="Indicator", examples=["disputes_mediated"])
    unit: str | None = Field(None, title="Unit", examples=["件"])
    value: float | None = Field(None, title="Value", examples=[98])
    approx: str | None = Field(None, title="Approximation", examples=["more_than"])
    former_year: int | None = Field(None, title="Earlier year", examples=[2022])
    former_value: float | None = Field(None, title="Its value", examples=[126])
    former_approx: str | None = Field(None, title="Its approximation")
    evidence: tuple[Evidence, ...] = Field((), title="Evidence", description="The sentences, as they were then.")
    delivery: Delivery | None = Field(None, title="Delivery", description="Where the question has a webhook.")


class Alerts(Paged):
    alerts: tuple[Alert, ...] = Field(title="Alerts", description="Newest first.")
    snapshot: str = Field(title="Snapshot", description="State of the collection now.", examples=["9f3a5c0d11e2b764"])
    coverage: Coverage


def show_watch(watch: KeptWatch, *, secrets: bool) -> Watch:
    return Watch(**{**msgspec.to_builtins(watch), "webhook": watch.webhook if secrets else None})


def show_alert(alert: KeptAlert, delivery: KeptDelivery | None = None) -> Alert:
    told = dict(alert.content)
    evidence = [{**one, "page": write_page(one)} for one in told.pop("evidence", ())]
    return Alert.model_validate(
        {
            **{name: value for name, value in told.items() if name in Alert.model_fields},
            **{name: getattr(alert, name) for name in ("id", "watch", "time", "snapshot")},
            "text": told.get("text_en", ""),
            "evidence": evidence,
            "delivery": None if delivery is None else msgspec.to_builtins(delivery),
        }
    )


def write_page(evidence: dict[str, Any]) -> str:
    return f"/reports/{evidence['report']}?at={evidence['start']}-{evidence['end']}#c{evidence['start']}"
