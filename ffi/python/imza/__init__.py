"""imza: validates and creates advanced electronic signatures.

>>> import imza
>>> report = imza.validate("permit.asice", trust=["root.pem"])   # doctest: +SKIP
>>> report.passed, report.indication                             # doctest: +SKIP
(True, 'TOTAL-PASSED')

`validate` judges a document, `Validator` many with the same settings, `judge` evidence that was
saved. `sign` makes an ASiC-E container with a key that Python holds (`ExternalSigner`), and
`sign_with_pem_key` with a key in a PEM text. What cannot be done is an `ImzaError`; a bad signature
is no error but a report.
"""

from ._errors import ImzaError, SignerCancelled, SignerPinBlocked, SignerTimeout, SignerWrongPin
from ._native import version as _version
from ._report import (
    BestSignatureTime,
    Certificate,
    Change,
    Check,
    Claims,
    Departure,
    Document,
    Failure,
    File,
    Person,
    Policy,
    ReportMembers,
    Request,
    Scope,
    SignatureReport,
    Timestamp,
    Trust,
)
from ._signing import ExternalSigner, SignedDocument, SigningAlgorithm, sign, sign_with_pem_key
from ._validation import Network, Report, Validator, judge, validate

__version__: str = _version()

__all__ = [
    "BestSignatureTime",
    "Certificate",
    "Change",
    "Check",
    "Claims",
    "Departure",
    "Document",
    "ExternalSigner",
    "Failure",
    "File",
    "ImzaError",
    "Network",
    "Person",
    "Policy",
    "Report",
    "ReportMembers",
    "Request",
    "Scope",
    "SignatureReport",
    "SignedDocument",
    "SignerCancelled",
    "SignerPinBlocked",
    "SignerTimeout",
    "SignerWrongPin",
    "SigningAlgorithm",
    "Timestamp",
    "Trust",
    "Validator",
    "judge",
    "sign",
    "sign_with_pem_key",
    "validate",
]
