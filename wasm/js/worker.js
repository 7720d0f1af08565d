// The thread in which documents are read and judged; the page only waits.
import init, * as core from './imza.js';
import { ImzaError, fromCore } from './error.js';
import { Aborted, run } from './run.js';

const ready = init().catch((cause) => {
  throw new ImzaError({
    code: 'environment.wasm',
    reason: 'the library could not be loaded',
    details: { cause: String(cause?.message ?? cause) },
  });
});
// Whoever asks is told; nobody need have asked yet.
ready.catch(() => {});

/** Requests under way, by number. */
const open = new Map();

addEventListener('message', async ({ data }) => {
  const { id, kind } = data;
  if (kind === 'abort') {
    const signal = open.get(id);
    if (signal !== undefined) signal.aborted = true;
    return;
  }
  const signal = { aborted: false };
  open.set(id, signal);
  try {
    await ready;
    const tell = (progress) => postMessage({ id, kind: 'progress', progress });
    const outcome = await run(core, data.request, { signal, tell });
    postMessage({ id, kind: 'done', outcome });
  } catch (thrown) {
    if (thrown instanceof Aborted) return;
    const { error, isFatal } = fromCore(thrown, core.panicked);
    postMessage({ id, kind: 'failed', error: error.toJSON(), isFatal });
  } finally {
    open.delete(id);
  }
});
