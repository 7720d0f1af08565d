// Named tests one after the other, with a closing line that `cargo xtask test` counts.
const results = { passed: 0, failed: 0 };

export async function test(name, work) {
  try {
    const figure = await work();
    results.passed += 1;
    console.log(`test ${name} ... ok${figure === undefined ? '' : ` (${figure})`}`);
  } catch (error) {
    results.failed += 1;
    console.log(`test ${name} ... FAILED`);
    console.log(error?.stack ?? error);
  }
}

export function close() {
  const { passed, failed } = results;
  console.log(`test result: ${failed === 0 ? 'ok' : 'FAILED'}. ${passed} passed; ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}
