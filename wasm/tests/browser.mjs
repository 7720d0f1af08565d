// The page in Chromium: `node browser.mjs PAGE FILES MODULES CHROMIUM [SCREENSHOTS]`.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { serve } from './serve.mjs';
import { close, test } from './tell.mjs';

const [page, files, modules, chromium, pictures] = process.argv.slice(2);
const { chromium: playwright } = createRequire(join(modules, 'x.js'))('playwright-core');
const file = (name) => join(files, name);
const LIMIT = 250e6;

const server = await serve(page);
const mark = `--imza-test=${randomUUID()}`;
const browser = await playwright.launch({
  executablePath: chromium,
  args: [mark, '--no-sandbox', '--disable-dev-shm-usage'],
});

/** A fresh profile whose every request and every broken rule is written down. */
async function open(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1000, height: 1100 }, ...options });
  const seen = { requests: [], complaints: [] };
  context.on('request', (request) => seen.requests.push(request.url()));
  context.on('console', (message) => {
    if (message.type() === 'error') seen.complaints.push(message.text());
  });
  context.on('weberror', (error) => seen.complaints.push(String(error.error())));
  await context.addInitScript(() => {
    addEventListener('securitypolicyviolation', (event) =>
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
  });
  const tab = await context.newPage();
  return { context, tab, seen };
}

/** Leaves, and sees that nobody else was asked and no rule was broken. */
async function leave({ context, seen }) {
  await context.close();
  assert.deepEqual(seen.complaints, []);
  const strangers = seen.requests.filter((url) => !url.startsWith(`${server.origin}/`) && !url.startsWith('blob:'));
  assert.deepEqual(strangers, []);
}

async function visit(tab, lang = 'en') {
  await tab.goto(`${server.origin}/?lang=${lang}`);
}

/** Fills in the time that the vectors are judged at. */
async function atTheirTime(tab) {
  await tab.locator('#more > summary').click();
  await tab.locator('#time').fill('2026-06-15T13:00');
}

async function verdict(tab, timeout = 30_000) {
  await tab.locator('#result:not([hidden])[aria-busy="false"]').waitFor({ timeout });
  return tab.locator('#result .verdict .code').first().textContent();
}

async function give(tab, document, others = {}) {
  for (const [kind, names] of Object.entries(others)) {
    await tab.locator(`#${kind}`).setInputFiles(names.map(file));
  }
  await tab.locator('#document').setInputFiles(file(document));
}

await test('a container passes with trust', async () => {
  const visitor = await open();
  const { tab } = visitor;
  await visit(tab);
  await atTheirTime(tab);
  await give(tab, 'passes.asice', { trust: ['root.cer'] });
  assert.equal(await verdict(tab), 'TOTAL-PASSED');
  assert.equal(await tab.locator('#verdict').textContent(), 'Valid');
  assert.match(await tab.locator('#status').textContent(), /passes\.asice/);
  await leave(visitor);
});

await test('the report is the one of the command', async () => {
  const visitor = await open();
  const { tab } = visitor;
  await visit(tab);
  await atTheirTime(tab);
  await give(tab, 'passes.asice', { trust: ['root.cer'] });
  await verdict(tab);
  await tab.locator('#result summary').click();
  const [download] = await Promise.all([tab.waitForEvent('download'), tab.locator('.save').click()]);
  assert.equal(download.suggestedFilename(), 'passes.asice.imza.json');
  assert.equal(readFileSync(await download.path(), 'utf8'), readFileSync(file('passes.json'), 'utf8'));
  await leave(visitor);
});

await test('an altered copy fails', async () => {
  const visitor = await open();
  const { tab } = visitor;
  await visit(tab);
  await atTheirTime(tab);
  await give(tab, 'altered.asice', { trust: ['root.cer'] });
  assert.match(await verdict(tab), /^TOTAL-FAILED/);
  await leave(visitor);
});

await test('nothing is trusted unless it is given', async () => {
  const visitor = await open();
  const { tab } = visitor;
  await visit(tab);
  await atTheirTime(tab);
  await give(tab, 'passes.asice');
  assert.match(await verdict(tab), /^INDETERMINATE/);
  await leave(visitor);
});

await test('a file that is no certificate is named', async () => {
  const visitor = await open();
  const { tab } = visitor;
  await visit(tab);
  await give(tab, 'passes.asice', { trust: ['altered.asice'] });
  assert.match(await verdict(tab), /^malformed\./);
  assert.match(await tab.locator('#result').textContent(), /altered\.asice/);
  await leave(visitor);
});

