// What a caller hands over, in the form that the job takes: names and Blobs, small files as octets.
import { ImzaError } from './error.js';

const REVOCATION = ['require', 'soft', 'none'];
const PURPOSES = ['signing', 'timestamping', 'ocsp'];
const LANGUAGES = ['az', 'en', 'ru', 'tr'];

function misuse(argument, why) {
  return new ImzaError({
    code: 'api-misuse.argument',
    reason: `${argument}: ${why}`,
    details: { argument },
  });
}

/**
 * @param {unknown} document
 * @param {Record<string, any>} options
 */
export async function readRequest(document, options = {}) {
  const {
    name, trust, trustFor, evidence, keys, detached, password, policy, revocation, time, provenAt,
    lang,
  } = options;
  if (revocation !== undefined && !REVOCATION.includes(revocation)) {
    throw misuse('revocation', `one of ${REVOCATION.join(', ')}`);
  }
  if (lang !== undefined && !LANGUAGES.includes(lang)) {
    throw misuse('lang', `one of ${LANGUAGES.join(', ')}`);
  }
  if (password !== undefined && typeof password !== 'string') throw misuse('password', 'text');
  const first = input(document, 'document', name);
  const inputs = [{ ...first, name: first.name ?? 'document' }];
  for (const one of list(detached)) {
    const beside = input(one, 'detached');
    if (beside.name === undefined) {
      throw misuse('detached', 'a name is needed: a File, or {name, data}');
    }
    inputs.push(beside);
  }
  const anchors = [];
  for (const one of list(trust)) anchors.push(await material(one, 'trust'));
  for (const [purpose, files] of Object.entries(trustFor ?? {})) {
    if (!PURPOSES.includes(purpose)) {
      throw misuse('trustFor', `no such purpose: ${purpose}`);
    }
    for (const one of list(files)) {
      anchors.push({ ...(await material(one, 'trustFor')), purpose });
    }
  }
  const given = [];
  for (const one of list(evidence)) given.push(await material(one, 'evidence'));
  const keyFiles = [];
  for (const one of list(keys)) keyFiles.push(await material(one, 'keys'));
  const words = { time: rfc3339(time ?? new Date(), 'time') };
  if (provenAt !== undefined) words.provenAt = rfc3339(provenAt, 'provenAt');
  if (revocation !== undefined) words.revocation = revocation;
  if (policy !== undefined) {
    words.policy = typeof policy === 'string' ? policy : JSON.stringify(policy);
  }
  return {
    inputs,
    trust: anchors,
    evidence: given,
    keys: keyFiles,
    password,
    words: JSON.stringify(words),
    lang: lang ?? 'en',
  };
}

/** One, several or none. */
function list(given) {
  if (given === undefined || given === null) return [];
  return Array.isArray(given) ? given : [given];
}

/** A document: it stays where it is, and is read as it is needed. */
function input(given, argument, name) {
  const data = isNamed(given) ? given.data : given;
  const own = isNamed(given) ? given.name : given?.name;
  const chosen = name ?? (typeof own === 'string' ? own : undefined);
  const label = chosen === undefined ? {} : { name: chosen };
  if (data instanceof Blob) return { ...label, blob: data };
  const bytes = octetsOf(data);
  if (bytes === undefined) throw misuse(argument, 'a File, a Blob, or octets');
  return { ...label, blob: new Blob([bytes]) };
}

/** A small file: certificates, revocation data, keys. PEM may come as text. */
async function material(given, argument) {
  const data = isNamed(given) ? given.data : given;
  const name = typeof given?.name === 'string' ? given.name : undefined;
  if (typeof data === 'string') return { argument, name, octets: new TextEncoder().encode(data) };
  if (data instanceof Blob) {
    try {
      return { argument, name, octets: new Uint8Array(await data.arrayBuffer()) };
    } catch {
      throw new ImzaError({
        code: 'input.unreadable',
        reason: `${argument}: the file could not be read`,
        details: name === undefined ? { argument } : { argument, file: name },
      });
    }
  }
  const octets = octetsOf(data);
  if (octets === undefined) throw misuse(argument, 'a File, a Blob, octets or text in PEM');
  return { argument, name, octets };
}

function isNamed(given) {
  return typeof given === 'object' && given !== null && !(given instanceof Blob) && 'data' in given;
}

function octetsOf(data) {
  if (data instanceof ArrayBuffer) return new Uint8Array(data);
  if (ArrayBuffer.isView(data)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  return undefined;
}

/** Whole seconds, as the command reads its clock. */
function rfc3339(given, argument) {
  if (typeof given === 'string') return given;
  if (given instanceof Date && !Number.isNaN(given.getTime())) {
    return given.toISOString().replace(/\.\d+Z$/, 'Z');
  }
  throw misuse(argument, 'a Date, or text such as 2026-03-01T12:00:00Z');
}
