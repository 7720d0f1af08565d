"""The report `imza-report/1` as classes.

Written by `cargo xtask bindings types` from `docs/imza-report-1.schema.json`. Members that are not known
here are ignored; words that are not known here come as they are: a newer library may say more.
Times are texts in RFC 3339, digests texts in lower-case hexadecimal digits.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Literal, Union

Basis = Literal[
    "document",
    "evidence",
]
"""What the report was made from."""

BlockIndication = Literal[
    "PASSED",
    "FAILED",
    "INDETERMINATE",
]
"""EN 319 102-1 §5.1.3."""

ChangeAction = Literal[
    "added",
    "changed",
    "removed",
]

ChangeClass = Literal[
    "long-term-data",
    "form-filling",
    "annotation",
    "private-data",
    "other",
]
"""How far a change goes."""

CheckId = Literal[
    "format.structure",
    "format.duplicate",
    "format.value-length",
    "format.byte-range",
    "format.tolerated",
    "format.signer-information-store",
    "format.container.structure",
    "format.container.names",
    "format.container.mimetype",
    "format.document.all-signed",
    "format.container.checksum",
    "format.container.manifest-present",
    "format.container.manifest",
    "format.container.all-files-signed",
    "modification.revisions",
    "modification.content",
    "modification.permitted",
    "modification.locked-fields",
    "modification.annotations",
    "modification.private-data",
    "modification.overlap",
    "certification.consistent",
    "signing-certificate.identified",
    "signing-certificate.reference",
    "signing-certificate.reference-fits",
    "signing-certificate.issuer-serial",
    "signing-certificate.references-in-path",
    "signature-policy.available",
    "signature-policy.digest",
    "cryptographic.reference-found",
    "cryptographic.entry-found",
    "cryptographic.reference-intact",
    "cryptographic.reference-renewed",
    "cryptographic.signature-intact",
    "path.found",
    "path.sunset-date",
    "path.valid",
    "path.constraints",
    "path.key-usage",
    "certificate.validity",
    "certificate.authority-validity",
    "revocation.available",
    "revocation.fresh",
    "revocation.not-revoked",
    "revocation.not-on-hold",
    "revocation.authority-not-revoked",
    "revocation.issuer-validity",
    "algorithm.signature",
    "algorithm.path",
    "algorithm.revocation",
    "attribute.signed-properties",
    "attribute.signing-time",
    "attribute.signing-time-in-validity",
    "attribute.seed-values",
    "attribute.algorithm-protection",
    "constraint.format",
    "constraint.level",
    "constraint.element",
    "constraint.commitment-type",
    "constraint.role",
    "constraint.signature-policy",
    "constraint.certificate-policy",
    "constraint.certificate-statement",
    "constraint.certificate-purpose",
    "timestamp.imprint",
    "timestamp.valid",
    "timestamp.token",
    "timestamp.in-validity",
    "timestamp.not-later",
    "timestamp.order",
    "time.not-before",
    "time.not-after",
    "time.before-revocation",
    "proof.past-path",
    "proof.control-time",
    "proof.existence",
    "evidence-record.data",
    "evidence-record.data-group",
    "evidence-record.renewal",
    "evidence-record.algorithm",
    "evidence-record.timestamps",
    "evidence-record.valid",
    "limits.reading",
    "limits.judging",
    "limits.evidence-bytes",
    "unsupported.algorithm",
    "unsupported.transform",
    "unsupported.feature",
    "unsupported.pdf-changes",
]
"""Stable ids."""

ContainerKind = Literal[
    "asic-s",
    "asic-e",
    "bdoc",
    "ddoc",
    "odf",
    "pdf",
]

Digest = str
"""SHA-256 in lower-case hexadecimal digits."""

Indication = Literal[
    "TOTAL-PASSED",
    "TOTAL-FAILED",
    "INDETERMINATE",
]
"""EN 319 102-1 §5.1.3."""

Integrity = Literal[
    "intact",
    "broken",
    "unknown",
]
"""The cryptographic fact alone: no policy, no trust, no time."""

Level = Literal[
    "always",
    "fail",
    "warn",
    "inform",
    "ignore",
]
"""How much a check matters in the policy."""

Outcome = Literal[
    "passed",
    "failed",
    "warning",
    "information",
    "skipped",
]
"""What came of a check."""

RoleKind = Literal[
    "claimed",
    "certified",
    "assertion",
]
"""How a role is stated: in the signer's own words, by an attribute certificate, by an assertion."""

