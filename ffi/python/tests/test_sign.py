"""Signing with a key that Python holds, and with one in a PEM text."""

import pytest
from conftest import BOX, SERVER, PythonSigner
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

import imza


def test_a_python_signer_signs_and_the_container_validates(signer, permit, online, tmp_path):
    target = tmp_path / "permit.asice"
    signed = imza.sign(permit, signer)
    signed.save(target)
    assert signer.asked == [imza.SigningAlgorithm.ECDSA_SHA256]
    report = online.validate(target)
    assert report.passed, report.json
    assert report.signatures[0].level == "B-B"
    assert [file.name for file in report.files] == ["permit.txt"]
    assert signed.octets() == target.read_bytes()


@pytest.mark.parametrize(
    ("name", "algorithm", "asked"),
    [
        ("citizen-p384", None, "ECDSA_SHA384"),
        ("citizen-rsa-2048", None, "RSA_PSS_SHA256"),
        ("citizen-rsa-3072", imza.SigningAlgorithm.RSA_PKCS1_SHA256, "RSA_PKCS1_SHA256"),
    ],
)
def test_every_kind_of_key(name, algorithm, asked, permit, online):
    signer = PythonSigner(name)
    container = imza.sign(permit, signer, algorithm=algorithm).octets()
    assert [one.name for one in signer.asked] == [asked]
    assert online.validate(container).passed


class Plain(PythonSigner):
    """As cards and WebCrypto give ECDSA values."""

    def sign(self, data, algorithm):
        r, s = decode_dss_signature(super().sign(data, algorithm))
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def test_ecdsa_values_may_be_the_two_numbers(permit, online):
    container = imza.sign(permit, Plain("citizen-p256")).octets()
    assert online.validate(container).passed


def test_level_lt_with_the_services_of_the_box(signer, permit, online):
    container = imza.sign(permit, signer, level="LT", tsa=f"{SERVER}/tsa", validator=online).octets()
    offline = imza.Validator(trust=[BOX / "root.pem"])
    report = offline.validate(container)
    assert report.passed, report.json
    assert report.signatures[0].level == "B-LT"
    assert report.signatures[0].timestamps[0].indication == "PASSED"
    assert report.hosts == ()


def test_level_t(signer, permit, online):
    container = imza.sign(permit, signer, level="T", tsa=f"{SERVER}/tsa", validator=online).octets()
    assert online.validate(container).signatures[0].level == "B-T"


def test_several_documents_by_name_octets_and_file_object(signer, permit, online, tmp_path):
    with open(permit, "rb") as file:
        container = imza.sign({"a.txt": b"one", "b.pdf": file, "c/d.bin": permit}, signer).octets()
    report = online.validate(container)
    assert report.passed
    assert sorted(file.name for file in report.files) == ["a.txt", "b.pdf", "c/d.bin"]
    container = imza.sign([permit], signer, roles=["notary"]).octets()
    assert online.validate(container).passed


def test_a_key_in_a_pem_text(permit, online):
    key = (BOX / "citizen-p256.key.pem").read_text()
    certificates = (BOX / "citizen-p256.pem").read_text() + (BOX / "issuing-ca.pem").read_text()
    signed = imza.sign_with_pem_key(permit, key, certificates)
    assert online.validate(signed.octets()).passed
    with pytest.raises(imza.ImzaError) as caught:
        imza.sign_with_pem_key(permit, key, (BOX / "citizen-p384.pem").read_text())
    assert caught.value.code == "api-misuse.key-mismatch"


def test_the_document_is_read_again_when_it_is_written(signer, tmp_path):
    document = tmp_path / "plan.txt"
    document.write_bytes(b"the plan")
    signed = imza.sign(document, signer)
    document.write_bytes(b"the scam")
    with pytest.raises(imza.ImzaError) as caught:
        signed.octets()
    assert caught.value.code == "input.changed"
    target = tmp_path / "plan.asice"
    with pytest.raises(imza.ImzaError):
        signed.save(target)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["plan.txt"]


