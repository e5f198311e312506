"""Scans and pictures. Most tests put a stand-in for the engine; those that need the extra [ocr] and a Chinese font say so where they are absent."""

from __future__ import annotations

import hashlib
import importlib.util
import io
import os
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import docx
import msgspec
import numpy
import pytest
from PIL import Image, ImageDraw, ImageFont
from samples import SIMPLIFIED, make_chinese_pdf, read_one, refuse_one

from ingest.readers import Limits, kept, ocr, ocr_worker
from ingest.readers.ocr_worker import Box, Job, Page, read_frame, recognise, write_frame
from ingest.readers.page_grid import arrange

LINES = SIMPLIFIED.strip().split("\n")
HAS_EXTRA = importlib.util.find_spec("rapidocr") is not None and importlib.util.find_spec("onnxruntime") is not None
FONTS = [
    path
    for folder in ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "C:/Windows/Fonts")
    for name in (
        "*CJK*Regular*.tt?",
        "*CJK*Regular*.otf",
        "*CJK*Bold*.tt?",
        "wqy*.tt?",
        "PingFang*.tt?",
        "Songti*.tt?",
        "simsun*.tt?",
        "msyh*.tt?",
        "DroidSansFallback*.ttf",
    )
    for path in sorted(Path(folder).rglob(name))
]


def page_of(lines: list[str], confidence: float = 0.95) -> Page:
    return Page(boxes=tuple(Box(100, 100 + 50 * row, 100 + 30 * len(line), 130 + 50 * row, line, confidence) for row, line in enumerate(lines)))


def picture(kind: str = "PNG", pages: int = 1, size: tuple[int, int] = (600, 800)) -> bytes:
    """A picture file without anything on it; the stand-in says what is."""
    stream = io.BytesIO()
    sheets = [Image.new("RGB", size, "white") for _ in range(pages)]
    sheets[0].save(stream, kind, **({"save_all": True, "append_images": sheets[1:]} if pages > 1 else {}))
    return stream.getvalue()


def scanned_pdf(pages: int = 1) -> bytes:
    stream = io.BytesIO()
    sheets = [Image.new("L", (600, 800), "white") for _ in range(pages)]
    for sheet in sheets:
        ImageDraw.Draw(sheet).rectangle((50, 50, 550, 700), fill=0)
    sheets[0].save(stream, "PDF", save_all=True, append_images=sheets[1:])
    return stream.getvalue()


class StandIn:
    """In the place of the worker: says the same of every page, or what it is told to, and notes its jobs."""

    def __init__(self, answer: Callable[[Job, int], Page]) -> None:
        self.answer = answer
        self.jobs: list[Job] = []
        self.seconds: list[float] = []

    def read(self, job: Job, seconds: float) -> Page:
        self.jobs.append(job)
        self.seconds.append(seconds)
        return self.answer(job, len(self.jobs) - 1)


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch) -> Callable[..., StandIn]:
    def put(answer: Callable[[Job, int], Page] | None = None) -> StandIn:
        stand_in = StandIn(answer or (lambda _, number: page_of(LINES)))
        monkeypatch.setattr(ocr, "is_installed", lambda: True)
        monkeypatch.setattr(ocr, "engine_name", lambda: "stand-in 1")
        monkeypatch.setattr(ocr, "_WORKER", stand_in)
        return stand_in

    return put


# --- what is read, and what is not ----------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_a_picture_is_read_with_the_confidence_of_each_line(install: Any, kind: str) -> None:
    install()
    source = read_one(f"scan.{'bmp' if kind == 'BMP' else 'bin'}", picture(kind))
    assert source.text.split("\n") == LINES and source.format == "image"
    assert [source.text[line.start : line.end] for line in source.recognised] == LINES
    assert {line.confidence for line in source.recognised} == {0.95}
    told = source.metadata["ocr"]
    assert (told["engine"], told["pages"], told["confidence"], told["lowest"]) == ("stand-in 1", [1], 0.95, 0.95)
    assert told["lines"] == [[line.start, line.end, line.confidence] for line in source.recognised]


