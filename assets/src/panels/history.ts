// The terminal's history: what the arrow keys bring back.

/** So many lines are remembered, as many as a lesson could type. */
const LIMIT = 200;

/** History remembers lines and where the arrows have gone. */
export class History {
  private lines: string[] = [];
  private at = 0;
  private draft = "";

  /** add remembers a line, once if it is the same as the last, and goes back to the end. */
  add(line: string): void {
    if (line && line !== this.lines.at(-1)) this.lines = [...this.lines, line].slice(-LIMIT);
    this.at = this.lines.length;
    this.draft = "";
  }

  /** up is the line before; the unfinished one is kept for the way back. */
  up(current: string): string {
    if (this.at === this.lines.length) this.draft = current;
    this.at = Math.max(0, this.at - 1);
    return this.lines[this.at] ?? current;
  }

  /** down is the line after, and at the end the unfinished one. */
  down(current: string): string {
    if (this.at >= this.lines.length) return current;
    this.at++;
    return this.lines[this.at] ?? this.draft;
  }
}
