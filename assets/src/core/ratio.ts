// Of how many frames one is sent to the page: the server samples when there are many.

/** Frames of so long ago weigh half as much in the ratio of what is shown, in messages. */
const HALF_LIFE = 20;

/** Ratio follows how many frames the server sends of those that there are. */
export class Ratio {
  private shown = 0;
  private total = 0;

  /** add counts one message's frames. */
  add(shown: number, total: number): void {
    const keep = 0.5 ** (1 / HALF_LIFE);
    this.shown = this.shown * keep + shown;
    this.total = this.total * keep + total;
  }

  /** of is N where one of N is shown; 1 means all of them. */
  get of(): number {
    return this.shown > 0 ? Math.max(1, Math.round(this.total / this.shown)) : 1;
  }
}
