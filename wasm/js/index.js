// The package in a browser.
import { ImzaError } from './error.js';
import { readRequest } from './request.js';

export { ImzaError };

/** The thread, while it lives, and whoever waits for it, by number. */
let worker;
let waiting = new Map();
let last = 0;

/** Starts the thread and loads the library, so that the first document need not wait for it. */
export function prepare() {
  if (worker !== undefined) return;
  const started = new Worker(new URL('./worker.js', import.meta.url), {
    type: 'module',
    name: 'imza',
  });
  worker = started;
  started.addEventListener('message', ({ data }) => hear(data));
  started.addEventListener('error', (event) => {
    event.preventDefault();
    if (worker !== started) return;
    end(new ImzaError({
      code: 'environment.worker',
      reason: 'the thread of the library could not be started, or stopped',
      details: event.message ? { cause: event.message } : {},
    }));
  });
}

/**
 * Validates a document; see `index.d.ts`.
 */
export async function validate(document, options = {}) {
  const { signal, onProgress } = options;
  signal?.throwIfAborted();
  const request = await readRequest(document, options);
  signal?.throwIfAborted();
  prepare();
  const id = ++last;
  const outcome = await new Promise((resolve, reject) => {
    const abort = () => {
      waiting.delete(id);
      worker?.postMessage({ id, kind: 'abort' });
      reject(signal.reason);
    };
    signal?.addEventListener('abort', abort, { once: true });
    const settle = (how) => (what) => {
      signal?.removeEventListener('abort', abort);
      how(what);
    };
    waiting.set(id, { resolve: settle(resolve), reject: settle(reject), onProgress });
    worker.postMessage({ id, kind: 'validate', request });
  });
  return { report: JSON.parse(outcome.json), ...outcome };
}

function hear({ id, kind, ...message }) {
  const one = waiting.get(id);
  if (kind === 'progress') {
    one?.onProgress?.(message.progress);
    return;
  }
  if (kind === 'failed' && message.isFatal) {
    // The instance is dead: so is everything that it was doing.
    end(new ImzaError(message.error));
    return;
  }
  waiting.delete(id);
  if (kind === 'done') one?.resolve(message.outcome);
  else one?.reject(new ImzaError(message.error));
}

/** Ends the thread; the next document starts another. */
function end(error) {
  const left = waiting;
  waiting = new Map();
  worker?.terminate();
  worker = undefined;
  for (const { reject } of left.values()) reject(error);
}
