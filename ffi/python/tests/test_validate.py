"""Validation from octets, paths and file objects."""

import datetime
import io
import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

import imza

GENUINE = "asic-e::form::p-256"


def test_octets_paths_and_file_objects_give_the_same_report(asic):
    path = asic.path(GENUINE)
    validator = asic.validator()
    by_path = validator.validate(path)
    assert by_path.passed
    assert by_path.exit_status == 0
    assert by_path.indication == "TOTAL-PASSED"
    assert by_path.signatures[0].integrity == "intact"
    assert by_path.document.name == path.name
    octets = path.read_bytes()
    with open(path, "rb") as buffered, open(path, "rb", buffering=0) as raw:
        others = [
            validator.validate(str(path)),
            validator.validate(octets, name=path.name),
            validator.validate(bytearray(octets), name=path.name),
            validator.validate(memoryview(octets), name=path.name),
            validator.validate(io.BytesIO(octets), name=path.name),
            validator.validate(buffered),
            validator.validate(raw),
        ]
    for other in others:
        assert other.json == by_path.json
        assert other == by_path


def test_the_members_are_those_of_the_text(asic):
    report = asic.validator().validate(asic.path(GENUINE))
    text = json.loads(report.json)
    assert "\n" not in report.json
    assert text["schema"] == "imza-report/1" == report.schema
    assert text["imza"] == imza.__version__ == report.imza
    signature = report.signatures[0]
    assert [check["id"] for check in text["signatures"][0]["checks"]] == [
        check.id for check in signature.checks
    ]
    assert signature.signing_certificate.person.name == "Aysel Məmmədova"
    assert report.error is None


def test_an_altered_copy_fails(asic):
    assert asic.validator().validate(asic.path(GENUINE)).passed
    broken = asic.validator().validate(asic.path("asic-e::container::file-changed"))
    assert not broken.passed
    assert broken.exit_status == 20
    assert broken.indication == "TOTAL-FAILED"
    assert broken.sub_indication == "HASH_FAILURE"
    assert broken.signatures[0].integrity == "broken"


def test_every_octet_counts(asic):
    octets = asic.path(GENUINE).read_bytes()
    validator = asic.validator()
    for place in range(40, len(octets), len(octets) // 12):
        altered = bytearray(octets)
        altered[place] ^= 1
        try:
            assert not validator.validate(altered).passed, place
        except imza.ImzaError:
            pass


def test_without_trust_nothing_passes(asic):
    report = imza.validate(asic.path(GENUINE), validation_time=asic.validation_time)
    assert not report.passed
    assert report.signatures[0].integrity == "intact"
    assert report.trust.anchors == 0


def test_detached_documents_are_named(cades, permit):
    signature = cades.path("cades::form::p-256")
    validator = cades.validator()
    given = validator.validate(signature, detached={"permit.txt": permit})
    assert given.indication == "TOTAL-PASSED"
    with open(permit, "rb") as file:
        assert validator.validate(signature, detached={"permit.txt": file}).json == given.json
    missing = validator.validate(signature)
    assert missing.signatures[0].integrity == "unknown"
    other = validator.validate(signature, detached={"permit.txt": b"another text"})
    assert other.sub_indication == "HASH_FAILURE"


def test_a_password_opens_what_is_encrypted_and_is_not_told(locked):
    for password, code in [
        (None, "input.password-missing"),
        ("sesame", "input.password-wrong"),
    ]:
        with pytest.raises(imza.ImzaError) as caught:
            imza.validate(locked, password=password)
        assert caught.value.code == code
        assert "sesame" not in repr(caught.value) + str(caught.value.details)
    for password in ["usr", "own"]:
        report = imza.validate(locked, name="locked.pdf", password=password)
        assert report.error is None
        assert report.indication is None
    report, evidence = imza.Validator().validate_and_keep(locked, password="usr")
    assert report.error is None
    assert '"usr"' not in evidence


def test_trust_for_one_purpose_is_for_no_other(asic):
    time = asic.validation_time
    path = asic.path(GENUINE)
    whole = {"signing": asic.trust, "timestamping": asic.trust, "ocsp": asic.trust}
    assert imza.validate(path, trust_for=whole, validation_time=time).passed
    narrow = imza.validate(path, trust_for={"timestamping": asic.trust}, validation_time=time)
    assert not narrow.passed


def test_times_are_texts_or_aware(asic):
    path = asic.path(GENUINE)
    time = datetime.datetime.fromisoformat(asic.validation_time.replace("Z", "+00:00"))
    by_time = asic.validator(validation_time=time).validate(path)
    assert by_time.json == asic.validator().validate(path).json
    with pytest.raises(ValueError, match="time zone"):
        asic.validator(validation_time=time.replace(tzinfo=None))
    late = asic.validator(validation_time="2020-01-01T00:00:00Z").validate(path)
    assert not late.passed


def test_revocation_and_policy_are_named_in_the_report(asic):
    none = "asic-e::revocation::none"
    assert not asic.validator().validate(asic.path(none)).passed
    soft = asic.validator(revocation="none").validate(asic.path(none))
    assert soft.policy.departures
    assert asic.validator(policy="historic").validate(asic.path(GENUINE)).policy.name == "historic"


def test_evidence_is_judged_again_without_the_document(asic):
    validator = asic.validator()
    report, evidence = validator.validate_and_keep(asic.path(GENUINE))
    again = imza.judge(evidence, validator)
    assert again.basis == "evidence"
    assert again.indication == report.indication
    # Whether the payload is what it was is taken on trust: that is never a whole pass.
    assert again.exit_status == 10
    with pytest.raises(imza.ImzaError) as caught:
        imza.judge("{}", validator)
    assert caught.value.code


def test_members_that_are_not_known_are_ignored(asic):
    report = asic.validator().validate(asic.path(GENUINE))
    newer = json.loads(report.json)
    newer["novelty"] = 1
    newer["signatures"][0]["novelty"] = {"a": []}
    newer["signatures"][0]["format"] = "novel"
    read = imza.ReportMembers.from_json(json.dumps(newer))
    assert read.signatures[0].format == "novel"
    assert read.signatures[0].checks == report.signatures[0].checks
    assert read.document == report.document


def test_threads_get_the_same_answers(asic):
    validator = asic.validator()
    path = asic.path(GENUINE)
    broken = asic.path("asic-e::value::broken")
    expected = [validator.validate(path).json, validator.validate(broken).json]
    assert expected[0] != expected[1]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda turn: validator.validate([path, broken][turn % 2]).json, range(64)))
    assert found == expected * 32


def test_python_goes_on_while_the_library_works(asic):
    """The lock of the interpreter is given away: another thread counts meanwhile."""
    validator = asic.validator()
    path = asic.path(GENUINE)
    done = threading.Event()
    ticks = 0

    def count():
        nonlocal ticks
        while not done.wait(0.0005):
            ticks += 1

    counter = threading.Thread(target=count)
    counter.start()
    for _ in range(50):
        validator.validate(path)
    done.set()
    counter.join()
    assert ticks > 5
