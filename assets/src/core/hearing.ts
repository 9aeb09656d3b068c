// Whether the lab still speaks. A connection that nobody has closed tells nothing: the console may have been
// stopped, or its computer be asleep, and a picture that moves by itself would go on as if all were well.

/**
 * The console says something twice a second; after so long without, in milliseconds, it is silent. A look at a
 * thousand nodes may hold it up for some seconds.
 */
export const SILENCE = 8000;

/** Hearing notices that nothing is heard any more, once, and that it is again. */
export class Hearing {
  private last: number | null = null; // null while nothing is expected
  private silent = false;

  /** hear notes a message; true when it ends a silence. */
  hear(now: number): boolean {
    const ended = this.silent;
    this.last = now;
    this.silent = false;
    return ended;
  }

  /** check looks at the time; true when a silence has begun. */
  check(now: number): boolean {
    if (this.silent || this.last === null || now - this.last < SILENCE) return false;
    this.silent = true;
    return true;
  }

  /** hang notes that the connection is gone, and nothing is expected of it. */
  hang(): void {
    this.last = null;
    this.silent = false;
  }
}
