"""What a user's type checker sees; checked by mypy --strict, never run."""

import datetime
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

import imza


class Card:
    @property
    def certificates(self) -> Sequence[bytes]:
        return [b""]

    def sign(self, data: bytes, algorithm: imza.SigningAlgorithm) -> bytes:
        return data if algorithm is imza.SigningAlgorithm.ED25519 else b""


def check(file: BinaryIO) -> str:
    validator = imza.Validator(
        trust=["root.pem", Path("other.pem"), b"-----BEGIN"],
        trust_for={"timestamping": ["tsa.pem"]},
        revocation="soft",
        validation_time=datetime.datetime.now(datetime.timezone.utc),
        network=imza.Network.PUBLIC,
    )
    report: imza.Report = validator.validate(
        file, detached={"plan.pdf": Path("plan.pdf")}, password="usr"
    )
    for signature in report.signatures:
        certificate = signature.signing_certificate
        if certificate is not None and certificate.person is not None:
            return certificate.person.name
    return report.json


def make() -> bytes:
    signed = imza.sign({"plan.pdf": b"%PDF"}, Card(), level="LT", tsa="https://tsa.example/")
    signed.save(Path("plan.asice"), replace=True)
    return signed.octets()


def fail() -> dict[str, str]:
    try:
        imza.validate(b"")
    except imza.ImzaError as error:
        return {"code": error.code, **error.details}
    return {}
