// Accessibility: axe over pages in Chromium: `node axe.mjs PAGE REPORTS FILES MODULES CHROMIUM`.
//
// REPORTS is a folder of HTML reports, PAGE the demonstration page; each is looked at in light and in
// dark, wide and as narrow as a telephone.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { serve } from './serve.mjs';
import { close, test } from './tell.mjs';

const [page, reports, files, modules, chromium] = process.argv.slice(2);
const require = createRequire(join(modules, 'x.js'));
const { chromium: playwright } = require('playwright-core');
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const WIDE = { width: 1000, height: 1100 };
const PHONE = { width: 390, height: 844 };

const server = await serve(page);
const browser = await playwright.launch({
  executablePath: chromium,
  args: ['--no-sandbox', '--disable-dev-shm-usage'],
});

/** What axe finds in a tab; pages forbid scripts, so that axe has to come in beside their policy. */
async function faults(tab) {
  await tab.evaluate(axe);
  const found = await tab.evaluate(() =>
    globalThis.axe.run(document, { resultTypes: ['violations'] }));
  assert.ok(found.passes.length > 10, 'axe looked at nothing');
  return found.violations.map(({ id, help, nodes }) =>
    `${id}: ${help}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 160)).join(' | ')}`);
}

async function look(address, options, prepare = async () => {}) {
  const context = await browser.newContext({ bypassCSP: true, reducedMotion: 'reduce', ...options });
  const tab = await context.newPage();
  await tab.goto(address);
  await prepare(tab);
  const wrong = await faults(tab);
  await context.close();
  assert.deepEqual(wrong, []);
}

const pages = readdirSync(reports).filter((name) => name.endsWith('.html')).sort();
assert.ok(pages.length >= 40, `${pages.length} reports`);
// Every page in light; each fifth, of another language each time, in dark and narrow too.
for (const [index, name] of pages.entries()) {
  await test(`axe: ${name}`, async () => {
    const address = pathToFileURL(resolve(reports, name)).href;
    const open = (tab) => tab.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    await look(address, { viewport: WIDE, colorScheme: 'light' }, open);
    if (index % 5 === 0) await look(address, { viewport: PHONE, colorScheme: 'dark' }, open);
  });
}

for (const [lang, colorScheme, viewport] of [
  ['az', 'light', WIDE], ['en', 'dark', WIDE], ['ru', 'dark', PHONE], ['tr', 'light', PHONE],
]) {
  for (const document of [undefined, 'passes.asice', 'altered.asice', 'locked.pdf']) {
    await test(`axe: page, ${lang}, ${colorScheme}, ${document ?? 'empty'}`, async () => {
      await look(`${server.origin}/?lang=${lang}`, { viewport, colorScheme }, async (tab) => {
        await tab.locator('#more > summary').click();
        if (document === undefined) return;
        await tab.locator('#time').fill('2026-06-15T13:00');
        await tab.locator('#trust').setInputFiles([join(files, 'root.cer')]);
        await tab.locator('#document').setInputFiles(join(files, document));
        await tab.locator('#result:not([hidden])[aria-busy="false"]').waitFor();
        await tab.locator('#result summary').first().click();
      });
    });
  }
}

await browser.close();
await server.stop();
close();
