// The package in Node: the same job in the thread of the caller, which gets its turn between two
// chunks of payload.
import { readFile } from 'node:fs/promises';
import { webcrypto } from 'node:crypto';
import { ImzaError, fromCore } from './error.js';
import { readRequest } from './request.js';
import { Aborted, run } from './run.js';

export { ImzaError };

// Node 18 has it under another name.
globalThis.crypto ??= webcrypto;

let octets;
let loading;
let generation = 0;

/** Loads the library, so that the first document need not wait for it. */
export function prepare() {
  loading ??= load();
  // Whoever validates is told.
  loading.catch(() => {});
}

async function load() {
  try {
    octets ??= await readFile(new URL('./imza_bg.wasm', import.meta.url));
    // A module of its own for every instance: a dead one is never called again.
    const core = await import(`./imza.js?${generation}`);
    await core.default({ module_or_path: octets });
    return core;
  } catch (cause) {
    loading = undefined;
    throw new ImzaError({
      code: 'environment.wasm',
      reason: 'the library could not be loaded',
      details: { cause: String(cause?.message ?? cause) },
    });
  }
}

/**
 * Validates a document; see `index.d.ts`.
 */
export async function validate(document, options = {}) {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const request = await readRequest(document, options);
  prepare();
  const core = await loading;
  try {
    const outcome = await run(core, request, { signal, tell: onProgress });
    return { report: JSON.parse(outcome.json), ...outcome };
  } catch (thrown) {
    if (thrown instanceof Aborted) throw signal.reason;
    const { error, isFatal } = fromCore(thrown, core.panicked);
    if (isFatal) {
      generation += 1;
      loading = undefined;
    }
    throw error;
  }
}
