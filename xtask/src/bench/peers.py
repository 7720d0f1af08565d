"""pyHanko and lxml over the vectors: a line for each figure, cells separated by tabs."""

import asyncio
import datetime
import io
import logging
import pathlib
import statistics
import sys
import time
import zipfile

from asn1crypto import crl, ocsp, x509
from lxml import etree
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import CertificateValidator, ValidationContext

# What is wrong with a vector is known; what is measured is how long it takes to say so.
logging.disable(logging.CRITICAL)
vectors = pathlib.Path(sys.argv[1])
moment = datetime.datetime.fromtimestamp(int(sys.argv[2]), datetime.timezone.utc)


def read(path):
    return (vectors / path).read_bytes()


def certificate(name):
    return x509.Certificate.load(read(f"pki/{name}.cer"))


def context():
    return ValidationContext(
        trust_roots=[certificate("root")],
        other_certs=[certificate("issuing-ca")],
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )


def high_water_mark():
    """Kibibytes of this program: what getrusage says would count the program that started it."""
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)


def measure(what, who, work, runs=60):
    work()
    times = []
    for _ in range(runs):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1e3)
    times.sort()
    median, low, high = statistics.median(times), times[len(times) // 20], times[-len(times) // 20]
    memory = high_water_mark() * 1.024 / 1e3
    print(f"{what}\t{who}\t{median:.3f} ms ({low:.3f} to {high:.3f})\t{memory:.1f} MB (process)")


def pdf(path):
    octets = read(path)

    def work():
        reader = PdfFileReader(io.BytesIO(octets))
        validate_pdf_signature(reader.embedded_signatures[0], context())

    return work


def path():
    target = certificate("citizen-p256")
    validator = CertificateValidator(target, validation_context=context())
    asyncio.run(validator.async_validate_usage({"non_repudiation"}))


def path_with_revocation():
    proofs = ValidationContext(
        trust_roots=[certificate("root")],
        other_certs=[certificate("issuing-ca")],
        moment=moment,
        allow_fetching=False,
        ocsps=[ocsp.OCSPResponse.load(read("ocsp/status.good.der"))],
        crls=[crl.CertificateList.load(read("pki/root.crl"))],
        revocation_mode="hard-fail",
    )
    validator = CertificateValidator(certificate("citizen-p256"), validation_context=proofs)
    asyncio.run(validator.async_validate_usage({"non_repudiation"}))


def canonical():
    octets = read_signature()

    def work():
        etree.tostring(etree.fromstring(octets), method="c14n", exclusive=True)

    return work


def read_signature():
    with zipfile.ZipFile(vectors / "asic-e/form.p-256.asice") as container:
        return container.read("META-INF/signatures0.xml")


for name in ["table", "rsa-2048"]:
    measure(f"warm: PDF signature, form.{name}", "pyHanko", pdf(f"pades/form.{name}.pdf"))
measure("warm: path of three with OCSP and CRL", "pyhanko-certvalidator", path_with_revocation)
measure("warm: path of a P-256 certificate, read anew", "pyhanko-certvalidator", path)
measure("warm: signature file parsed and written exclusive-canonical", "lxml", canonical())
