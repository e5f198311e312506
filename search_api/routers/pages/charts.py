"""How a chart is handed over: as SVG, PNG or CSV, each under an address that reproduces it. What is drawn stands with the page that shows it."""

from __future__ import annotations

from enum import StrEnum

from starlette.requests import Request
from starlette.responses import Response

from search_api import charts


class Form(StrEnum):
    svg = "svg"
    png = "png"
    csv = "csv"


_TYPES = {Form.svg: "image/svg+xml", Form.png: "image/png", Form.csv: "text/csv; charset=utf-8"}


def send_chart(request: Request, form: Form, chart: charts.Chart, snapshot: str) -> Response:
    """The chart, or 304 where the reader has it already. Raises NoFont for a PNG that would show boxes."""
    headers = {"ETag": f'"{chart.digest}"', "X-Snapshot": snapshot}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    body: bytes | str
    if form is Form.svg:
        body = charts.draw_svg(chart)
    else:
        body = charts.draw_png(chart) if form is Form.png else charts.write_csv(chart)
    if form is not Form.svg or "download" in request.query_params:
        headers["Content-Disposition"] = f'attachment; filename="{chart.name}.{form.value}"'
    return Response(body, media_type=_TYPES[form], headers=headers)
