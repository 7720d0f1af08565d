"""lxml (libxml2) over a document, inside one process: a line for each figure, cells separated by tabs.

`xml.py DOCUMENT NAME FOLDER`; the canonical forms are left in the folder, to be compared with ours.
"""

import pathlib
import statistics
import sys
import time

from lxml import etree

RUNS = 15
document, name, folder = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
octets = document.read_bytes()
tree = etree.fromstring(octets)


def canonical(of, exclusive):
    return etree.tostring(of, method="c14n", exclusive=exclusive, with_comments=False)


def measure(what, work):
    work()
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1e3)
    times.sort()
    median, low, high = statistics.median(times), times[0], times[-1]
    lines = pathlib.Path("/proc/self/status").read_text().splitlines()
    peak = next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
    print(
        f"warm: {name}, {what}\tlxml\t{median:.1f} ms ({low:.1f} to {high:.1f}), "
        f"{len(octets) / 1e3 / median:.0f} MB/s\t{peak * 1.024 / 1e3:.1f} MB (process)"
    )


for exclusive, form in [(False, "canonical"), (True, "exclusive-canonical")]:
    (folder / f"{form}.xml").write_bytes(canonical(tree, exclusive))
measure("parsed", lambda: etree.fromstring(octets))
measure("written canonical", lambda: canonical(tree, False))
measure("written exclusive-canonical", lambda: canonical(tree, True))
measure(
    "parsed and written exclusive-canonical",
    lambda: canonical(etree.fromstring(octets), True),
)
