// The package in Node: `node node.mjs PACKAGE FILES`.
import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { close, test } from './tell.mjs';

// Not in every Node: a name that is not exported would stop the whole module.
const { openAsBlob, readFileSync } = fs;
const [folder, files] = process.argv.slice(2);
const { ImzaError, validate } = await import(pathToFileURL(join(folder, 'node.js')).href);
const { fromCore } = await import(pathToFileURL(join(folder, 'error.js')).href);
const file = (name) => readFileSync(join(files, name));
const time = '2026-06-15T13:00:00Z';
const trust = file('root.cer');

async function refused(work, code) {
  await assert.rejects(work, (error) => {
    assert.ok(error instanceof ImzaError, String(error));
    assert.equal(error.code, code);
    assert.equal(typeof error.reason, 'string');
    return true;
  });
}

await test('a container passes with trust', async () => {
  const outcome = await validate(file('passes.asice'), { name: 'passes.asice', trust, time });
  assert.equal(outcome.report.indication, 'TOTAL-PASSED');
  assert.equal(outcome.status, 0);
  assert.equal(outcome.report.document.name, 'passes.asice');
  assert.equal(outcome.json, JSON.stringify(outcome.report));
  assert.match(outcome.text, /TOTAL-PASSED/);
});

await test('the report is the one of the command', async () => {
  const { json } = await validate(file('passes.asice'), { name: 'passes.asice', trust, time });
  assert.equal(`${json}\n`, file('passes.json').toString());
});

await test('an altered copy fails', async () => {
  const { report, status } = await validate(file('altered.asice'), { trust, time });
  assert.equal(report.indication, 'TOTAL-FAILED');
  assert.equal(report.signatures[0].integrity, 'broken');
  assert.equal(status, 20);
});

await test('nothing is trusted unless it is given', async () => {
  const { report, status } = await validate(file('passes.asice'), { time });
  assert.equal(report.indication, 'INDETERMINATE');
  assert.equal(report.signatures[0].integrity, 'intact');
  assert.equal(status, 10);
});

await test('a password opens what is encrypted, and is not told', async () => {
  const locked = file('locked.pdf');
  for (const [password, code] of [
    [undefined, 'input.password-missing'], ['sesame', 'input.password-wrong'],
  ]) {
    const { report, json, status } = await validate(locked, { password, time });
    assert.equal(report.error.code, code);
    assert.equal(status, 30);
    assert.ok(!json.includes('sesame'));
  }
  for (const password of ['usr', 'own']) {
    const { report } = await validate(locked, { password, time });
    assert.equal(report.error, null);
    assert.equal(report.indication, null);
  }
  await assert.rejects(validate(locked, { password: 123456 }), (error) =>
    error.code === 'api-misuse.argument' && !JSON.stringify(error).includes('123456'));
});

await test('a time-stamping anchor gives no say over signers', async () => {
  const { report } = await validate(file('passes.asice'), { trustFor: { timestamping: trust }, time });
  assert.equal(report.indication, 'INDETERMINATE');
  assert.equal(report.trust.anchors, 1);
});

await test('a file of 1 GiB beside its signature, in little memory', async () => {
  if (openAsBlob === undefined) {
    console.log('skipped: the file of 1 GiB in Node: no Blobs of files before Node 19.8');
    return 'skipped';
  }
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => { most = Math.max(most, process.memoryUsage().rss); }, 20);
  const started = performance.now();
  let told = 0;
  const { report } = await validate(file('large.p7s'), {
    name: 'large.p7s',
    detached: { name: 'large.bin', data: await openAsBlob(join(files, 'large.bin')) },
    evidence: file('issuing-ca.cer'),
    trust,
    revocation: 'none',
    time,
    onProgress: ({ streamed, toStream }) => {
      assert.ok(streamed <= toStream && toStream === 1 << 30);
      told += 1;
    },
  });
  const seconds = (performance.now() - started) / 1000;
  clearInterval(watch);
  assert.equal(report.indication, 'TOTAL-PASSED');
  assert.ok(told > 0);
  assert.ok(most < 400e6, `${most} octets`);
  return `${seconds.toFixed(1)} s, ${(most / 1e6).toFixed(0)} MB in all, `
    + `${(before / 1e6).toFixed(0)} MB before`;
});

await test('the signal ends the work', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const blob = new Blob([new Uint8Array(64 << 20)]);
  const promise = validate(file('large.p7s'), {
    detached: { name: 'large.bin', data: blob },
    time,
    signal: controller.signal,
    onProgress: () => controller.abort(reason),
  });
  await assert.rejects(promise, (error) => error === reason);
  await assert.rejects(validate(blob, { signal: AbortSignal.abort(reason) }), (error) => error === reason);
});

await test('wrong arguments are errors with a code', async () => {
  const one = file('passes.asice');
  await refused(validate('passes.asice', {}), 'api-misuse.argument');
  await refused(validate(one, { time: 'yesterday' }), 'api-misuse.argument');
  await refused(validate(one, { lang: 'de' }), 'api-misuse.argument');
  await refused(validate(one, { revocation: 'sometimes' }), 'api-misuse.argument');
  await refused(validate(one, { trustFor: { all: trust } }), 'api-misuse.argument');
  await refused(validate(one, { detached: one }), 'api-misuse.argument');
  await refused(validate(one, { policy: 'lenient' }), 'api-misuse.unreadable-value');
  await assert.rejects(validate(one, { trust: { name: 'notes.txt', data: 'no certificate' } }), (error) => {
    assert.match(error.code, /^malformed\./);
    assert.equal(error.details.file, 'notes.txt');
    return true;
  });
});

await test('a trap is an error with the message of the panic', () => {
  const trap = new WebAssembly.RuntimeError('unreachable');
  const known = fromCore(trap, () => 'panicked at core/src/lib.rs:1:1');
  assert.ok(known.isFatal && known.error instanceof ImzaError);
  assert.equal(known.error.code, 'internal.panic');
  assert.equal(known.error.details.panic, 'panicked at core/src/lib.rs:1:1');
  const mute = fromCore(trap, () => { throw trap; });
  assert.ok(mute.isFatal && mute.error.details.panic === undefined);
  const ours = fromCore('{"code":"input.short","reason":"r","details":{"a":"b"}}', () => assert.fail());
  assert.ok(!ours.isFatal);
  assert.deepEqual(ours.error.toJSON(), { code: 'input.short', reason: 'r', details: { a: 'b' } });
});

await test('every language tells why and what to do', async () => {
  const seen = new Set();
  for (const lang of ['az', 'en', 'ru', 'tr']) {
    const { text, words } = await validate(file('altered.asice'), { trust, time, lang });
    const [{ checks: [{ what }], advice }] = words.signatures;
    assert.ok(what.length > 0 && advice.length > 0 && text.includes('TOTAL-FAILED'));
    seen.add(text).add(what);
  }
  assert.equal(seen.size, 8);
});

await test('a document that cannot be processed is a report', async () => {
  const { report, status } = await validate(Buffer.from('nothing that is signed here'), { time });
  assert.equal(report.error.code, 'input.unknown-kind');
  assert.equal(status, 30);
});

await test('many at a time come out apart', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `${index}.asice`);
  const outcomes = await Promise.all(names.map((name, index) =>
    validate(file(index % 2 === 0 ? 'passes.asice' : 'altered.asice'), { name, trust, time })));
  assert.deepEqual(outcomes.map(({ report }) => report.document.name), names);
  assert.deepEqual(outcomes.map(({ status }) => status), names.map((_, index) => (index % 2 === 0 ? 0 : 20)));
});

close();