ScopeKind = Literal[
    "full",
    "partial",
    "digest",
    "counter-signature",
]
"""How much of an object is covered."""

SignatureFormat = Literal[
    "XAdES",
    "CAdES",
    "PAdES",
    "JAdES",
    "XMLDSig",
    "CMS",
    "PKCS7",
    "JWS",
]

SignatureLevel = Literal[
    "B-B",
    "B-T",
    "B-LT",
    "B-LTA",
    "E-BES",
    "E-EPES",
    "E-T",
    "E-C",
    "E-X",
    "E-XL",
    "E-A",
    "NOT-ETSI",
]
"""By what is present; validity is the verdict's business."""

SubIndication = Literal[
    "FORMAT_FAILURE",
    "HASH_FAILURE",
    "SIG_CRYPTO_FAILURE",
    "REVOKED",
    "EXPIRED",
    "NOT_YET_VALID",
    "SIG_CONSTRAINTS_FAILURE",
    "CHAIN_CONSTRAINTS_FAILURE",
    "CERTIFICATE_CHAIN_GENERAL_FAILURE",
    "CRYPTO_CONSTRAINTS_FAILURE",
    "POLICY_PROCESSING_ERROR",
    "SIGNATURE_POLICY_NOT_AVAILABLE",
    "TIMESTAMP_ORDER_FAILURE",
    "NO_SIGNING_CERTIFICATE_FOUND",
    "NO_CERTIFICATE_CHAIN_FOUND",
    "NO_CERTIFICATE_CHAIN_FOUND_NO_POE",
    "REVOKED_NO_POE",
    "REVOKED_CA_NO_POE",
    "OUT_OF_BOUNDS_NOT_REVOKED",
    "OUT_OF_BOUNDS_NO_POE",
    "REVOCATION_OUT_OF_BOUNDS_NO_POE",
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE",
    "NO_POE",
    "TRY_LATER",
    "SIGNED_DATA_NOT_FOUND",
    "CUSTOM",
]
"""EN 319 102-1 §5.1.3."""

Time = str
"""RFC 3339, in UTC."""

TimestampKind = Literal[
    "content",
    "signature",
    "validation-data",
    "archive",
    "document",
    "evidence-record",
]
"""By what it covers."""


@dataclass(frozen=True, kw_only=True)
class BestSignatureTime:
    """A time of existence and where it comes from."""

    object: str | None = None
    """The time-stamp, or the OCSP answer by its digest."""

    proof: Literal["validation", "time-mark", "provided", "current-time"]
    """A validated time-stamp, a time mark of BDOC, the caller's word, or nothing that proves an
    earlier time."""

    time: Time

    @staticmethod
    def _of(value: dict[str, Any]) -> BestSignatureTime:
        return BestSignatureTime(
            object=value.get("object"),
            proof=value["proof"],
            time=value["time"],
        )


@dataclass(frozen=True, kw_only=True)
class Certificate:
    """A certificate in words and by its digest."""

    digest: Digest
    """SHA-256 of the DER."""

    issuer: str

    not_after: Time

    not_before: Time

    person: Person | None

    serial_number: str
    """Hexadecimal."""

    subject: str

    @staticmethod
    def _of(value: dict[str, Any]) -> Certificate:
        return Certificate(
            digest=value["digest"],
            issuer=value["issuer"],
            not_after=value["not_after"],
            not_before=value["not_before"],
            person=None if value["person"] is None else Person._of(value["person"]),
            serial_number=value["serial_number"],
            subject=value["subject"],
        )


