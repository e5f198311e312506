"""Old Word files (.doc) by way of a converter that is installed: antiword, catdoc or LibreOffice, the first that is found and gives a text.

The converter runs without a shell, in a folder of its own that is removed afterwards, with a limit of time, and with nothing of the user's settings:
LibreOffice gets a profile made for the occasion, in which macros do not run.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import msgspec

from ingest.readers import encoding, kept, kinds
from ingest.readers.limits import CannotRead, Limits
from ingest.readers.reading import Reading

CONVERTERS = ("soffice", "libreoffice", "antiword", "catdoc")
_CURE = "Save it as .docx or .txt and ingest that, or install LibreOffice, antiword or catdoc, which convert it."
_WORD_STREAM = "WordDocument".encode("utf-16-le")
_SECURITY = "/org.openoffice.Office.Common/Security/Scripting"
_OFFICE_SETTINGS = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<oor:items xmlns:oor="http://openoffice.org/2001/registry">\n'
    + "".join(
        f'<item oor:path="{_SECURITY}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>\n'
        for name, value in (
            ("MacroSecurityLevel", "3"),
            ("DisableMacrosExecution", "true"),
            ("DisableActiveContent", "true"),
            ("BlockUntrustedRefererLinks", "true"),
        )
    )
    + "</oor:items>\n"
)
_NOWHERE = "http://127.0.0.1:9"  # a picture that a document links to is not fetched
_MOST_TEXT = 20_000_000  # bytes that a converter may write


def read_old_word(raw: bytes, limits: Limits) -> Reading:
    """Raises CannotRead for OLE files that are no Word document, and where no converter is there or none gives a text."""
    refusal = kinds.refuse_ole(raw)
    if refusal.kind != "unsupported" or _WORD_STREAM not in raw:
        raise refusal
    found = [(name, path) for name in CONVERTERS if (path := shutil.which(name)) is not None]
    if not found:
        raise CannotRead("unsupported", refusal.detail, _CURE)
    problems = []
    for name, program in found:
        try:
            return _read_by(name, program, raw, limits)
        except CannotRead as error:
            problems.append(f"{name}: {error.detail}")
    raise CannotRead("damaged", f"{refusal.detail[:-1]}, and no converter could read it ({' '.join(problems)})", "Save it as .docx or .txt and ingest that.")


def _read_by(name: str, program: str, raw: bytes, limits: Limits) -> Reading:
    from ingest.readers.docx import read_docx

    def convert() -> tuple[bytes, bool]:
        with tempfile.TemporaryDirectory(prefix="fazhi-doc-", ignore_cleanup_errors=True) as folder:
            (Path(folder) / "report.doc").write_bytes(raw)
            return _CONVERT[name](program, Path(folder), limits), True

    made = kept.recall(raw, name, limits, convert)
    reading = read_docx(made, limits) if made.startswith(b"PK") else _plain(made)
    return msgspec.structs.replace(reading, format="doc", metadata={**reading.metadata, "converter": name})


def _by_office(program: str, folder: Path, limits: Limits) -> bytes:
    """LibreOffice makes a docx of it, which keeps its tables."""
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True)
    (profile / "user" / "registrymodifications.xcu").write_text(_OFFICE_SETTINGS, encoding="utf-8")
    options = ("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard", f"-env:UserInstallation={profile.as_uri()}")
    _run([program, *options, "--convert-to", "docx:MS Word 2007 XML", "--outdir", str(folder), str(folder / "report.doc")], folder, limits)
    made = folder / "report.docx"
    if not made.is_file() or made.stat().st_size > limits.max_file_bytes:
        raise CannotRead("damaged", "it wrote no document.", "")
    return made.read_bytes()


def _by_antiword(program: str, folder: Path, limits: Limits) -> bytes:
    return _run([program, "-w", "0", "-m", "UTF-8.txt", str(folder / "report.doc")], folder, limits)


def _by_catdoc(program: str, folder: Path, limits: Limits) -> bytes:
    return _run([program, "-w", "-d", "utf-8", str(folder / "report.doc")], folder, limits)


_CONVERT: dict[str, Callable[[str, Path, Limits], bytes]] = {
    "soffice": _by_office, "libreoffice": _by_office, "antiword": _by_antiword, "catdoc": _by_catdoc,
}  # fmt: skip


def _plain(raw: bytes) -> Reading:
    text, _ = encoding.decode(raw)
    lines = (line.strip(" \t\f\u3000\xa0") for line in text.replace("\r\n", "\n").split("\n"))
    return Reading(text="\n".join(line for line in lines if line), format="doc")


def _run(command: list[str], folder: Path, limits: Limits) -> bytes:
    """What a program writes. Raises CannotRead where it fails, takes too long or writes too much. All that it started ends with it."""
    output = folder / "output"
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "LANG", "LC_ALL", "SYSTEMROOT", "TEMP", "TMP"}}
    with output.open("wb") as stream:
        process = subprocess.Popen(  # noqa: S603 - a converter found on PATH, its arguments made here, no shell
            command,
            cwd=folder,
            env={**environment, "HOME": str(folder), "http_proxy": _NOWHERE, "https_proxy": _NOWHERE},
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.DEVNULL,
            start_new_session=sys.platform != "win32",
        )
        try:
            code = process.wait(limits.converter_seconds)
        except subprocess.TimeoutExpired:
            raise CannotRead("damaged", f"it took more than {limits.converter_seconds:g} s.", "") from None
        finally:
            _end(process)
    if code != 0:
        raise CannotRead("damaged", f"it ended with code {code}.", "")
    if output.stat().st_size > _MOST_TEXT:
        raise CannotRead("too_large", "it wrote too much.", "")
    return output.read_bytes()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program with all that it started: LibreOffice starts another one and waits for it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()
