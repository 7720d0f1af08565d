"""Errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from . import _loose, _native

__all__ = [
    "ImzaError",
    "SignerCancelled",
    "SignerPinBlocked",
    "SignerTimeout",
    "SignerWrongPin",
    "translated",
]


class ImzaError(Exception):
    """The work could not be done. A bad signature is no error but a report."""

    code: str
    """The stable code, such as `input.unknown-kind`."""

    reason: str
    """A sentence for a person, in English."""

    details: dict[str, str]
    """The compared values and places, by name."""

    def __init__(self, code: str, reason: str, details: dict[str, str] | None = None) -> None:
        super().__init__(code, reason, details or {})
        self.code = code
        self.reason = reason
        self.details = details or {}

    def __str__(self) -> str:
        return f"{self.code}: {self.reason}"


class SignerCancelled(Exception):
    """Raised by a signer: the person cancelled. Arrives as `signer.user-cancelled`."""


class SignerPinBlocked(Exception):
    """Raised by a signer: the PIN is blocked. Arrives as `signer.pin-blocked`."""


class SignerTimeout(Exception):
    """Raised by a signer: no answer in time. Arrives as `signer.timeout`."""


class SignerWrongPin(Exception):
    """Raised by a signer: the PIN was wrong. Arrives as `signer.wrong-pin`."""

    def __init__(self, attempts_left: int | None = None) -> None:
        super().__init__(attempts_left)
        self.attempts_left = attempts_left


@contextmanager
def translated() -> Iterator[None]:
    """Errors of the generated module become those of this package."""
    try:
        yield
    except _loose.Failed as error:
        failure = ImzaError(error.code, error.reason, dict(error.details))
    except _native.InternalError as error:
        # A panic in the library: the process goes on, the work does not.
        failure = ImzaError("internal", "the library failed", {"what": str(error)})
    else:
        return
    raise failure from None