def test_all_pages_of_a_tif_are_read(install: Any) -> None:
    stand_in = install(lambda job, number: msgspec.structs.replace(page_of([f"{line}{number}" for line in LINES]), frames=3))
    source = read_one("scan.tif", picture("TIFF", pages=3))
    assert [job.frame for job in stand_in.jobs] == [0, 1, 2]
    assert source.text.split("\n") == [f"{line}{number}" for number in range(3) for line in LINES]
    assert source.metadata["ocr"]["pages"] == [1, 2, 3]


def test_a_scanned_pdf_is_drawn_and_read(install: Any) -> None:
    stand_in = install()
    source = read_one("scan.pdf", scanned_pdf(2))
    assert source.text.split("\n") == LINES * 2 and source.metadata["pages"] == 2 and "pages_without_text" not in source.metadata
    assert all(len(job.data) == job.width * job.height > 100_000 and min(job.data) < 50 for job in stand_in.jobs)


def test_only_pages_without_text_are_recognised(install: Any) -> None:
    stand_in = install(lambda job, number: page_of(["附表是扫描的内容，一共五行。"], 0.8))
    source = read_one("a.pdf", make_chinese_pdf([LINES[:6], [], LINES[6:]]))
    assert source.text.split("\n") == [*LINES[:6], "附表是扫描的内容，一共五行。", *LINES[6:]]
    assert len(stand_in.jobs) == 1 and source.metadata["ocr"]["pages"] == [2]
    assert [source.text[line.start : line.end] for line in source.recognised] == ["附表是扫描的内容，一共五行。"]


def test_pictures_in_a_docx_without_text_are_read_in_order(install: Any) -> None:
    stand_in = install()
    document = docx.Document()
    for size in ((600, 800), (800, 600)):
        document.add_picture(io.BytesIO(picture(size=size)))
    stream = io.BytesIO()
    document.save(stream)
    source = read_one("a.docx", stream.getvalue())
    assert source.format == "docx" and source.text.split("\n") == LINES * 2
    assert [Image.open(io.BytesIO(job.data)).size for job in stand_in.jobs] == [(600, 800), (800, 600)]


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        (Page(), "no report was recognised"),
        (page_of(["青溪镇"]), "no report was recognised"),
        (Page(problem="It is too small to be a page (90 x 90 pixels)."), "too small"),
        (page_of(LINES, 0.4), "not recognised well enough (confidence 0.40)"),
    ],
)
def test_a_picture_that_is_no_report_is_refused(install: Any, page: Page, reason: str) -> None:
    install(lambda job, number: page)
    failure = refuse_one("photo.png", picture())
    assert failure.kind == "no_text" and reason in failure.reason and failure.cure


def test_a_switch_turns_recognition_off(install: Any) -> None:
    stand_in = install()
    assert refuse_one("scan.png", picture(), Limits(ocr=False)).kind == "scanned"
    assert not stand_in.jobs


# --- limits ---------------------------------------------------------------------------------------------------------------------------------------------------


def test_pages_beyond_the_limit_are_named(install: Any) -> None:
    stand_in = install()
    source = read_one("scan.pdf", scanned_pdf(4), Limits(ocr_pages=2))
    assert len(stand_in.jobs) == 2 and source.metadata["pages_without_text"] == [3, 4]
    assert list(source.metadata["ocr"]["not_read"].values()) == ["It has more than 2 pages to recognise (FAZHI_OCR_PAGES)."]


def test_a_page_that_takes_too_long_is_left_out_and_named(install: Any) -> None:
    def answer(job: Job, number: int) -> Page:
        if number == 1:
            raise TimeoutError
        return page_of(LINES)

    install(answer)
    source = read_one("scan.pdf", scanned_pdf(3), Limits(ocr_page_seconds=7))
    assert source.text.split("\n") == LINES * 2
    assert source.metadata["ocr"]["not_read"] == {"2": "Recognition of the page took more than 7 s."} and source.metadata["pages_without_text"] == [2]


def test_the_time_of_a_document_is_shared_by_its_pages(install: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 1000, 10))
    monkeypatch.setattr(ocr, "time", SimpleNamespace(monotonic=lambda: float(next(clock))))
    stand_in = install()
    source = read_one("scan.pdf", scanned_pdf(5), Limits(ocr_seconds=25, ocr_page_seconds=12))
    assert stand_in.seconds == [12, 5]
    assert "took more than 25 s" in str(source.metadata["ocr"]["not_read"])


