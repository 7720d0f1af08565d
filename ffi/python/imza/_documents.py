"""Documents: octets, files by path, and anything that can seek and read."""

from __future__ import annotations

import os
from typing import BinaryIO, Protocol, Union, runtime_checkable

from . import _loose, _native

Octets = Union[bytes, bytearray, memoryview]
Readable = Union[Octets, str, "os.PathLike[str]", BinaryIO]

CHUNK = 1 << 20
"""Octets that are read from a file object at a time."""


@runtime_checkable
class Seekable(Protocol):
    """What is asked of a file object."""

    def read(self, size: int = -1, /) -> bytes: ...

    def seek(self, offset: int, whence: int = 0, /) -> int: ...


def octets_of(file: Readable) -> bytes:
    """All of a small file: a certificate, a list."""
    if isinstance(file, (bytes, bytearray, memoryview)):
        return bytes(file)
    if isinstance(file, (str, os.PathLike)):
        with open(file, "rb") as opened:
            return opened.read()
    return bytes(file.read())


class Source:
    """A document as the library takes it, and what answers when it asks."""

    def __init__(self, document: Readable, name: str | None) -> None:
        self._file: Seekable | None = None
        if isinstance(document, (bytes, bytearray, memoryview)):
            self.name = name or "document"
            self.document = _loose.octets(self.name, bytes(document))
        elif isinstance(document, (str, os.PathLike)):
            path = os.fspath(document)
            self.name = name if name is not None else os.path.basename(path)
            self.document = _loose.path(self.name, path)
        elif isinstance(document, Seekable):
            self.name = name if name is not None else _name_of(document)
            try:
                length = document.seek(0, os.SEEK_END)
            except OSError:
                # A pipe: what cannot be read twice is held.
                self.document = _loose.octets(self.name, bytes(document.read()))
            else:
                self._file = document
                self.document = _loose.asked(self.name, length)
        else:
            kind = type(document).__name__
            raise TypeError(f"a document is octets, a path or a binary file object, not {kind}")

    def answer(self, job: _native.Validation, ask: _native.Ask) -> None:
        """Answers what is asked of this document."""
        file = self._file
        if file is None:
            job.unreadable(ask.id)
            return
        file.seek(ask.offset)
        if ask.manner == _native.Manner.WHOLE:
            job.supply(ask.id, _read(file, ask.length))
            return
        left = ask.length
        while left > 0:
            chunk = file.read(min(left, CHUNK))
            if not chunk:
                job.unreadable(ask.id)
                return
            left -= len(chunk)
            job.feed(ask.id, bytes(chunk))
        job.end(ask.id)


def _name_of(file: object) -> str:
    name = getattr(file, "name", None)
    return os.path.basename(name) if isinstance(name, str) else "document"


def _read(file: Seekable, length: int) -> bytes:
    """All octets, fewer only where the file ends: `read` of a raw file may give less."""
    octets = bytes(file.read(length))
    if not octets or len(octets) >= length:
        return octets
    parts = [octets]
    missing = length - len(octets)
    while missing > 0 and (more := file.read(missing)):
        parts.append(bytes(more))
        missing -= len(more)
    return b"".join(parts)