def test_a_file_is_replaced_only_when_asked(signer, permit, tmp_path):
    target = tmp_path / "permit.asice"
    target.write_bytes(b"mine")
    signed = imza.sign(permit, signer)
    with pytest.raises(imza.ImzaError) as caught:
        signed.save(target)
    assert caught.value.code == "output.unwritable"
    assert target.read_bytes() == b"mine"
    signed.save(target, replace=True)
    assert target.read_bytes() == signed.octets()


class Raising:
    """A signer that raises."""

    def __init__(self, error):
        self.certificates = [BOX / "citizen-p256.pem"]
        self.error = error

    def sign(self, data, algorithm):
        raise self.error


@pytest.mark.parametrize(
    ("error", "code", "details"),
    [
        (imza.SignerCancelled(), "signer.user-cancelled", {}),
        (imza.SignerWrongPin(2), "signer.wrong-pin", {"attempts_left": "2"}),
        (imza.SignerWrongPin(), "signer.wrong-pin", {}),
        (imza.SignerPinBlocked(), "signer.pin-blocked", {}),
        (imza.SignerTimeout(), "signer.timeout", {}),
        (
            ValueError("PIN 1234 is wrong"),
            "signer.device",
            {"function": "sign", "return_code": "ValueError"},
        ),
    ],
)
def test_what_a_signer_raises_is_a_signer_error(error, code, details, permit):
    with pytest.raises(imza.ImzaError) as caught:
        imza.sign(permit, Raising(error))
    assert caught.value.code == code
    assert caught.value.details == details
    assert caught.value.__cause__ is error
    assert "1234" not in str(caught.value)


def test_an_interrupt_in_a_signer_is_an_interrupt(permit):
    with pytest.raises(KeyboardInterrupt):
        imza.sign(permit, Raising(KeyboardInterrupt()))


class Wrong(Raising):
    def sign(self, data, algorithm):
        return self.error


@pytest.mark.parametrize("value", [b"", b"\x00" * 64, b"\x30\x06\x02\x01\x01\x02\x01\x01", b"x" * 9999])
def test_a_value_that_does_not_verify_is_given_to_nobody(value, permit):
    with pytest.raises(imza.ImzaError) as caught:
        imza.sign(permit, Wrong(value))
    assert caught.value.code == "signer.value-does-not-verify"


def test_a_value_that_is_no_octets(permit):
    with pytest.raises(imza.ImzaError) as caught:
        imza.sign(permit, Wrong("text"))
    assert caught.value.code == "signer.device"
    assert isinstance(caught.value.__cause__, TypeError)


def test_what_contradicts_itself(signer, permit):
    for options in ({"level": "T"}, {"level": "LT"}):
        with pytest.raises(imza.ImzaError) as caught:
            imza.sign(permit, signer, **options)
        assert caught.value.code == "api-misuse.contradictory-parameters"
    offline = imza.Validator()
    with pytest.raises(imza.ImzaError) as caught:
        imza.sign(permit, signer, level="T", tsa=f"{SERVER}/tsa", validator=offline)
    assert caught.value.code == "api-misuse.contradictory-parameters"
    with pytest.raises(ValueError, match="level"):
        imza.sign(permit, signer, level="LTA")
    with pytest.raises(imza.ImzaError) as caught:
        imza.sign([], signer)
    assert caught.value.code == "api-misuse.no-input"
    with pytest.raises(imza.ImzaError) as caught:
        imza.sign({"../up.txt": b"x"}, signer)
    assert caught.value.code == "api-misuse.bad-file-name"
    with pytest.raises(imza.ImzaError) as caught:
        imza.sign(permit, signer, algorithm=imza.SigningAlgorithm.RSA_PSS_SHA256)
    assert caught.value.code.startswith("api-misuse.")
