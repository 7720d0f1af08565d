"""Signing."""

from __future__ import annotations

import enum
import mimetypes
import os
from collections.abc import Mapping, Sequence
from typing import Literal, Protocol, Union

from . import _loose, _native
from ._documents import Readable, Source, octets_of
from ._errors import (
    ImzaError,
    SignerCancelled,
    SignerPinBlocked,
    SignerTimeout,
    SignerWrongPin,
    translated,
)
from ._validation import Network, Time, Validator, time_text

Level = Literal["B", "T", "LT"]
Documents = Union[Readable, Sequence[Readable], Mapping[str, Readable]]


class SigningAlgorithm(enum.Enum):
    """How a signature value is made."""

    RSA_PKCS1_SHA256 = "rsa-pkcs1-sha256"
    RSA_PKCS1_SHA384 = "rsa-pkcs1-sha384"
    RSA_PKCS1_SHA512 = "rsa-pkcs1-sha512"
    RSA_PSS_SHA256 = "rsa-pss-sha256"
    """MGF1 with the same digest, a salt as long as the digest; the others alike."""
    RSA_PSS_SHA384 = "rsa-pss-sha384"
    RSA_PSS_SHA512 = "rsa-pss-sha512"
    ECDSA_SHA256 = "ecdsa-sha256"
    ECDSA_SHA384 = "ecdsa-sha384"
    ECDSA_SHA512 = "ecdsa-sha512"
    ED25519 = "ed25519"
    """Takes the data itself, not a digest."""

    @property
    def _native(self) -> _native.SigningAlgorithm:
        found: _native.SigningAlgorithm = getattr(_native.SigningAlgorithm, self.name)
        return found


class ExternalSigner(Protocol):
    """Whoever holds the key: any object with these two members.

    To say why there is no value, `sign` raises `SignerCancelled`, `SignerWrongPin`,
    `SignerPinBlocked` or `SignerTimeout`; any other exception arrives as `signer.device`, with
    itself as the cause.
    """

    @property
    def certificates(self) -> Sequence[Readable]:
        """Files of certificates in PEM, DER or PKCS #7; the signing certificate comes first."""

    def sign(self, data: bytes, algorithm: SigningAlgorithm) -> bytes:
        """The signature value over the data, which is digested as the algorithm says. ECDSA values
        may be DER or the two numbers one after the other."""


class SignedDocument:
    """A signed container that was not written yet."""

    def __init__(self, native: _native.SignedDocument) -> None:
        self._native = native

    def octets(self) -> bytes:
        """All of it.

        Raises:
            ImzaError: a document cannot be read any more, or changed since it was signed.
        """
        with translated():
            return bytes(self._native.octets())

    def save(self, path: str | os.PathLike[str], *, replace: bool = False) -> None:
        """Writes it to a file, which is there whole or not at all.

        Raises:
            ImzaError: as for `octets`; the file exists and is not to be replaced, or cannot be
                written.
        """
        with translated():
            self._native.save(os.fspath(path), replace)


def sign(
    documents: Documents,
    signer: ExternalSigner,
    *,
    level: Level = "B",
    tsa: str | None = None,
    algorithm: SigningAlgorithm | None = None,
    signing_time: Time | None = None,
    roles: Sequence[str] = (),
    validator: Validator | None = None,
) -> SignedDocument:
    """Signs documents into a new ASiC-E container with XAdES.

    Args:
        documents: a path, or several, or names with octets, paths or binary file objects.
        signer: whoever holds the key.
        level: `B`, `T` (with a time-stamp) or `LT` (with what validates it for years).
        tsa: the address of the time-stamping authority, for levels T and LT.
        algorithm: what suits the certificate's key, without.
        signing_time: the claimed one; the time of the judgement without.
        roles: claimed roles.
        validator: trust, policy and network for levels T and LT: there the material must validate.

    Raises:
        ImzaError: what creation says; `signer.…` when there is no value or it does not verify.
    """
    adapter = _Adapter(signer)
    certificates = [octets_of(file) for file in signer.certificates]
    try:
        with translated():
            made = _native.sign(
                _settings(validator, level),
                _documents(documents),
                _options(level, tsa, algorithm, signing_time, roles),
                certificates,
                adapter,
            )
    except ImzaError as error:
        raised = adapter.raised
        if raised is not None and not isinstance(raised, Exception):
            raise raised from None
        raise error from raised
    return SignedDocument(made)


