import type { Report } from './report.js';

export type * from './report.js';

/** Octets at hand. A `Buffer` of Node is one. */
export type Octets = ArrayBuffer | ArrayBufferView;

/** A document: a `File` brings its name. */
export type Input = Blob | Octets | { name: string; data: Blob | Octets };

/** A small file of certificates, revocation data or keys; PEM may come as text. */
export type Material = Input | string | { name?: string; data: Blob | Octets | string };

export type Purpose = 'signing' | 'timestamping' | 'ocsp';

export interface Options {
  /** The name in the report, where the document brings none. */
  name?: string;
  /** The whole trust set, for all purposes: nothing is built in. */
  trust?: Material | Material[];
  /** Anchors for one purpose only. */
  trustFor?: Partial<Record<Purpose, Material | Material[]>>;
  /** Certificates, CRLs, OCSP responses, evidence records: material without trust. */
  evidence?: Material | Material[];
  /** Certificates or public keys for signatures that carry none: they tell integrity, not trust. */
  keys?: Material | Material[];
  /** What a detached signature covers. Names must be those that the signature uses, if it does. */
  detached?: Input | Input[];
  /** Opens an encrypted PDF, where the empty password does not; kept nowhere. */
  password?: string;
  /** `default`, `historic`, `rfc5280`, or a policy as an object or its JSON. */
  policy?: string | object;
  /** What missing or stale revocation data is worth, where it departs from the policy. */
  revocation?: 'require' | 'soft' | 'none';
  /** EN 319 102-1's current time; the clock of the machine without. */
  time?: Date | string;
  /** A proof of existence that you vouch for. */
  provenAt?: Date | string;
  /** The language of `text`; English without. */
  lang?: 'az' | 'en' | 'ru' | 'tr';
  /** Ends the work; the promise is rejected with the reason of the signal. */
  signal?: AbortSignal;
  /** Told at times while payload is read. */
  onProgress?: (progress: Progress) => void;
}

/** Octets of payload. */
export interface Progress {
  streamed: number;
  toStream: number;
}

export interface Outcome {
  /** The report, `imza-report/1`. */
  report: Report;
  /** The same as the one line that the command writes, byte for byte. */
  json: string;
  /** The same in words. */
  text: string;
  /** The same sentence by sentence, for a page that lays them out itself. */
  words: Words;
  /** The exit status that the command would end with: 0 only when everything passed. */
  status: 0 | 10 | 20 | 30;
}

/** A verdict for a person, in the language that was asked for. */
export interface VerdictWords {
  /** What the indication means. */
  indication: string | null;
  /** What is the matter: of the sub-indication, or of the error. */
  what: string | null;
  /** What to do about it. */
  advice: string | null;
}

export interface Words extends VerdictWords {
  /** In the order of the report. */
  signatures: (VerdictWords & {
    /** The cryptographic fact. */
    integrity: string;
    /** What it means that a check does not hold. */
    checks: { id: string; what: string }[];
  })[];
}

/**
 * Validates a document.
 *
 * A bad signature, an unreadable document, a reached limit: all these are reports. The promise is
 * rejected when the arguments are wrong (`api-misuse.…`, `malformed.…` for a file of trust, evidence
 * or keys), when the library cannot run (`environment.…`) and when it fails (`internal.panic`). No
 * other host is asked.
 */
export function validate(document: Input, options?: Options): Promise<Outcome>;

/** Loads the library ahead of the first document. */
export function prepare(): void;

/** Could not do the work. */
export class ImzaError extends Error {
  /** Stable, such as `api-misuse.argument`. */
  readonly code: string;
  /** A sentence for a person, in English. */
  readonly reason: string;
  /** Compared values and places, by name; `file` is the name of the file that is at fault. */
  readonly details: Record<string, string>;
  toJSON(): { code: string; reason: string; details: Record<string, string> };
}
