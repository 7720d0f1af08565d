"""What cannot be done, and who says so."""

import io
import os

import pytest

import imza


def failed(code, call, *arguments, **options):
    with pytest.raises(imza.ImzaError) as caught:
        call(*arguments, **options)
    error = caught.value
    assert error.code == code
    assert error.reason
    assert isinstance(error.details, dict)
    assert str(error) == f"{error.code}: {error.reason}"
    return error


def test_no_signed_document(tmp_path):
    failed("input.empty", imza.validate, b"")
    failed("input.unknown-kind", imza.validate, b"no signed document at all")
    failed("input.empty", imza.validate, io.BytesIO())


def test_a_file_that_is_not_there(tmp_path):
    missing = tmp_path / "missing.asice"
    error = failed("input.unreadable", imza.validate, missing)
    assert error.details["path"] == str(missing)
    failed("input.unreadable", imza.validate, tmp_path)


def test_settings_that_cannot_be_read():
    for option in ("trust", "evidence", "keys"):
        error = failed("malformed", lambda **o: _group(imza.Validator, **o), **{option: [b"noise"]})
        assert error
    failed("api-misuse.unreadable-value", imza.Validator, policy="strictest")
    with pytest.raises(ValueError, match="revocation"):
        imza.Validator(revocation="sometimes")
    with pytest.raises(ValueError, match="purpose"):
        imza.Validator(trust_for={"everything": []})
    with pytest.raises(FileNotFoundError):
        imza.Validator(trust=["missing.pem"])


def _group(call, **options):
    try:
        call(**options)
    except imza.ImzaError as error:
        raise imza.ImzaError(error.code.split(".")[0], error.reason, error.details) from error


def test_two_documents_of_one_name(asic):
    path = asic.path("asic-e::form::p-256")
    validator = asic.validator()
    report = validator.validate(path, detached={"a": b"1", "b": b"2"})
    assert report.indication == "TOTAL-PASSED"


def test_what_is_no_document():
    for wrong in (None, 1, ["a"], object()):
        with pytest.raises(TypeError):
            imza.validate(wrong)


class Reluctant(io.BytesIO):
    """A file that fails in the middle."""

    def __init__(self, octets, after):
        super().__init__(octets)
        self.after = after

    def read(self, size=-1):
        self.after -= 1
        if self.after < 0:
            raise RuntimeError("the disk is gone")
        return super().read(size)


def test_an_exception_of_a_file_object_comes_out_as_it_is(asic):
    octets = asic.path("asic-e::form::p-256").read_bytes()
    for after in range(2):
        with pytest.raises(RuntimeError, match="the disk is gone"):
            asic.validator().validate(Reluctant(octets, after))


class Short(io.BytesIO):
    """A file that promises more than it has."""

    def seek(self, offset, whence=os.SEEK_SET):
        place = super().seek(offset, whence)
        return place + 1000 if whence == os.SEEK_END else place


def test_a_file_object_that_is_shorter_than_it_said(asic):
    octets = asic.path("asic-e::form::p-256").read_bytes()
    with pytest.raises(imza.ImzaError) as caught:
        asic.validator().validate(Short(octets))
    assert caught.value.code.startswith("input.")


class Growing(io.BytesIO):
    """A file whose octets change from one read to the next."""

    def read(self, size=-1):
        octets = bytearray(super().read(size))
        if octets:
            self.turn = getattr(self, "turn", 0) + 1
            octets[len(octets) // 2] ^= self.turn % 2
        return bytes(octets)


def test_a_file_object_that_changes_never_passes(asic):
    octets = asic.path("asic-e::form::p-256").read_bytes()
    try:
        assert not asic.validator().validate(Growing(octets)).passed
    except imza.ImzaError as error:
        assert error.code.split(".")[0] in ("input", "malformed")


def test_a_pipe_is_read_to_its_end(asic):
    octets = asic.path("asic-e::form::p-256").read_bytes()
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as source, os.fdopen(writing, "wb") as sink:
        sink.write(octets)
        sink.close()
        assert asic.validator().validate(source).passed