@dataclass(frozen=True, kw_only=True)
class Change:
    """A change of a PDF after signing."""

    action: ChangeAction

    field: str | None
    """The form field that it belongs to; untrusted text."""

    is_permitted: bool
    """By the signatures in force."""

    kind: ChangeClass

    object: str | None
    """The numbers of the object that holds it."""

    overlaps: bool
    """Whether it covers what was there, or uncovers it."""

    page: int | None
    """From 1."""

    path: str
    """From the trailer down; untrusted text."""

    revision: int
    """The one that did it, from 1 for the original file."""

    @staticmethod
    def _of(value: dict[str, Any]) -> Change:
        return Change(
            action=value["action"],
            field=value["field"],
            is_permitted=value["is_permitted"],
            kind=value["kind"],
            object=value["object"],
            overlaps=value["overlaps"],
            page=value["page"],
            path=value["path"],
            revision=value["revision"],
        )


@dataclass(frozen=True, kw_only=True)
class Check:
    """One check."""

    clause: str
    """Where it comes from."""

    depends_on_trust: bool
    """Whether another trust set could change the outcome."""

    expected: str | None

    found: str | None

    id: CheckId

    level: Level

    object: str | None
    """By digest or identifier."""

    outcome: Outcome

    @staticmethod
    def _of(value: dict[str, Any]) -> Check:
        return Check(
            clause=value["clause"],
            depends_on_trust=value["depends_on_trust"],
            expected=value["expected"],
            found=value["found"],
            id=value["id"],
            level=value["level"],
            object=value["object"],
            outcome=value["outcome"],
        )


@dataclass(frozen=True, kw_only=True)
class ClaimedMediaType:
    """Of which type something signed is."""

    media_type: str

    name: str
    """What is signed."""

    @staticmethod
    def _of(value: dict[str, Any]) -> ClaimedMediaType:
        return ClaimedMediaType(
            media_type=value["media_type"],
            name=value["name"],
        )


@dataclass(frozen=True, kw_only=True)
class ClaimedPlace:
    """Where the signer says that the signature was made."""

    city: str | None = None

    country: str | None = None

    postal_code: str | None = None

    state: str | None = None
    """Or province."""

    street: str | None = None
    """Or the lines of an address."""

    @staticmethod
    def _of(value: dict[str, Any]) -> ClaimedPlace:
        return ClaimedPlace(
            city=value.get("city"),
            country=value.get("country"),
            postal_code=value.get("postal_code"),
            state=value.get("state"),
            street=value.get("street"),
        )


@dataclass(frozen=True, kw_only=True)
class ClaimedPolicy:
    """The signature policy that the signer names."""

    identifier: str
    """URI, OID, or implied."""

    notice: str | None = None
    """What a person is to be told."""

    specification: str | None = None
    """By which its document is written: URI or OID."""

    uri: str | None = None
    """Where its document may be had."""

    @staticmethod
    def _of(value: dict[str, Any]) -> ClaimedPolicy:
        return ClaimedPolicy(
            identifier=value["identifier"],
            notice=value.get("notice"),
            specification=value.get("specification"),
            uri=value.get("uri"),
        )


@dataclass(frozen=True, kw_only=True)
class ClaimedRole:
    """A role that the signer states. What certifies or asserts it is not verified."""

    certified_by: str | None = None
    """The issuer of the attribute certificate, by its own word."""

    is_unreadable: bool | None = None
    """The attribute certificate cannot be read; left out where it can."""

    kind: RoleKind

    value: str | None = None
    """The role; of an assertion, which is not read, its type."""

    @staticmethod
    def _of(value: dict[str, Any]) -> ClaimedRole:
        return ClaimedRole(
            certified_by=value.get("certified_by"),
            is_unreadable=value.get("is_unreadable"),
            kind=value["kind"],
            value=value.get("value"),
        )


