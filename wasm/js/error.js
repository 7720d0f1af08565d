/**
 * Could not do the work. A bad signature is never an error: it is a report.
 */
export class ImzaError extends Error {
  /**
   * @param {{code: string, reason: string, details?: Record<string, string>}} failure
   */
  constructor({ code, reason, details = {} }) {
    super(`${code}: ${reason}`);
    this.name = 'ImzaError';
    this.code = code;
    this.reason = reason;
    this.details = details;
  }

  /** The three members, as they cross between threads. */
  toJSON() {
    return { code: this.code, reason: this.reason, details: this.details };
  }
}

/**
 * What the core threw, as an `ImzaError`. The core throws JSON; anything else means that the
 * instance is dead, and `isFatal` says so.
 *
 * @param {unknown} thrown
 * @param {() => string | undefined} panicked
 */
export function fromCore(thrown, panicked) {
  if (thrown instanceof ImzaError) return { error: thrown, isFatal: false };
  if (typeof thrown === 'string') {
    try {
      return { error: new ImzaError(JSON.parse(thrown)), isFatal: false };
    } catch {
      // Not ours: falls through.
    }
  }
  const trap = thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown);
  let panic;
  try {
    panic = panicked();
  } catch {
    // The instance cannot even be asked.
  }
  const error = new ImzaError({
    code: 'internal.panic',
    reason: 'the library stopped; this is a fault in it, and no verdict was reached',
    details: panic === undefined ? { trap } : { trap, panic },
  });
  return { error, isFatal: true };
}
