// The tables of an answer, kept in place from look to look, so that selection and scroll survive.

import { desk } from "../core/desk.ts";
import { el, list, set } from "../core/dom.ts";
import type { InfoTable } from "./ask.ts";
import { cellKey, difference, type Changes } from "./changes.ts";
import { present } from "./present.ts";

/** One row to draw: its cells' keys go with its values. */
interface Row {
  key: string;
  keys: string[];
  values: readonly string[];
}

/** fillTables shows the rows in which wanted occurs, and returns how many there are of how many. */
export function fillTables(root: Element, tables: readonly InfoTable[], changes: Changes, now: number, wanted: string): { shown: number; all: number } {
  let shown = 0;
  let all = 0;
  const drawn = tables.map((table, i) => {
    const rows = rowsOf(table, i);
    const fits = rows.filter((row) => fitsRow(row.values, wanted));
    all += rows.length;
    shown += fits.length;
    return { table, fits, key: `${i} ${table.title} ${(table.columns ?? []).join()}` };
  }).filter(({ fits, table }) => fits.length > 0 || (wanted === "" && table.title !== ""));
  list(root, drawn, (d) => d.key, ({ table }) => section(table), (child, { table, fits }) => {
    list(child.querySelector("tbody")!, fits, (row) => row.key, (row) => emptyRow(row), (tr, row) => {
      row.values.forEach((value, j) => fillCell(tr.children[j] as HTMLElement, columnOf(table, row, j), value, row.keys[j]!, changes, now));
    });
  });
  return { shown, all };
}

/** fitsRow reports whether a row has the text, in any case. */
export function fitsRow(values: readonly string[], wanted: string): boolean {
  const low = wanted.trim().toLowerCase();
  return low === "" || values.some((value) => value.toLowerCase().includes(low));
}

function rowsOf(table: InfoTable, i: number): Row[] {
  const seen = new Map<string, number>();
  return (table.rows ?? []).map((values) => {
    const twin = seen.get(values[0]!) ?? 0;
    seen.set(values[0]!, twin + 1);
    return { key: `${twin} ${values[0]}`, keys: values.map((_, j) => cellKey(i, values[0]!, twin, j)), values };
  });
}

function columnOf(table: InfoTable, row: Row, j: number): string {
  return table.columns?.[j] ?? (j === 1 ? row.values[0]! : "");
}

/** section is one table with its title. */
function section(table: InfoTable): HTMLElement {
  const wide = (table.columns?.length ?? 0) > 0;
  const head = wide ? [el("thead", {}, el("tr", {}, ...table.columns!.map((c) => el("th", { scope: "col" }, c))))] : [];
  const caption = table.title ? [el("caption", {}, table.title)] : [];
  return el("div", { class: wide ? "sheet scroll" : "sheet", tabindex: wide ? 0 : undefined, role: wide ? "group" : undefined, "aria-label": wide ? table.title || table.columns!.join(", ") : undefined },
    el("table", {}, ...caption, ...head, el("tbody")));
}

function emptyRow(row: Row): HTMLElement {
  return el("tr", {}, ...row.values.map((_, j) => (j === 0 ? el("th", { scope: "row" }) : el("td"))));
}

/** fillCell writes a value; one that has changed is marked, and tells from what. */
function fillCell(cell: HTMLElement, column: string, value: string, key: string, changes: Changes, now: number): void {
  const { text, full } = present(column, value, now, desk.store.nodes.peek());
  const change = changes.of(key);
  const mark = change ? difference(change.was, value) : "";
  set(cell, "data-changed", change !== undefined);
  set(cell, "title", text === full ? undefined : full);
  if (cell.firstElementChild?.textContent !== text || (cell.lastElementChild as HTMLElement).textContent !== mark || cell.childElementCount !== 2) {
    cell.replaceChildren(el("span", {}, text), el("small", {}, mark));
  }
}