@dataclass(frozen=True, kw_only=True)
class Claims:
    """What the signer claims: untrusted text, and no more is proven than that the signer signed
    it. Members with nothing are left out."""

    commitments: tuple[Commitment, ...] | None = None

    contact: str | None = None
    """How to reach the signer, by the dictionary of the signature (PDF)."""

    location: str | None = None
    """Where it was signed, by the dictionary of the signature (PDF)."""

    media_types: tuple[ClaimedMediaType, ...] | None = None

    place: ClaimedPlace | None = None
    """Where it was signed."""

    reason: str | None = None
    """By the dictionary of the signature (PDF)."""

    roles: tuple[ClaimedRole, ...] | None = None

    signature_policy: ClaimedPolicy | None = None

    signer_name: str | None = None
    """By the dictionary of the signature (PDF); the certificate says who signed."""

    @staticmethod
    def _of(value: dict[str, Any]) -> Claims:
        return Claims(
            commitments=None if value.get("commitments") is None else tuple(Commitment._of(one) for one in value["commitments"]),
            contact=value.get("contact"),
            location=value.get("location"),
            media_types=None if value.get("media_types") is None else tuple(ClaimedMediaType._of(one) for one in value["media_types"]),
            place=None if value.get("place") is None else ClaimedPlace._of(value["place"]),
            reason=value.get("reason"),
            roles=None if value.get("roles") is None else tuple(ClaimedRole._of(one) for one in value["roles"]),
            signature_policy=None if value.get("signature_policy") is None else ClaimedPolicy._of(value["signature_policy"]),
            signer_name=value.get("signer_name"),
        )


@dataclass(frozen=True, kw_only=True)
class Commitment:
    """What the signer commits to."""

    identifier: str
    """URI or OID."""

    scope: tuple[str, ...] | None = None
    """What it is about, by name; left out: everything that is signed."""

    @staticmethod
    def _of(value: dict[str, Any]) -> Commitment:
        return Commitment(
            identifier=value["identifier"],
            scope=None if value.get("scope") is None else tuple(value["scope"]),
        )


@dataclass(frozen=True, kw_only=True)
class Dated:
    """Something that holds from one instant to another."""

    from_: Time | None
    """First instant."""

    name: str
    """CRL, OCSP, or the name of an algorithm."""

    object: Digest | None
    """Its digest, where it is an object."""

    until: Time | None
    """The instant at which it ends."""

    @staticmethod
    def _of(value: dict[str, Any]) -> Dated:
        return Dated(
            from_=value["from"],
            name=value["name"],
            object=value["object"],
            until=value["until"],
        )


@dataclass(frozen=True, kw_only=True)
class Departure:
    """A constraint that is not as in the default policy."""

    check: str
    """A check, or cryptographic-suite, freshness, auxiliary-freshness or ades-constraints."""

    default: str
    """The value in the default policy."""

    level: str
    """The value here."""

    @staticmethod
    def _of(value: dict[str, Any]) -> Departure:
        return Departure(
            check=value["check"],
            default=value["default"],
            level=value["level"],
        )


@dataclass(frozen=True, kw_only=True)
class Document:
    """The document."""

    digest: Digest | None = None
    """SHA-256 of the whole document, only when asked for."""

    media_type: str | None

    name: str
    """As the caller gave it, without folders."""

    size: int
    """Octets."""

    @staticmethod
    def _of(value: dict[str, Any]) -> Document:
        return Document(
            digest=value.get("digest"),
            media_type=value["media_type"],
            name=value["name"],
            size=value["size"],
        )


