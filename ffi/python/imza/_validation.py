"""Validation."""

from __future__ import annotations

import datetime
import enum
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Literal, Union

from . import _native
from ._documents import Readable, Source, octets_of
from ._errors import translated
from ._report import ReportMembers

Time = Union[str, datetime.datetime]
Purpose = Literal["signing", "timestamping", "ocsp"]


class Network(enum.Enum):
    """Whether other hosts may be asked for certificates and revocation data."""

    OFFLINE = _native.NetworkAccess.OFFLINE
    """No socket is opened: the default."""

    PUBLIC = _native.NetworkAccess.PUBLIC
    """Public addresses only."""

    DANGER_LOOPBACK = _native.NetworkAccess.DANGER_LOOPBACK
    """Addresses in documents may lead to this machine: for tests with an authority of their own."""


@dataclass(frozen=True, kw_only=True)
class Report(ReportMembers):
    """The report on one document: its members, and the text that they were read from."""

    json: str = field(repr=False)
    """One line of JSON, octet for octet what the command `imza verify` writes."""

    exit_status: int
    """The exit status of the command: 0 passed, 10 indeterminate, unsigned or a file of the
    container is not covered, 20 failed."""

    @property
    def passed(self) -> bool:
        """The indication is TOTAL-PASSED, and every file of a container is covered by a signature
        that passed."""
        return self.exit_status == 0


class Validator:
    """Settings that are read once, for any number of documents, from any number of threads."""

    def __init__(
        self,
        *,
        trust: Sequence[Readable] = (),
        trust_for: Mapping[Purpose, Sequence[Readable]] | None = None,
        evidence: Sequence[Readable] = (),
        keys: Sequence[Readable] = (),
        policy: str | None = None,
        revocation: Literal["require", "soft", "none"] | None = None,
        validation_time: Time | None = None,
        proven_at: Time | None = None,
        network: bool | Network = False,
    ) -> None:
        """Reads the settings.

        Args:
            trust: the whole trust set, as files (octets, paths, file objects) of certificates in
                PEM, DER or PKCS #7. Nothing is built in, nothing is read from the machine.
            trust_for: anchors for one purpose only.
            evidence: certificates, CRLs and OCSP responses, without trust.
            keys: certificates or public keys for signatures that carry none; they tell integrity
                and never give trust.
            policy: `default`, `rfc5280`, `historic`, or a policy as JSON text.
            revocation: what missing or stale revocation data is worth, where it departs from the
                policy.
            validation_time: the current time of the judgement; the clock, at each document,
                without.
            proven_at: your own word that the signatures existed at this time.
            network: whether other hosts may be asked; not unless it says so.

        Raises:
            ImzaError: a file, a policy or a time cannot be read.
            OSError: a path of these files cannot be opened.
        """
        files = [_native.TrustFile(octets=octets_of(file), purpose=None) for file in trust]
        for purpose, narrowed in (trust_for or {}).items():
            word = _PURPOSES.get(purpose)
            if word is None:
                raise ValueError(f"no purpose of trust: {purpose!r}")
            files += [_native.TrustFile(octets=octets_of(file), purpose=word) for file in narrowed]
        if revocation is not None and revocation not in _REVOCATION:
            raise ValueError(f"no level of revocation: {revocation!r}")
        options = _native.Options(
            trust=files,
            evidence=[octets_of(file) for file in evidence],
            keys=[octets_of(file) for file in keys],
            policy=policy,
            revocation=None if revocation is None else _REVOCATION[revocation],
            validation_time=time_text(validation_time),
            proven_at=time_text(proven_at),
            network=network_of(network).value,
        )
        with translated():
            self._settings = _native.Settings(options)

    def validate(
        self,
        document: Readable,
        *,
        name: str | None = None,
        detached: Mapping[str, Readable] | None = None,
        password: str | None = None,
    ) -> Report:
        """Judges a document.

        Octets are held in memory. A path is opened by the library, a binary file object is asked
        to `seek` and `read`: both are read by pages, and their payload is streamed.

        Args:
            document: octets, a path or a binary file object.
            name: what the report calls the document.
            detached: the documents that its signatures cover, by the name that they refer to.
            password: what opens an encrypted PDF, where the empty password does not; that of the
                user or of the owner.

        Raises:
            ImzaError: the document could not be processed.
        """
        return self._run(document, name, detached, password)[0]

    def validate_and_keep(
        self,
        document: Readable,
        *,
        name: str | None = None,
        detached: Mapping[str, Readable] | None = None,
        password: str | None = None,
    ) -> tuple[Report, str]:
        """The same, with the evidence that the report rests on, to be judged again by `judge`.

        Evidence can hold content of the document.
        """
        report, job = self._run(document, name, detached, password)
        with translated():
            return report, job.evidence()

    def judge(self, evidence: str) -> Report:
        """Judges saved evidence again, without the document and without asking anybody.

        Raises:
            ImzaError: the text is no saved evidence.
        """
        with translated():
            judged = _native.judge(self._settings, evidence)
        return _report_of(judged)

    def _run(
        self,
        document: Readable,
        name: str | None,
        detached: Mapping[str, Readable] | None,
        password: str | None,
    ) -> tuple[Report, _native.Validation]:
        sources = [Source(document, name)]
        sources += [Source(other, name) for name, other in (detached or {}).items()]
        with translated():
            documents = [source.document for source in sources]
            job = _native.Validation(self._settings, documents, password)
            while (ask := job.step()) is not None:
                sources[ask.document].answer(job, ask)
            return _report_of(job.report()), job


