// One chart: uPlot with our scales, colours and labels, and without its own mouse.

import uPlot from "uplot";
import { clockTime } from "../core/format.ts";
import { hover, pinned } from "./cursor.ts";
import { drawLabels } from "./labels.ts";
import type { LineLook, Style } from "./look.ts";
import { stepsOf, written, type Measure } from "./measures.ts";
import type { Picture } from "./picture.ts";

/** What a chart shows. */
export interface Shown {
  picture: Picture;
  looks: readonly LineLook[];
  from: number;
  to: number;
  margin: number; // the room to the right for labels, the same in all charts, so that times align
}

/** Chart draws one measure into an element. It builds uPlot anew only when the lines change. */
export class Chart {
  private plot: uPlot | null = null;
  private shown: Shown | null = null;
  private built = "";

  constructor(private readonly root: HTMLElement, private readonly measure: Measure, private style: Style) {}

  /** colours is the style that the chart is drawn in. */
  get colours(): Style {
    return this.style;
  }

  /** restyle takes other colours and sizes; the next show draws with them. */
  restyle(style: Style): void {
    this.style = style;
    this.built = "";
  }

  /** show draws a picture. */
  show(shown: Shown): void {
    this.shown = shown;
    const key = JSON.stringify([shown.looks, shown.picture.others !== null, shown.margin]);
    if (key !== this.built) this.build(shown);
    this.built = key;
    this.plot!.setData(dataOf(shown.picture));
  }

  /** resize fits the chart into its element. */
  resize(): void {
    const { clientWidth: width, clientHeight: height } = this.root;
    if (this.plot && width > 0 && height > 0) this.plot.setSize({ width, height });
  }

  /** point puts the cursor at a time, or takes it away. */
  point(time: number | null): void {
    if (!this.plot || !this.shown) return;
    const inside = time !== null && time >= this.shown.from && time <= this.shown.to;
    this.plot.setCursor(inside ? { left: this.plot.valToPos(time, "x"), top: 0 } : { left: -10, top: -10 }, false);
  }

  private build(shown: Shown): void {
    this.plot?.destroy();
    this.plot = new uPlot(this.options(shown), dataOf(shown.picture), this.root);
    const over = this.plot.over;
    over.addEventListener("pointermove", (event) => (hover.value = this.plot!.posToVal(event.offsetX, "x")));
    over.addEventListener("pointerleave", () => (hover.value = null));
    over.addEventListener("click", (event) => (pinned.value = pinned.peek() === null ? this.plot!.posToVal(event.offsetX, "x") : null));
  }

  private options({ looks, picture, margin }: Shown): uPlot.Options {
    const { style } = this;
    const lines: uPlot.Series[] = looks.map((look) => ({
      stroke: look.stroke, width: 1.75 * style.stroke, dash: look.dash, points: { size: 4 * style.stroke, fill: look.stroke },
    }));
    const edge: uPlot.Series = { stroke: style.token.faint, width: 0.5, points: { show: false } };
    const mute = () => null;
    return {
      width: this.root.clientWidth || 300, height: this.root.clientHeight || 150, ms: 1,
      padding: [style.text * 0.5, margin, 0, 0],
      legend: { show: false },
      cursor: {
        y: false, drag: { x: false, y: false, setScale: false }, points: { size: 6 * style.stroke },
        bind: { mousedown: mute, mouseup: mute, click: mute, dblclick: mute, mousemove: mute, mouseleave: mute, mouseenter: mute },
      },
      scales: {
        x: { time: true, range: () => [this.shown!.from, this.shown!.to] },
        y: { range: (_, least, most) => scaleOf(this.measure, least, most) },
      },
      axes: [this.axis({ space: style.small * 7, size: style.text * 2, values: (_, at) => at.map((t) => clockTime(t).slice(0, -3)) }), this.axis({
        size: style.small * 6, space: style.text * 2.4, incrs: stepsOf(this.measure.unit), values: (_, at) => at.map((v) => written(v, this.measure.unit)),
      })],
      series: picture.others ? [{}, edge, edge, ...lines] : [{}, ...lines],
      bands: picture.others ? [{ series: [2, 1], fill: style.token.line }] : [],
      hooks: { draw: [(plot) => drawLabels(plot, this.shown!.picture.lines, this.shown!.looks, this.style)] },
    };
  }

  private axis(own: Partial<uPlot.Axis>): uPlot.Axis {
    const { style } = this;
    return {
      font: `${style.small}px ${style.mono}`, stroke: style.token.muted, gap: style.text * 0.3,
      grid: { stroke: style.token.line, width: 1 }, ticks: { show: false }, ...own,
    };
  }
}

/** dataOf lays a picture out as uPlot wants it: time, the others' least and greatest, the lines. */
function dataOf({ times, lines, others }: Picture): uPlot.AlignedData {
  return [times, ...(others ? [others.least, others.most] : []), ...lines.map((line) => line.values)];
}

/** scaleOf is the range of the upright axis; a flat line is given some room. */
export function scaleOf(measure: Measure, least: number | null, most: number | null): [number, number] {
  const top = most ?? 0;
  if (measure.zero) return [0, Math.max(top * 1.12, measure.floor)];
  const bottom = least ?? 0;
  const pad = Math.max((top - bottom) * 0.1, measure.floor / 2);
  return [Math.max(0, bottom - pad), top + pad];
}