@dataclass(frozen=True, kw_only=True)
class Ending:
    """The first instant at which a signature passes no longer, and why."""

    check: CheckId | None
    """The check that decides."""

    indication: Indication

    object: str | None
    """What that check is about."""

    sub_indication: SubIndication | None

    time: Time

    @staticmethod
    def _of(value: dict[str, Any]) -> Ending:
        return Ending(
            check=value["check"],
            indication=value["indication"],
            object=value["object"],
            sub_indication=value["sub_indication"],
            time=value["time"],
        )


@dataclass(frozen=True, kw_only=True)
class EvidenceDigest:
    """Which evidence a report rests on."""

    digest: Digest
    """Over the facts of the document and the digests of everything kept, given and fetched."""

    @staticmethod
    def _of(value: dict[str, Any]) -> EvidenceDigest:
        return EvidenceDigest(
            digest=value["digest"],
        )


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why a document could not be processed."""

    code: str
    """A stable error code, such as malformed.zip.overlap."""

    details: dict[str, str]

    reason: str
    """In English, for a person."""

    @staticmethod
    def _of(value: dict[str, Any]) -> Failure:
        return Failure(
            code=value["code"],
            details=value["details"],
            reason=value["reason"],
        )


@dataclass(frozen=True, kw_only=True)
class File:
    """A file of a container."""

    covered_by: tuple[str, ...]
    """The intact signatures that cover it, by their id."""

    digest: Digest | None
    """SHA-256, where it was computed."""

    name: str

    size: int
    """Octets, inflated."""

    @staticmethod
    def _of(value: dict[str, Any]) -> File:
        return File(
            covered_by=tuple(value["covered_by"]),
            digest=value["digest"],
            name=value["name"],
            size=value["size"],
        )


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """Until when the verdicts stay as they are, by what is at hand; only when asked for."""

    revocation: tuple[Dated, ...]
    """Revocation data that the verdicts rest on."""

    signatures: tuple[SignatureOutlook, ...]
    """Of each signature, in the order of the report."""

    @staticmethod
    def _of(value: dict[str, Any]) -> Outlook:
        return Outlook(
            revocation=tuple(Dated._of(one) for one in value["revocation"]),
            signatures=tuple(SignatureOutlook._of(one) for one in value["signatures"]),
        )


@dataclass(frozen=True, kw_only=True)
class Person:
    """A person or organisation as the certificate names it."""

    country: str | None

    identifier: str | None

    identifier_type: str | None
    """PNO, IDC, TIN, VAT, NTR …"""

    name: str

    @staticmethod
    def _of(value: dict[str, Any]) -> Person:
        return Person(
            country=value["country"],
            identifier=value["identifier"],
            identifier_type=value["identifier_type"],
            name=value["name"],
        )


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The policy that the report rests on."""

    departures: tuple[Departure, ...]
    """What it lowers, and from what."""

    digest: Digest
    """SHA-256 of its canonical JSON form."""

    name: str

    @staticmethod
    def _of(value: dict[str, Any]) -> Policy:
        return Policy(
            departures=tuple(Departure._of(one) for one in value["departures"]),
            digest=value["digest"],
            name=value["name"],
        )


@dataclass(frozen=True, kw_only=True)
class Request:
    """Something that was to be asked of another host."""

    outcome: str
    """answered, or why not."""

    url: str
    """Untrusted text where a document gave it."""

    @staticmethod
    def _of(value: dict[str, Any]) -> Request:
        return Request(
            outcome=value["outcome"],
            url=value["url"],
        )


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A state of a document that is changed by appending to it."""

    number: int
    """From 1 for the original file."""

    of: int
    """How many there are."""

    @staticmethod
    def _of(value: dict[str, Any]) -> Revision:
        return Revision(
            number=value["number"],
            of=value["of"],
        )


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What is covered."""

    kind: ScopeKind

    name: str

    @staticmethod
    def _of(value: dict[str, Any]) -> Scope:
        return Scope(
            kind=value["kind"],
            name=value["name"],
        )


