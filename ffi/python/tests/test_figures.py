"""Memory that does not grow with the document, and what a call costs."""

import json
import subprocess
import sys
import time

import imza

GIBIBYTE = 1 << 30

CHILD = """
import re, sys, time, imza
def memory():
    # Not ru_maxrss, which begins with what the parent had.
    with open("/proc/self/status") as status:
        return int(re.search(r"VmHWM:\\s+(\\d+) kB", status.read())[1]) // 1024
validator = imza.Validator(trust=[sys.argv[2]], revocation="soft")
before = memory()
started = time.perf_counter()
with open(sys.argv[1], "rb", buffering=0) as file:
    report = validator.validate(file)
print(report.signatures[0].integrity, report.files[0].size, memory() - before,
      round(time.perf_counter() - started, 2))
"""


def test_a_gibibyte_from_a_file_object_needs_no_more_memory(signer, tmp_path, figure):
    sparse, container = tmp_path / "sparse.bin", tmp_path / "sparse.asice"
    with open(sparse, "wb") as file:
        file.truncate(GIBIBYTE)
    imza.sign(sparse, signer).save(container)
    try:
        child = [sys.executable, "-c", CHILD, str(container), str(signer.certificates[0])]
        found = subprocess.run(child, capture_output=True, text=True, check=True).stdout.split()
    finally:
        container.unlink()
    integrity, size, growth, seconds = found
    figure(f"1 GiB from a file object: {growth} MB more resident, {seconds} s")
    assert integrity == "intact"
    assert int(size) == GIBIBYTE
    assert int(growth) < 24


def test_what_a_call_costs(asic, figure):
    octets = asic.path("asic-e::form::p-256").read_bytes()
    validator = asic.validator()
    settings, native = validator._settings, imza._validation._native
    document = native.Document.OCTETS(name="document", octets=octets)

    def timed(call):
        started = time.perf_counter()
        result = call()
        return (time.perf_counter() - started) * 1e6, result

    text = validator.validate(octets).json
    empty, step, raw, whole, reading = [], [], [], [], []
    # In turn, and the least of each: what else the machine does falls on all of them alike.
    for _ in range(200):
        empty.append(timed(imza._native.version)[0])
        job = native.Validation(settings, [document])
        step.append(timed(job.step)[0])
        raw.append(timed(lambda: _run(native, settings, document))[0])
        whole.append(timed(lambda: validator.validate(octets))[0])
        reading.append(timed(lambda: json.loads(text))[0])
    empty, step, raw, whole, reading = map(min, (empty, step, raw, whole, reading))
    figure(
        f"a call: {empty:.1f} µs empty; validation {whole:.0f} µs, of which native {step:.0f} µs, "
        f"crossing {raw - step:.0f} µs, the report as classes {whole - raw:.0f} µs "
        f"(its JSON alone {reading:.0f} µs)"
    )
    assert whole - step < max(step, 5_000)


def _run(native, settings, document):
    job = native.Validation(settings, [document])
    job.step()
    return job.report()
