"""pyHanko over a list of CMS messages, their paths included: seconds for all, and megabytes."""

import asyncio
import datetime
import logging
import pathlib
import sys
import time

from asn1crypto import cms, x509
from pyhanko.sign.validation.generic_cms import async_validate_cms_signature
from pyhanko_certvalidator import ValidationContext

logging.disable(logging.CRITICAL)
files = pathlib.Path(sys.argv[1]).read_text().splitlines()
root, issuing = (x509.Certificate.load(pathlib.Path(one).read_bytes()) for one in sys.argv[2:4])
moment = datetime.datetime.fromtimestamp(int(sys.argv[4]), datetime.timezone.utc)


async def judge(octets):
    context = ValidationContext(
        trust_roots=[root], other_certs=[issuing], moment=moment, allow_fetching=False
    )
    message = cms.ContentInfo.load(octets)["content"]
    status = await async_validate_cms_signature(message, validation_context=context)
    if not (status.intact and status.valid and status.trusted):
        sys.exit(f"not valid: {status.summary()}")


async def all_of_them():
    for file in files:
        await judge(pathlib.Path(file).read_bytes())


began = time.perf_counter()
asyncio.run(all_of_them())
took = time.perf_counter() - began
lines = pathlib.Path("/proc/self/status").read_text().splitlines()
peak = next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
print(f"{took:.3f}\t{peak * 1.024 / 1e3:.1f}")