@dataclass(frozen=True, kw_only=True)
class SignatureReport:
    """One signature."""

    algorithm: str | None
    """Of the signature value."""

    best_signature_time: BestSignatureTime | None
    """The earliest time at which the signature is proven to have existed."""

    changes: tuple[Change, ...]
    """What was changed after signing (PDF)."""

    checks: tuple[Check, ...]

    claimed_signing_time: Time | None
    """What the signer claims; proves nothing."""

    claims: Claims | None = None
    """What the signer claims besides; proves nothing but that the signer signed it."""

    format: SignatureFormat

    id: str
    """Identifier inside the document."""

    indication: Indication

    integrity: Integrity

    level: SignatureLevel

    parent: str | None
    """The signature that this one counter-signs."""

    path: tuple[Certificate, ...]
    """From the signing certificate to the trust anchor."""

    place: str | None = None
    """The file of the container or the field of the PDF that holds it."""

    revision: Revision | None = None
    """What the signature covers (PDF)."""

    scopes: tuple[Scope, ...]

    signing_certificate: Certificate | None

    sub_indication: SubIndication | None

    timestamps: tuple[Timestamp, ...]

    @staticmethod
    def _of(value: dict[str, Any]) -> SignatureReport:
        return SignatureReport(
            algorithm=value["algorithm"],
            best_signature_time=None if value["best_signature_time"] is None else BestSignatureTime._of(value["best_signature_time"]),
            changes=tuple(Change._of(one) for one in value["changes"]),
            checks=tuple(Check._of(one) for one in value["checks"]),
            claimed_signing_time=value["claimed_signing_time"],
            claims=None if value.get("claims") is None else Claims._of(value["claims"]),
            format=value["format"],
            id=value["id"],
            indication=value["indication"],
            integrity=value["integrity"],
            level=value["level"],
            parent=value["parent"],
            path=tuple(Certificate._of(one) for one in value["path"]),
            place=value.get("place"),
            revision=None if value.get("revision") is None else Revision._of(value["revision"]),
            scopes=tuple(Scope._of(one) for one in value["scopes"]),
            signing_certificate=None if value["signing_certificate"] is None else Certificate._of(value["signing_certificate"]),
            sub_indication=value["sub_indication"],
            timestamps=tuple(Timestamp._of(one) for one in value["timestamps"]),
        )


@dataclass(frozen=True, kw_only=True)
class SignatureOutlook:
    """Until when the verdict on one signature stays."""

    algorithms: tuple[Dated, ...]
    """Its algorithms, with their end dates."""

    at_hand: Ending | None
    """What ends that, with nothing but the evidence at hand; null: nothing at hand does."""

    id: str
    """The signature, by its id."""

    passes: bool
    """Whether it passes at the validation time."""

    renewed: Ending | None
    """What ends that, if revocation data can be had anew whenever it is wanted."""

    @staticmethod
    def _of(value: dict[str, Any]) -> SignatureOutlook:
        return SignatureOutlook(
            algorithms=tuple(Dated._of(one) for one in value["algorithms"]),
            at_hand=None if value["at_hand"] is None else Ending._of(value["at_hand"]),
            id=value["id"],
            passes=value["passes"],
            renewed=None if value["renewed"] is None else Ending._of(value["renewed"]),
        )


@dataclass(frozen=True, kw_only=True)
class Timestamp:
    """A time-stamp or evidence record."""

    changes: tuple[Change, ...] | None = None
    """What was changed in the document after a time-stamp of it (PDF)."""

    checks: tuple[Check, ...]

    id: str

    indication: BlockIndication

    integrity: Integrity

    kind: TimestampKind

    scopes: tuple[Scope, ...]

    signing_certificate: Certificate | None

    sub_indication: SubIndication | None

    time: Time | None
    """The time that it states."""

    @staticmethod
    def _of(value: dict[str, Any]) -> Timestamp:
        return Timestamp(
            changes=None if value.get("changes") is None else tuple(Change._of(one) for one in value["changes"]),
            checks=tuple(Check._of(one) for one in value["checks"]),
            id=value["id"],
            indication=value["indication"],
            integrity=value["integrity"],
            kind=value["kind"],
            scopes=tuple(Scope._of(one) for one in value["scopes"]),
            signing_certificate=None if value["signing_certificate"] is None else Certificate._of(value["signing_certificate"]),
            sub_indication=value["sub_indication"],
            time=value["time"],
        )


