// Pictures of the page for people to look at: every language, light and dark, wide and narrow,
// with every kind of verdict.

const SIZES = { wide: { width: 1000, height: 1100 }, phone: { width: 390, height: 844 } };
const CASES = {
  empty: {},
  passed: { document: 'passes.asice', trust: ['root.cer'] },
  failed: { document: 'altered.asice', trust: ['root.cer'] },
  untrusted: { document: 'passes.asice' },
  unknown: { document: 'root.cer' },
};

export async function take({ browser, origin, file, folder }) {
  const shots = [
    ['en', 'light', 'wide', 'empty'],
    ['en', 'dark', 'wide', 'passed'],
    ['az', 'light', 'wide', 'passed'],
    ['ru', 'light', 'phone', 'failed'],
    ['tr', 'dark', 'phone', 'untrusted'],
    ['en', 'light', 'phone', 'passed'],
    ['az', 'dark', 'phone', 'empty'],
    ['ru', 'dark', 'wide', 'untrusted'],
    ['tr', 'light', 'wide', 'failed'],
    ['en', 'light', 'wide', 'unknown'],
  ];
  for (const [lang, scheme, size, kind] of shots) {
    const context = await browser.newContext({
      viewport: SIZES[size], colorScheme: scheme, deviceScaleFactor: size === 'phone' ? 2 : 1,
      reducedMotion: 'reduce',
    });
    const tab = await context.newPage();
    await tab.goto(`${origin}/?lang=${lang}`);
    const { document, trust = [] } = CASES[kind];
    if (document !== undefined) {
      await tab.locator('#more > summary').click();
      await tab.locator('#time').fill('2026-06-15T13:00');
      await tab.locator('#more > summary').click();
      await tab.locator('#trust').setInputFiles(trust.map(file));
      await tab.locator('#document').setInputFiles(file(document));
      await tab.locator('#result:not([hidden])[aria-busy="false"]').waitFor();
      if (kind === 'failed') await tab.locator('#result summary').click();
    }
    await tab.screenshot({ path: `${folder}/${kind}-${lang}-${scheme}-${size}.png`, fullPage: true });
    await context.close();
  }
}
