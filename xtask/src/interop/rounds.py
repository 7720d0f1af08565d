"""pyHanko as a maker and a strict judge of PDF files: sign FOLDER URL LEVEL IN OUT | stamp FOLDER URL IN OUT |
judge FOLDER FILE...

A line for each file: its name, how many signatures and time-stamps hold of how many, and what the others lack.
"""

import logging
import pathlib
import sys

from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import fields, signers, timestamps
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)
command, folder, *rest = sys.argv[1:]
folder = pathlib.Path(folder)
root = load_cert_from_pemder(str(folder / "root.pem"))


def context():
    return ValidationContext(trust_roots=[root], allow_fetching=True, revocation_mode="hard-fail")


def sign(url, level, source, target):
    signer = signers.SimpleSigner.load(
        str(folder / "citizen-p384.key.pem"),
        str(folder / "citizen-p384.pem"),
        ca_chain_files=(str(folder / "issuing-ca.pem"),),
    )
    with open(source, "rb") as document, open(target, "wb") as made:
        writer = IncrementalPdfFileWriter(document)
        metadata = signers.PdfSignatureMetadata(
            field_name=f"pyHanko{len(list(writer.prev.embedded_signatures))}",
            subfilter=fields.SigSeedSubFilter.PADES,
            embed_validation_info=level in ("LT", "LTA"),
            use_pades_lta=level == "LTA",
            validation_context=context() if level in ("LT", "LTA") else None,
        )
        stamper = None if level == "B" else timestamps.HTTPTimeStamper(f"{url}/tsa")
        signers.PdfSigner(metadata, signer=signer, timestamper=stamper).sign_pdf(writer, output=made)


def stamp(url, source, target):
    stamper = signers.PdfTimeStamper(timestamps.HTTPTimeStamper(f"{url}/tsa"))
    with open(source, "rb") as document, open(target, "wb") as made:
        reader = PdfFileReader(document)
        stamper.update_archival_timestamp_chain(reader, context(), in_place=False, output=made)


def judge(file):
    held, faults = 0, []
    with open(file, "rb") as document:
        signatures = list(PdfFileReader(document).embedded_signatures)
        for signature in signatures:
            try:
                if signature.sig_object_type == "/DocTimeStamp":
                    status = validate_pdf_timestamp(signature, context())
                    holds = status.valid and status.intact and status.trusted
                else:
                    status = validate_pdf_signature(
                        signature, context(), diff_policy=DEFAULT_DIFF_POLICY
                    )
                    holds = status.bottom_line
                if holds:
                    held += 1
                else:
                    faults.append(status.summary())
            except Exception as error:
                faults.append(f"{type(error).__name__}: {error}")
    print(f"{pathlib.Path(file).name}\t{held}\t{len(signatures)}\t{'; '.join(faults)}")


if command == "sign":
    sign(*rest)
elif command == "stamp":
    stamp(*rest)
else:
    for one in rest:
        judge(one)
