"""The original files, named by the hash of their bytes, on any file system that fsspec knows."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from uuid import uuid4

from fazhi.errors import NotFound

_WRITERS = 8


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class Originals:
    """Files below ``url``: ``a/ab12…`` holds the bytes whose sha256 is ab12…. What is there is whole, for a name appears only after its bytes are safe."""

    def __init__(self, url: str) -> None:
        from fsspec.core import url_to_fs

        self._files: Any
        self._files, self._root = url_to_fs(url)
        self._local = "file" in (self._files.protocol if isinstance(self._files.protocol, tuple) else (self._files.protocol,))

    def _path(self, version: str) -> str:
        return f"{self._root}/{version[:1]}/{version}"

    def put(self, contents: Mapping[str, bytes]) -> None:
        """Store ``{sha256: bytes}``; on a local disk all of it has reached the disk when this returns."""
        if not self._local:
            for version, raw in contents.items():
                if not self._files.exists(self._path(version)):
                    self._files.pipe_file(self._path(version), raw)
            return
        with ThreadPoolExecutor(_WRITERS) as pool:  # a disk takes many syncs at once in the time of one
            folders = set(pool.map(self._write, contents.keys(), contents.values()))
            list(pool.map(_sync_folder, folders))

    def _write(self, version: str, raw: bytes) -> Path:
        path = Path(self._path(version))
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{version}.{uuid4().hex}")
            with temporary.open("wb") as file:
                file.write(raw)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        return path.parent

    def get(self, version: str) -> bytes:
        """The bytes. Raises NotFound where the file is gone or is no longer what it was."""
        try:
            raw: bytes = self._files.cat_file(self._path(version))
        except FileNotFoundError:
            raise NotFound("The original file is missing from the archive.", cure="Ingest the file again from where it came.") from None
        if hashlib.sha256(raw).hexdigest() != version:
            raise NotFound(
                "The original file in the archive is damaged.", cure="Restore the folder of originals from a backup, or delete the file and ingest it again."
            )
        return raw

    def exists(self, version: str) -> bool:
        return bool(self._files.exists(self._path(version)))

    def iter_versions(self) -> Iterator[str]:
        """Names of all files that are there, leftovers of interrupted writes among them (those begin with a dot)."""
        if self._files.exists(self._root):
            for path in self._files.find(self._root):
                yield path.rsplit("/", 1)[-1]

    def remove(self, versions: Iterable[str]) -> None:
        for version in versions:
            path = f"{self._root}/{version[1:2]}/{version}" if version.startswith(".") else self._path(version)
            if self._files.exists(path):
                self._files.rm_file(path)
