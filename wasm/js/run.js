// The loop between the job of the core and a browser or Node: `transport::drive` in JavaScript.
import { ImzaError } from './error.js';

/** Octets that are read at a time while payload is streamed. */
const CHUNK = 1 << 20;
/** Progress is told at most this often, in milliseconds. */
const TELL_EVERY = 100;

/**
 * Runs one request to its report.
 *
 * @param {any} core the exports of wasm-bindgen
 * @param {any} request of `readRequest`
 * @param {{signal?: {aborted: boolean}, tell?: (progress: object) => void}} hooks
 */
export async function run(core, request, { signal, tell } = {}) {
  const settings = settingsOf(core, request);
  let job;
  try {
    const announced = request.inputs.map(({ name, blob }) => ({ name, length: blob.size }));
    const seed = crypto.getRandomValues(new Uint8Array(32));
    job = new core.Job(settings, JSON.stringify(announced), seed, request.password);
  } finally {
    release(settings);
  }
  let told = performance.now();
  const between = () => {
    throwIfAborted(signal);
    if (tell === undefined || performance.now() - told < TELL_EVERY) return;
    told = performance.now();
    tell(JSON.parse(job.progress()));
  };
  try {
    for (;;) {
      const needs = JSON.parse(job.step());
      if (needs === null) {
        return {
          json: job.json(),
          text: job.text(request.lang),
          words: JSON.parse(job.words(request.lang)),
          status: job.status(),
        };
      }
      for (const need of needs) {
        throwIfAborted(signal);
        await answer(job, need, request.inputs, between);
      }
    }
  } finally {
    release(job);
  }
}

/** Gives memory back; a dead instance refuses, and is thrown away as a whole. */
function release(value) {
  try {
    value.free();
  } catch {
    // The error that killed it is on its way.
  }
}

/** Thrown between two chunks; whoever asked has stopped listening. */
export class Aborted extends Error {}

function throwIfAborted(signal) {
  if (signal?.aborted) throw new Aborted();
}

function settingsOf(core, request) {
  const settings = new core.Settings(request.words);
  const add = ({ argument, name }, put) => {
    try {
      put();
    } catch (thrown) {
      if (typeof thrown !== 'string') throw thrown;
      // Which of the files it was.
      const { code, reason, details } = JSON.parse(thrown);
      const file = name === undefined ? {} : { file: name };
      throw new ImzaError({ code, reason, details: { ...details, argument, ...file } });
    }
  };
  for (const file of request.trust) {
    add(file, () => settings.trust(file.octets, file.purpose));
  }
  for (const file of request.evidence) add(file, () => settings.evidence(file.octets));
  for (const file of request.keys) add(file, () => settings.key(file.octets));
  return settings;
}

async function answer(job, need, inputs, between) {
  const blob = inputs[need.input]?.blob;
  switch (need.kind) {
    case 'read': {
      const octets = await page(blob, need);
      if (octets === undefined) job.unreadable(need.id);
      else job.supply(need.id, octets);
      break;
    }
    case 'stream':
      if (await stream(blob, need, (chunk) => job.feed(need.id, chunk), between)) job.end(need.id);
      else job.unreadable(need.id);
      break;
    case 'fetch':
      job.offline(need.id);
      break;
    default:
      job.end(need.id);
  }
}

async function page(blob, { start, end }) {
  try {
    return new Uint8Array(await blob.slice(start, end).arrayBuffer());
  } catch {
    // Removed, changed or forbidden since it was chosen.
    return undefined;
  }
}

/** Feeds a range in order; says whether all of it could be read. */
async function stream(blob, { start, end }, feed, between) {
  const slice = blob.slice(start, end);
  let left = end - start;
  try {
    for await (const chunk of chunks(slice)) {
      left -= chunk.byteLength;
      feed(chunk);
      between();
    }
  } catch (thrown) {
    if (thrown?.name !== 'NotReadableError' && thrown?.name !== 'NotFoundError') throw thrown;
    return false;
  }
  return left === 0;
}

/**
 * The octets of a Blob, through one buffer that goes to and fro where the platform can: the only
 * way that was measured to keep the memory of a page flat. A chunk is valid until the next one.
 */
async function* chunks(blob) {
  let reader;
  try {
    reader = blob.stream().getReader({ mode: 'byob' });
  } catch {
    // Older engines give no octet streams of Blobs.
    for (let start = 0; start < blob.size; start += CHUNK) {
      yield new Uint8Array(await blob.slice(start, start + CHUNK).arrayBuffer());
    }
    return;
  }
  let buffer = new ArrayBuffer(CHUNK);
  try {
    for (;;) {
      const { value, done } = await reader.read(new Uint8Array(buffer));
      if (value !== undefined && value.byteLength > 0) yield value;
      if (done) return;
      buffer = value.buffer;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