@dataclass(frozen=True, kw_only=True)
class Trust:
    """The trust set that the report rests on."""

    anchors: int
    """How many."""

    digest: Digest
    """Over the sorted anchors with their purposes and dates."""

    @staticmethod
    def _of(value: dict[str, Any]) -> Trust:
        return Trust(
            anchors=value["anchors"],
            digest=value["digest"],
        )


@dataclass(frozen=True, kw_only=True)
class ReportMembers:
    """The report on one document. Members and words may be added under this number, and readers
    ignore what they do not know; removing, renaming or giving another meaning raises the number."""

    basis: Basis

    checks: tuple[Check, ...]
    """Checks of the document that belong to no signature."""

    container: ContainerKind | None
    """What holds signatures and data together; null: nothing does."""

    document: Document

    error: Failure | None
    """Why the document could not be processed."""

    evidence: EvidenceDigest | None
    """The evidence that the report rests on; null: the document could not be processed."""

    evidence_records: tuple[Timestamp, ...]
    """Evidence records of the document itself."""

    files: tuple[File, ...]
    """Files of a container."""

    hosts: tuple[str, ...]
    """Hosts that were asked, in the order of their names."""

    imza: str
    """Version of the library."""

    indication: Union[Indication, BlockIndication] | None
    """The worst of the signatures that counter-sign nothing, or without signatures of the
    time-stamps; null: there is nothing. A convenience: the standard judges signatures."""

    outlook: Outlook | None = None

    policy: Policy

    proven_at: Time | None = None
    """A proof of existence that the caller gave."""

    requests: tuple[Request, ...]
    """What was to be asked of other hosts, in the order of asking."""

    schema: Literal["imza-report/1"]

    signatures: tuple[SignatureReport, ...]
    """In the order found."""

    sub_indication: SubIndication | None

    timestamps: tuple[Timestamp, ...]
    """Time-stamps of the document itself."""

    trust: Trust

    validation_time: Time
    """The time that the document was judged at."""

    @staticmethod
    def _of(value: dict[str, Any]) -> ReportMembers:
        return ReportMembers(
            basis=value["basis"],
            checks=tuple(Check._of(one) for one in value["checks"]),
            container=value["container"],
            document=Document._of(value["document"]),
            error=None if value["error"] is None else Failure._of(value["error"]),
            evidence=None if value["evidence"] is None else EvidenceDigest._of(value["evidence"]),
            evidence_records=tuple(Timestamp._of(one) for one in value["evidence_records"]),
            files=tuple(File._of(one) for one in value["files"]),
            hosts=tuple(value["hosts"]),
            imza=value["imza"],
            indication=value["indication"],
            outlook=None if value.get("outlook") is None else Outlook._of(value["outlook"]),
            policy=Policy._of(value["policy"]),
            proven_at=value.get("proven_at"),
            requests=tuple(Request._of(one) for one in value["requests"]),
            schema=value["schema"],
            signatures=tuple(SignatureReport._of(one) for one in value["signatures"]),
            sub_indication=value["sub_indication"],
            timestamps=tuple(Timestamp._of(one) for one in value["timestamps"]),
            trust=Trust._of(value["trust"]),
            validation_time=value["validation_time"],
        )

    @classmethod
    def from_json(cls, text: str) -> ReportMembers:
        """Reads a report that was stored."""
        return ReportMembers._of(json.loads(text))
