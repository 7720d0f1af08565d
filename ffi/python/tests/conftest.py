"""What the tests are given: a PKI in a box with its services, and the committed vectors.

`cargo xtask bindings python` sets the variables; without them nothing is skipped, everything fails.
"""

import base64
import json
import os
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding

import imza

BOX = Path(os.environ["IMZA_TEST_BOX"])
VECTORS = Path(os.environ["IMZA_TEST_VECTORS"])
SERVER = os.environ["IMZA_TEST_SERVER"]
FIGURES = Path(os.environ["IMZA_TEST_FIGURES"])


class Vectors:
    """A set of vectors with what it is judged with."""

    def __init__(self, name):
        about = json.loads((VECTORS / f"{name}.json").read_text(encoding="utf-8"))
        self.validation_time = about["validation_time"]
        self.trust = [VECTORS / file for file in about["trust"]]
        self.evidence = [VECTORS / file for file in about["evidence"]]
        self.by_id = {vector["id"]: vector for vector in about["vectors"]}

    def path(self, name):
        return VECTORS / self.by_id[name]["file"]

    def validator(self, **more):
        settings = {
            "trust": self.trust,
            "evidence": self.evidence,
            "validation_time": self.validation_time,
        }
        return imza.Validator(**(settings | more))


@pytest.fixture(scope="session")
def asic():
    return Vectors("asic-e")


@pytest.fixture(scope="session")
def cades():
    return Vectors("cades")


@pytest.fixture(scope="session")
def permit():
    return VECTORS / "data/permit.txt"


@pytest.fixture(scope="session")
def locked():
    """A PDF without signatures, which qpdf encrypted with AES-256 under `usr` and `own`."""
    vectors = VECTORS.parent.parent / "core/src/pdf/encryption/vectors.txt"
    for line in vectors.read_text(encoding="utf-8").splitlines():
        name, _, text = line.partition(" ")
        if name == "aes-256":
            return base64.b64decode(text)
    raise LookupError(vectors)


@pytest.fixture
def figure():
    def write(text):
        with open(FIGURES, "a", encoding="utf-8") as file:
            file.write(text + "\n")

    return write


class PythonSigner:
    """A key that Python holds; ECDSA values come as DER, as from most libraries."""

    def __init__(self, name):
        key = (BOX / f"{name}.key.pem").read_bytes()
        self.key = serialization.load_pem_private_key(key, None)
        self.certificates = [BOX / f"{name}.pem", BOX / "issuing-ca.cer"]
        self.asked = []

    def sign(self, data, algorithm):
        self.asked.append(algorithm)
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            digest = {"SHA256": hashes.SHA256, "SHA384": hashes.SHA384}[algorithm.name[-6:]]()
            return self.key.sign(data, ec.ECDSA(digest))
        if algorithm is imza.SigningAlgorithm.RSA_PKCS1_SHA256:
            return self.key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        return self.key.sign(data, pss, hashes.SHA256())


@pytest.fixture
def signer():
    return PythonSigner("citizen-p256")


@pytest.fixture
def online():
    """Judges what was signed now, with the services of the box."""
    return imza.Validator(trust=[BOX / "root.pem"], network=imza.Network.DANGER_LOOPBACK)