def sign_with_pem_key(
    documents: Documents,
    key: str,
    certificates: str,
    *,
    password: str | None = None,
    level: Level = "B",
    tsa: str | None = None,
    algorithm: SigningAlgorithm | None = None,
    signing_time: Time | None = None,
    roles: Sequence[str] = (),
    validator: Validator | None = None,
) -> SignedDocument:
    """Signs with a key in memory.

    Args:
        documents: as for `sign`.
        key: PEM text of a private key in PKCS #8.
        certificates: PEM texts of certificates, in any order.
        password: of an encrypted key.

    Raises:
        ImzaError: as `sign`; a key that cannot be read or is not the certificate's.
    """
    with translated():
        made = _native.sign_with_pem_key(
            _settings(validator, level),
            _documents(documents),
            _options(level, tsa, algorithm, signing_time, roles),
            certificates,
            key,
            password,
        )
    return SignedDocument(made)


class _Adapter(_native.ExternalSigner):
    """The signer as the library calls it; keeps what it raised."""

    def __init__(self, signer: ExternalSigner) -> None:
        self._signer = signer
        self.raised: BaseException | None = None

    def sign(self, data: bytes, algorithm: _native.SigningAlgorithm) -> bytes:
        try:
            value = self._signer.sign(bytes(data), SigningAlgorithm[algorithm.name])
            if not isinstance(value, (bytes, bytearray, memoryview)):
                raise TypeError(f"a signature value is octets, not {type(value).__name__}")
            return bytes(value)
        # All of them: an exception must not pass through the library's frames.
        except BaseException as error:
            self.raised = error
            raise _failure(error) from None


def _failure(error: BaseException) -> Exception:
    if isinstance(error, SignerCancelled):
        return _loose.cancelled()
    if isinstance(error, SignerWrongPin):
        return _loose.wrong_pin(error.attempts_left)
    if isinstance(error, SignerPinBlocked):
        return _loose.pin_blocked()
    if isinstance(error, SignerTimeout):
        return _loose.timeout()
    # The kind only: its text may hold a PIN or a name, and is told by the cause.
    return _loose.failed(type(error).__name__)


_LEVELS: dict[str, _native.SigningLevel] = {
    "B": _native.SigningLevel.B,
    "T": _native.SigningLevel.T,
    "LT": _native.SigningLevel.LT,
}

# The built-in table only: the machine's own would make a container depend on the machine.
_MEDIA_TYPES = mimetypes.MimeTypes(filenames=())


def _settings(validator: Validator | None, level: Level) -> _native.Settings:
    if validator is None:
        network = Network.OFFLINE if level == "B" else Network.PUBLIC
        validator = Validator(network=network)
    return validator._settings


def _options(
    level: Level,
    tsa: str | None,
    algorithm: SigningAlgorithm | None,
    signing_time: Time | None,
    roles: Sequence[str],
) -> _native.SigningOptions:
    if level not in _LEVELS:
        raise ValueError(f"no level of signatures: {level!r}")
    return _native.SigningOptions(
        level=_LEVELS[level],
        timestamp_authority=tsa,
        algorithm=None if algorithm is None else algorithm._native,
        claimed_signing_time=time_text(signing_time),
        roles=list(roles),
    )


def _documents(documents: Documents) -> list[_native.DocumentToSign]:
    named: list[tuple[str | None, Readable]]
    if isinstance(documents, Mapping):
        named = list(documents.items())
    elif isinstance(documents, (list, tuple)):
        named = [(None, document) for document in documents]
    else:
        named = [(None, documents)]  # type: ignore[list-item]
    return [_document(name, document) for name, document in named]


def _document(name: str | None, document: Readable) -> _native.DocumentToSign:
    # What is signed is read again when it is written: a file object is held.
    if not isinstance(document, (str, os.PathLike)):
        name = name or os.path.basename(getattr(document, "name", None) or "document")
        document = octets_of(document)
    source = Source(document, name)
    media_type, encoding = _MEDIA_TYPES.guess_type(source.name)
    if media_type is None or encoding is not None:
        media_type = "application/octet-stream"
    return _native.DocumentToSign(document=source.document, media_type=media_type)