def validate(
    document: Readable,
    *,
    name: str | None = None,
    detached: Mapping[str, Readable] | None = None,
    password: str | None = None,
    trust: Sequence[Readable] = (),
    trust_for: Mapping[Purpose, Sequence[Readable]] | None = None,
    evidence: Sequence[Readable] = (),
    keys: Sequence[Readable] = (),
    policy: str | None = None,
    revocation: Literal["require", "soft", "none"] | None = None,
    validation_time: Time | None = None,
    proven_at: Time | None = None,
    network: bool | Network = False,
) -> Report:
    """Judges one document: `Validator(…).validate(document, …)`.

    Raises:
        ImzaError: the document could not be processed, or a setting cannot be read.
    """
    validator = Validator(
        trust=trust,
        trust_for=trust_for,
        evidence=evidence,
        keys=keys,
        policy=policy,
        revocation=revocation,
        validation_time=validation_time,
        proven_at=proven_at,
        network=network,
    )
    return validator.validate(document, name=name, detached=detached, password=password)


def judge(evidence: str, validator: Validator) -> Report:
    """Judges saved evidence again: `validator.judge(evidence)`."""
    return validator.judge(evidence)


_PURPOSES: dict[str, _native.TrustPurpose] = {
    "signing": _native.TrustPurpose.SIGNING,
    "timestamping": _native.TrustPurpose.TIMESTAMPING,
    "ocsp": _native.TrustPurpose.OCSP,
}
_REVOCATION: dict[str, _native.Revocation] = {
    "require": _native.Revocation.REQUIRE,
    "soft": _native.Revocation.SOFT,
    "none": _native.Revocation.NONE,
}


def network_of(network: bool | Network) -> Network:
    """What a plain yes or no means."""
    if isinstance(network, Network):
        return network
    return Network.PUBLIC if network else Network.OFFLINE


def time_text(time: Time | None) -> str | None:
    """RFC 3339, in which a time has a zone."""
    if isinstance(time, datetime.datetime):
        if time.tzinfo is None:
            raise ValueError("a time needs a time zone, such as datetime.timezone.utc")
        return time.isoformat()
    return time


def _report_of(judged: _native.Judged) -> Report:
    members = ReportMembers._of(json.loads(judged.json))
    values = {one.name: getattr(members, one.name) for one in fields(ReportMembers)}
    return Report(**values, json=judged.json, exit_status=judged.exit_status)
