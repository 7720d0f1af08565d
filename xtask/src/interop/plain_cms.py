"""Plain CMS with pyHanko: `make KEY.p12 OUT...` signs, `judge ROOT CA TIME FILE [CONTENT]` validates."""

import asyncio
import sys
from datetime import datetime, timezone

from asn1crypto import cms, x509
from pyhanko.sign import signers
from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.status import StandardCMSSignatureStatus
from pyhanko_certvalidator import ValidationContext


def read(path):
    with open(path, "rb") as file:
        return file.read()


def signed_data(octets):
    return cms.ContentInfo.load(octets)["content"]


async def make(store, content, attached, detached):
    signer = signers.SimpleSigner.load_pkcs12(store, passphrase=b"secret")
    data = read(content)
    for path, is_detached in ((attached, False), (detached, True)):
        message = await signer.async_sign_general_data(
            data,
            "sha256",
            detached=is_detached,
            use_cades=False,
            signed_attr_settings=PdfCMSSignedAttributes(
                signing_time=datetime.now(timezone.utc)
            ),
        )
        with open(path, "wb") as file:
            file.write(message.dump())


async def judge(root, issuing, time, message, content=None):
    moment = datetime.fromtimestamp(int(time), timezone.utc)
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(read(root))],
        other_certs=[x509.Certificate.load(read(issuing))],
        moment=moment,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    data = signed_data(read(message))
    if content is None:
        status = await generic_cms.async_validate_cms_signature(
            data, validation_context=context, status_cls=StandardCMSSignatureStatus
        )
    else:
        status = await generic_cms.async_validate_detached_cms(
            read(content), data, signer_validation_context=context
        )
    print("valid" if status.intact and status.valid and status.trusted else status.summary())


work = {"make": make, "judge": judge}[sys.argv[1]]
asyncio.run(work(*sys.argv[2:]))
