"""Generated classes with variants, which uniffi types too loosely for a checker."""

from __future__ import annotations

from typing import Any

from . import _native

_errors: Any = _native.ImzaError
Failed: Any = _errors.Failed

_failures: Any = _native.SigningFailure


def cancelled() -> Exception:
    failure: Exception = _failures.Cancelled()
    return failure


def wrong_pin(attempts_left: int | None) -> Exception:
    failure: Exception = _failures.WrongPin(attempts_left)
    return failure


def pin_blocked() -> Exception:
    failure: Exception = _failures.PinBlocked()
    return failure


def timeout() -> Exception:
    failure: Exception = _failures.Timeout()
    return failure


def failed(why: str) -> Exception:
    failure: Exception = _failures.Failed(why)
    return failure


_documents: Any = _native.Document


def octets(name: str, octets: bytes) -> _native.Document:
    document: _native.Document = _documents.OCTETS(name=name, octets=octets)
    return document


def path(name: str, path: str) -> _native.Document:
    document: _native.Document = _documents.PATH(name=name, path=path)
    return document


def asked(name: str, length: int) -> _native.Document:
    document: _native.Document = _documents.ASKED(name=name, length=length)
    return document
