"""Judges a list of documents, a line of JSON each, and writes a line for each: `replay.py LIST ANSWERS`.

The documents go through the three ways into the library in turn: octets, path, file object.
"""

import itertools
import json
import sys
from pathlib import Path

import imza


def dumps(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def octets(path):
    return Path(path).read_bytes()


def opened(path):
    return open(path, "rb", buffering=0)


def main(jobs, answers):
    ways = itertools.cycle([octets, Path, opened])
    with open(jobs, encoding="utf-8") as lines, open(answers, "w", encoding="utf-8") as out:
        for line in lines:
            job = json.loads(line)
            out.write(f'{{"id":{dumps(job["id"])},{answer(job, next(ways))}}}\n')


def answer(job, way):
    trust_for = {}
    for file in job["trust"]:
        if file["purpose"]:
            trust_for.setdefault(file["purpose"], []).append(file["path"])
    try:
        report = imza.validate(
            way(job["document"]["path"]),
            name=job["document"]["name"],
            detached={one["name"]: way(one["path"]) for one in job["detached"]},
            trust=[file["path"] for file in job["trust"] if not file["purpose"]],
            trust_for=trust_for,
            evidence=job["evidence"],
            keys=job["keys"],
            policy=job["policy"],
            revocation=job["revocation"],
            validation_time=job["validation_time"],
        )
    except imza.ImzaError as error:
        code, reason = dumps(error.code), dumps(error.reason)
        return f'"error":{{"code":{code},"reason":{reason},"details":{dumps(error.details)}}}'
    return f'"report":{report.json}'


if __name__ == "__main__":
    main(*sys.argv[1:])
