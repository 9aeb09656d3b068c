// Heat: a number per slot becomes a colour of cividis, which colour-blind people and washed-out
// projectors can read. Numbers are taken by their logarithm, since few slots have most keys.

/** One colour as red, green and blue from 0 to 255. */
export type Rgb = readonly [number, number, number];

/** cividis at t from 0 to 1: the polynomial of Nuñez, Anderton and Renslow's colour map. */
export function cividis(t: number): Rgb {
  const fit = (v: number) => Math.max(0, Math.min(255, Math.round(v)));
  return [
    fit(-4.54 - t * (35.34 - t * (2381.73 - t * (6402.7 - t * (7024.72 - t * 2710.57))))),
    fit(32.49 + t * (170.73 + t * (52.82 - t * (131.46 - t * (176.58 - t * 67.37))))),
    fit(81.24 + t * (442.36 - t * (2482.43 - t * (6167.24 - t * (6614.94 - t * 2475.67))))),
  ];
}

/** The colours from cold to hot. */
export const SCALE: readonly Rgb[] = Array.from({ length: 256 }, (_, i) => cividis(i / 255));

/** levelOf is where a value stands between nothing and the most, from 0 to 255; 0 only for nothing. */
export function levelOf(value: number, most: number): number {
  if (value <= 0 || most <= 0) return 0;
  return Math.max(1, Math.min(255, Math.round((Math.log1p(value) / Math.log1p(most)) * 255)));
}