await test('the password of an encrypted PDF is asked for', async () => {
  const visitor = await open();
  const { tab } = visitor;
  await visit(tab);
  await give(tab, 'locked.pdf');
  const type = async (password) => {
    await tab.locator('#password').fill(password);
    await tab.keyboard.press('Enter');
  };
  assert.equal(await verdict(tab), 'input.password-missing');
  assert.equal(await tab.evaluate(() => document.activeElement.id), 'password');
  await type('sesame');
  await tab.getByText('input.password-wrong', { exact: true }).waitFor();
  await type('usr');
  await tab.locator('#verdict', { hasText: 'Nothing is signed' }).waitFor();
  // Another document, or the same chosen again, is asked about anew.
  await give(tab, 'passes.asice');
  await tab.locator('#document-chosen', { hasText: 'passes.asice' }).waitFor();
  await give(tab, 'locked.pdf');
  await tab.getByText('input.password-missing', { exact: true }).waitFor();
  await leave(visitor);
});

await test('the keyboard is enough', async () => {
  const visitor = await open();
  const { tab } = visitor;
  await visit(tab);
  const reached = [];
  for (let step = 0; step < 12; step += 1) {
    await tab.keyboard.press('Tab');
    reached.push(await tab.evaluate(() => document.activeElement.id || document.activeElement.value));
  }
  for (const wanted of ['az', 'tr', 'document', 'trust', 'detached', 'check']) {
    assert.ok(reached.includes(wanted), `${wanted} in ${reached}`);
  }
  await leave(visitor);
});

await test('a file of 1 GiB beside its signature, in little memory', async () => {
  const visitor = await open();
  const { tab } = visitor;
  await visit(tab);
  await atTheirTime(tab);
  await tab.locator('#revocation').selectOption('none');
  const known = new Set(renderers().map(({ pid }) => pid));
  assert.ok(known.size > 0);
  await give(tab, 'large.p7s', {
    trust: ['root.cer'], evidence: ['issuing-ca.cer'], detached: ['large.bin'],
  });
  let most = 0;
  const watch = setInterval(() => {
    for (const { resident } of renderers()) most = Math.max(most, resident);
  }, 50);
  const started = performance.now();
  assert.equal(await verdict(tab, 300_000), 'TOTAL-PASSED');
  const seconds = (performance.now() - started) / 1000;
  clearInterval(watch);
  for (const { peak } of renderers()) most = Math.max(most, peak);
  assert.ok(most > 0 && most < LIMIT, `${most} octets`);
  await leave(visitor);
  return `${seconds.toFixed(1)} s, ${(most / 1e6).toFixed(0)} MB`;
});

await test('from a cold page to the first verdict', async () => {
  const times = [];
  for (let round = 0; round < 5; round += 1) {
    // A profile that has never seen the page; the clock runs from the beginning of the navigation.
    const cold = await open();
    const octets = file('passes.asice');
    const root = file('root.cer');
    await cold.tab.goto(`${server.origin}/`, { waitUntil: 'commit' });
    const took = await cold.tab.evaluate(async ([octets, root]) => {
      const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
      const { validate } = await import('/imza/index.js');
      const { report } = await validate(new File([bytes(octets)], 'passes.asice'), {
        trust: bytes(root), time: '2026-06-15T13:00:00Z',
      });
      if (report.indication !== 'TOTAL-PASSED') throw new Error(report.indication);
      return performance.now();
    }, [octets, root].map((path) => readFileSync(path).toString('base64')));
    times.push(took);
    await leave(cold);
  }
  times.sort((a, b) => a - b);
  return `median ${times[2].toFixed(0)} ms of ${times.map((one) => one.toFixed(0)).join(', ')}`;
});

if (pictures !== undefined) {
  const { take } = await import('./pictures.mjs');
  await take({ browser, origin: server.origin, file, folder: pictures });
}

await browser.close();
await server.stop();
close();

/** The processes of this browser that run pages, with their memory in octets. */
function renderers() {
  const processes = new Map();
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    try {
      const status = readFileSync(`/proc/${entry}/status`, 'utf8');
      const line = readFileSync(`/proc/${entry}/cmdline`, 'utf8').replaceAll('\0', ' ');
      const field = (name) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
      processes.set(Number(entry), {
        pid: Number(entry),
        parent: field('PPid'),
        resident: field('VmRSS') * 1024,
        peak: field('VmHWM') * 1024,
        line,
      });
    } catch {
      // Gone meanwhile.
    }
  }
  const isOurs = (one) => {
    for (let at = one; at !== undefined; at = processes.get(at.parent)) {
      if (at.line.includes(mark)) return true;
    }
    return false;
  };
  return [...processes.values()].filter((one) => one.line.includes('--type=renderer') && isOurs(one));
}