def test_what_was_recognised_is_kept_until_its_document_is_forgotten(install: Any, tmp_path: Path) -> None:
    stand_in = install()
    limits = Limits(kept_folder=str(tmp_path / "kept"))
    first, second = (read_one("scan.png", picture(), limits) for _ in range(2))
    assert first == second and len(stand_in.jobs) == 1
    read_one("other.png", picture(size=(700, 700)), limits)
    assert len(stand_in.jobs) == 2
    (note,) = [path for path in (tmp_path / "kept").iterdir() if path.stem != hashlib.sha256(picture()).hexdigest()]
    assert kept.forget(tmp_path / "kept", lambda name: name != note.stem) == 1
    assert not note.exists()
    read_one("scan.png", picture(), limits)
    assert len(stand_in.jobs) == 2


def test_another_engine_reads_anew_and_so_does_a_damaged_note(install: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stand_in = install()
    limits = Limits(kept_folder=str(tmp_path / "kept"))
    read_one("scan.png", picture(), limits)
    monkeypatch.setattr(ocr, "engine_name", lambda: "stand-in 2")
    assert read_one("scan.png", picture(), limits).metadata["ocr"]["engine"] == "stand-in 2"
    next((tmp_path / "kept").iterdir()).write_bytes(b"\x81")
    read_one("scan.png", picture(), limits)
    assert len(stand_in.jobs) == 3


def test_a_disk_that_takes_nothing_costs_no_report(install: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install()
    (tmp_path / "kept").write_text("no folder")
    assert read_one("scan.png", picture(), Limits(kept_folder=str(tmp_path / "kept"))).text.split("\n") == LINES


def test_what_a_limit_cut_short_is_not_kept(install: Any, tmp_path: Path) -> None:
    stand_in = install()
    for _ in range(2):
        read_one("scan.pdf", scanned_pdf(2), Limits(ocr_pages=1, kept_folder=str(tmp_path / "kept")))
    assert len(stand_in.jobs) == 2


def test_without_a_data_folder_nothing_is_kept(install: Any, tmp_path: Path) -> None:
    install()
    read_one("scan.png", picture(), Limits(kept_folder=str(tmp_path / "home" / "kept")))
    assert not (tmp_path / "home").exists()


# --- lines and tables on a page -------------------------------------------------------------------------------------------------------------------------------


def words(*boxes: tuple[float, float, str]) -> list[Box]:
    return [Box(left, top, left + 30 * len(text), top + 30, text, 0.9) for left, top, text in boxes]


def test_lines_come_from_the_top_and_pieces_from_the_left() -> None:
    boxes = words((100, 200, "第二行"), (195, 102, "右半"), (100, 100, "左半个"), (100, 300, "第三行"))
    assert [line.line for line in arrange(boxes)] == ["左半个右半", "第二行", "第三行"]


def test_a_page_that_is_askew_keeps_its_lines() -> None:
    boxes = [
        Box(100 + 90 * piece, 100 + 60 * row + 8 * piece, 185 + 90 * piece, 130 + 60 * row + 8 * piece, f"{row}{'甲乙丙丁戊'[piece]}", 0.9)
        for row in range(4)
        for piece in range(5)
    ]
    assert [line.line for line in arrange(boxes)] == ["".join(f"{row}{piece}" for piece in "甲乙丙丁戊") for row in range(4)]


def test_pieces_in_columns_become_a_table(install: Any) -> None:
    rows = [("指标", "2022年", "2023年"), ("调解纠纷", "40", "56"), ("行政处罚", "", "12"), ("合计", "40", "68")]
    boxes = words(*((100 + 300 * column, 200 + 60 * row, text) for row, cells in enumerate(rows) for column, text in enumerate(cells) if text))
    above, below = words((100, 100, "表一工作情况统计")), words((100, 600, "以上数据截至年底，发放宣传资料三百份，参加培训的干部四十余名，全部合格。"))
    install(lambda job, number: Page(boxes=tuple(above + boxes + below)))
    source = read_one("scan.png", picture())
    assert source.text.split("\n")[1:-1] == ["\t".join(row) for row in rows]
    assert [(cell.row, cell.column) for cell in source.tables[0].cells if source.text[cell.start : cell.end] == "12"] == [(2, 2)]
    assert not source.tables[0].exact and [source.text[line.start : line.end] for line in source.recognised] == source.text.split("\n")


def test_two_columns_of_prose_are_no_table() -> None:
    boxes = words(*((100 + 500 * column, 100 + 50 * row, "全镇认真落实各项制度") for row in range(6) for column in range(2)))
    assert all(isinstance(line.line, str) for line in arrange(boxes))


# --- the worker -----------------------------------------------------------------------------------------------------------------------------------------------


def engine(_: Any) -> Any:
    corners = numpy.array([[[10.04, 20.0], [110.0, 20.0], [110.0, 50.0], [10.0, 51.26]]])
    return SimpleNamespace(boxes=corners, txts=("全镇",), scores=(0.98765,))


def test_the_worker_gives_boxes_in_pixels() -> None:
    assert recognise(engine, Job(data=picture())) == Page(boxes=(Box(10.0, 20.0, 110.0, 51.3, "全镇", 0.99),))
    assert recognise(engine, Job(data=bytes(400 * 500), width=400, height=500)).boxes


def test_a_page_without_text_is_no_problem() -> None:
    assert recognise(lambda _: SimpleNamespace(boxes=None, txts=None, scores=None), Job(data=picture())) == Page()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"", "broken"), (picture()[:60], "broken"), (b"\x89PNG\r\n\x1a\n" + bytes(200), "broken"), (picture(size=(60, 60)), "too small"), (picture(size=(2000, 20)), "too small"),
        (Path(__file__).read_bytes(), "broken"), (picture("GIF"), "broken"),
    ],
    ids=["empty", "cut", "hollow", "icon", "rule", "text", "other kind"],
)  # fmt: skip
def test_a_bad_picture_is_the_pictures_problem(raw: bytes, said: str) -> None:
    assert said in (recognise(engine, Job(data=raw)).problem or "")


