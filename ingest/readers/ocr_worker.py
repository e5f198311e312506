"""The process that reads pictures: one at a time, from standard input to standard output, until its input ends.

It is a process of its own because the recognition takes most of a gigabyte, may stumble over a hostile picture inside C++ code, and can't be interrupted.
Frames are four bytes of length and msgpack: ``Job`` in, ``Page`` out. Run as ``python -m ingest.readers.ocr_worker``.
"""

from __future__ import annotations

import io
import os
import sys
import warnings
from typing import IO, Any

import msgspec

_FRAME_BYTES = 4
_MOST_FRAME = 400_000_000
_MOST_PIXELS = 120_000_000  # A3 at 600 dpi has 70 million
_LONGEST_SIDE = 3_000  # pixels; an A4 page at 250 dpi
_SHORTEST_SIDE = 300  # a smaller picture is an icon or a stamp, no page
_THREADS = 2


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """A page drawn as grey values, row by row (``width`` and ``height`` are set), or a picture file of which ``frame`` is to be read."""

    data: bytes
    width: int = 0
    height: int = 0
    frame: int = 0


class Box(msgspec.Struct, frozen=True):
    """A piece of text on a page, in pixels from its left upper corner, and how sure it is, 0..1."""

    left: float
    top: float
    right: float
    bottom: float
    words: str
    confidence: float


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """What was read of one page. ``frames`` counts the pages of a picture file; ``problem``: why nothing was read."""

    boxes: tuple[Box, ...] = ()
    frames: int = 1
    problem: str | None = None


def write_frame(stream: IO[bytes], message: Job | Page) -> None:
    raw = msgspec.msgpack.encode(message)
    stream.write(len(raw).to_bytes(_FRAME_BYTES, "big") + raw)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next message, or None where the stream ends."""
    head = stream.read(_FRAME_BYTES)
    size = int.from_bytes(head, "big")
    if len(head) < _FRAME_BYTES or size > _MOST_FRAME:
        return None
    raw = stream.read(size)
    return raw if len(raw) == size else None


def _load_engine() -> Any:
    import rapidocr
    from rapidocr.utils import download_file

    def stay_offline(*_: object) -> None:
        raise FileNotFoundError("The weights are missing from the package rapidocr.")

    download_file.DownloadFile._make_http_request = stay_offline  # they are in its wheel; were they not, it would fetch them
    return rapidocr.RapidOCR(params={"Global.log_level": "critical", "EngineConfig.onnxruntime.intra_op_num_threads": _THREADS})


def _open_picture(job: Job) -> tuple[Any, int]:
    """(picture in RGB, number of frames in its file)."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS // 2  # Pillow refuses at twice the figure
    if job.width:
        picture, frames = Image.frombytes("L", (job.width, job.height), job.data), 1
    else:
        opened = Image.open(io.BytesIO(job.data), formats=("PNG", "JPEG", "TIFF", "BMP", "WEBP"))
        frames = int(getattr(opened, "n_frames", 1))
        if job.frame:
            opened.seek(job.frame)
        if opened.width * opened.height > _MOST_PIXELS:
            raise ValueError("it has too many pixels")
        picture = ImageOps.exif_transpose(opened)
        if picture.mode in {"RGBA", "LA", "P", "PA"}:  # what is transparent is paper
            picture = picture.convert("RGBA")
            paper = Image.new("RGBA", picture.size, "white")
            paper.alpha_composite(picture)
            picture = paper
    picture = picture.convert("RGB")
    picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    return picture, frames


def recognise(engine: Any, job: Job) -> Page:
    """What is written on one page. Whatever goes wrong with a picture is the picture's problem, not the process's."""
    try:
        picture, frames = _open_picture(job)
        if max(picture.size) < _SHORTEST_SIDE or min(picture.size) < _SHORTEST_SIDE // 4:
            return Page(frames=frames, problem=f"It is too small to be a page ({picture.width} x {picture.height} pixels).")
        import numpy

        found = engine(numpy.asarray(picture)[:, :, ::-1])  # the engine takes blue first
    except Exception as error:
        return Page(problem=f"The picture is broken ({type(error).__name__}).")
    if found.boxes is None or found.txts is None:
        return Page(frames=frames)
    boxes = []
    for corners, words, score in zip(found.boxes, found.txts, found.scores, strict=True):
        left, top, right, bottom = (round(float(place), 1) for place in (*corners.min(axis=0), *corners.max(axis=0)))
        boxes.append(Box(left, top, right, bottom, str(words), round(float(score), 2)))
    return Page(boxes=tuple(boxes), frames=frames)


def main() -> None:
    warnings.simplefilter("ignore")
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not get between the frames
    engine: Any = None
    while (raw := read_frame(sys.stdin.buffer)) is not None:
        engine = engine or _load_engine()
        write_frame(answers, recognise(engine, msgspec.msgpack.decode(raw, type=Job)))


if __name__ == "__main__":
    main()
