// Judges a list of documents, a line of JSON each, and writes a line for each:
// `node replay.mjs PACKAGE LIST ANSWERS`.
//
// The documents go in as octets, as Blobs in memory and as Blobs of files in turn.
import * as fs from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

// Not every Node has Blobs of files: a name that is not exported would stop the whole module.
const { closeSync, openAsBlob, openSync, readFileSync, writeSync } = fs;
const [folder, list, answers] = process.argv.slice(2);
const { ImzaError, validate } = await import(pathToFileURL(join(folder, 'node.js')).href);

const ways = [
  (path) => readFileSync(path),
  (path) => new Blob([readFileSync(path)]),
  (path) => (openAsBlob === undefined ? readFileSync(path) : openAsBlob(path)),
];

const out = openSync(answers, 'w');
for (const [index, line] of readFileSync(list, 'utf8').trimEnd().split('\n').entries()) {
  const job = JSON.parse(line);
  const way = ways[index % ways.length];
  writeSync(out, `{"id":${JSON.stringify(job.id)},${await answer(job, way)}}\n`);
}
closeSync(out);

async function answer(job, way) {
  const trustFor = {};
  for (const { path, purpose } of job.trust) {
    if (purpose) (trustFor[purpose] ??= []).push(readFileSync(path));
  }
  const detached = [];
  for (const { name, path } of job.detached) detached.push({ name, data: await way(path) });
  try {
    const { report, json } = await validate(await way(job.document.path), {
      name: job.document.name,
      detached,
      trust: job.trust.filter(({ purpose }) => !purpose).map(({ path }) => readFileSync(path)),
      trustFor,
      evidence: job.evidence.map((path) => readFileSync(path)),
      keys: job.keys.map((path) => readFileSync(path)),
      policy: job.policy ?? undefined,
      revocation: job.revocation ?? undefined,
      time: job.validation_time,
    });
    return report.error === null ? `"report":${json}` : failed(report.error);
  } catch (error) {
    if (!(error instanceof ImzaError)) throw error;
    // Which argument and file it was is said by this door alone.
    const { argument, file, ...details } = error.details;
    return failed({ code: error.code, reason: error.reason, details });
  }
}

function failed({ code, reason, details }) {
  const sorted = Object.fromEntries(Object.entries(details).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `"error":{"code":${JSON.stringify(code)},"reason":${JSON.stringify(reason)},`
    + `"details":${JSON.stringify(sorted)}}`;
}