def test_a_picture_that_unpacks_to_gigabytes_is_refused_before() -> None:
    started = time.monotonic()
    assert "broken" in (recognise(engine, Job(data=_huge_png())).problem or "") and time.monotonic() - started < 5


def _huge_png() -> bytes:
    """A png whose header promises 60,000 by 60,000 pixels."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0))
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


def test_transparent_paper_is_white() -> None:
    seen: list[Any] = []
    stream = io.BytesIO()
    Image.new("RGBA", (500, 500), (0, 0, 0, 0)).save(stream, "PNG")
    recognise(lambda pixels: seen.append(pixels) or engine(pixels), Job(data=stream.getvalue()))
    assert seen[0].min() == 255


def test_frames_go_there_and_back() -> None:
    stream = io.BytesIO()
    write_frame(stream, Job(data=b"abc", frame=2))
    write_frame(stream, page_of(LINES))
    stream.seek(0)
    first, second = read_frame(stream), read_frame(stream)
    assert first is not None and msgspec.msgpack.decode(first, type=Job) == Job(data=b"abc", frame=2)
    assert second is not None and msgspec.msgpack.decode(second, type=Page) == page_of(LINES)
    assert read_frame(stream) is None and read_frame(io.BytesIO(b"\0\0\0\x09ab")) is None and read_frame(io.BytesIO(b"\xff\xff\xff\xff")) is None


STAND_IN_PROCESS = """
import sys, time
from ingest.readers import ocr_worker
def load():
    def engine(pixels):
        if pixels[0, 0, 0] == 1: time.sleep(60)
        if pixels[0, 0, 0] == 2: sys.exit(3)
        print("noise of a library")
        raise ValueError("seen")
    return engine
