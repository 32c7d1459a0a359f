import { exactly, listMark, number } from "../core/format.js";
import { t } from "../core/i18n.js";

/**
 * The inputs as they were measured: columns have names, and most data sets are scaled before a network sees them.
 *
 * @typedef {import("../state.js").State} State
 */

/** More columns are not listed beside the point. */
const MOST_LISTED = 4;

/** What a column of the data is called; "" where that says no more than the symbol. @param {State} state @param {number} column */
export function columnName({ session }, column) {
  const name = String(session?.dataset?.feature_names?.[column] ?? "");
  return name === `x${column + 1}` ? "" : name;
}

/**
 * "hours = 1.5, scaled to -1.07" for one input, "hours = 1.5, score = 2" for the whole point; "" where the columns have
 * no names.
 * @param {State} state
 * @param {ArrayLike<number>} x the row that the network sees
 * @param {number | null} column null: all
 */
export function measuredText(state, x, column) {
  const { x_mean: means = [], x_scale: scales = [] } = state.session?.dataset ?? {};
  const raw = (/** @type {number} */ at) => x[at] * (scales[at] ?? 1) + (means[at] ?? 0);
  // Scaling there and back leaves a last digit that nobody measured.
  const said = (/** @type {number} */ at) => `${columnName(state, at)} = ${exactly(Number(raw(at).toPrecision(6)))}`;
  if (column === null) {
    const all = Array.from(x, (_, at) => at);
    return all.length > MOST_LISTED || !all.every((at) => columnName(state, at)) ? "" : all.map(said).join(`${listMark()} `);
  }
  if (!columnName(state, column)) return "";
  return raw(column) === x[column] ? said(column) : t("card.measured", { measured: said(column), value: number(x[column]) });
}