ocr_worker._load_engine = load
ocr_worker.main()
"""


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The real process, with an engine that hangs over pictures of colour 1 and dies over those of colour 2."""
    started: list[subprocess.Popen[bytes]] = []
    popen = subprocess.Popen

    def start(_: list[str], **options: Any) -> subprocess.Popen[bytes]:
        started.append(popen([sys.executable, "-c", STAND_IN_PROCESS], **options))
        return started[-1]

    monkeypatch.setattr(ocr.subprocess, "Popen", start)
    monkeypatch.setattr(ocr, "_START_SECONDS", 30.0)
    one = ocr._Worker()
    yield SimpleNamespace(read=one.read, stop=one.stop, started=started)
    one.stop()


def job(colour: int = 9) -> Job:
    return Job(data=bytes([colour]) * 160_000, width=400, height=400)


def test_one_process_reads_page_after_page(worker: Any) -> None:
    assert [worker.read(job(), 20).problem for _ in range(3)] == ["The picture is broken (ValueError)."] * 3
    assert len(worker.started) == 1


def test_a_page_that_hangs_ends_the_process_and_the_next_gets_another(worker: Any) -> None:
    worker.read(job(), 20)
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        worker.read(job(1), 0.3)
    assert time.monotonic() - started < 10 and worker.started[0].poll() is not None
    assert worker.read(job(), 20).problem and len(worker.started) == 2


def test_a_page_that_kills_the_process_is_named_and_the_next_is_read(worker: Any) -> None:
    worker.read(job(), 20)
    assert worker.read(job(2), 20).problem == "The recognition ended over this page."
    assert worker.read(job(), 20).problem == "The picture is broken (ValueError)."


def test_threads_wait_for_one_another(worker: Any) -> None:
    found: list[str | None] = []
    threads = [threading.Thread(target=lambda: found.append(worker.read(job(), 20).problem)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 6 and len(worker.started) == 1


def test_a_worker_without_its_parent_ends() -> None:
    process = subprocess.Popen([sys.executable, "-m", "ingest.readers.ocr_worker"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    assert process.stdin is not None
    process.stdin.close()
    assert process.wait(30) == 0


# --- the real engine ------------------------------------------------------------------------------------------------------------------------------------------

needs_engine = pytest.mark.skipif(not HAS_EXTRA, reason="needs the extra [ocr], which is not installed")
needs_font = pytest.mark.skipif(not FONTS, reason="needs a font with Chinese characters, of which none was found")


def draw(lines: list[str]) -> Image.Image:
    sheet = Image.new("L", (1654, 2339), 255)
    font = ImageFont.truetype(str(FONTS[0]), 36)
    for row, line in enumerate(lines):
        ImageDraw.Draw(sheet).text((140, 160 + 76 * row), line, font=font, fill=0)
    return sheet


SHORT = [line for line in LINES if len(line) < 38]


@needs_engine
@needs_font
@pytest.mark.parametrize("kind", ["PNG", "PDF"])
def test_a_drawn_page_is_read_by_the_real_engine(monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.undo()
    stream = io.BytesIO()
    draw(SHORT).save(stream, kind, **({"resolution": 200} if kind == "PDF" else {}))
    source = read_one(f"scan.{kind.lower()}", stream.getvalue(), Limits(ocr_page_seconds=200))
    wanted, found = "".join(SHORT), source.text.replace("\n", "").replace("(", "（")
    assert len(wanted) == len(found) and sum(a != b for a, b in zip(wanted, found, strict=True)) <= 0.02 * len(wanted)
    assert source.metadata["ocr"]["confidence"] > 0.9 and source.metadata["ocr"]["engine"].startswith("rapidocr ")


@needs_engine
def test_the_real_engine_fetches_nothing(tmp_path: Path) -> None:
    """Without a network, and with a home folder that is empty, it loads: its weights are in the package."""
    script = (
        "import socket\n"
        "def refuse(*a, **k): raise AssertionError('network')\n"
        "socket.socket.connect = refuse; socket.getaddrinfo = refuse\n"
        "from ingest.readers import ocr_worker\n"
        "print(ocr_worker._load_engine() is not None)"
    )
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, timeout=200)
    assert done.stdout.strip().endswith("True"), done.stderr
    assert not list(tmp_path.rglob("*.onnx"))


@needs_engine
def test_the_names_of_the_engine_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    assert ocr.is_installed() and ocr.engine_name().startswith("rapidocr 3.")
    assert callable(ocr_worker._load_engine)
