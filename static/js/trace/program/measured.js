import { exactly, listMark, number } from "../../core/format.js";
import { t } from "../../core/i18n.js";

/**
 * Inputs and targets as they were measured: columns have names, and most data sets are scaled before a network sees them.
 *
 * @typedef {import("../../state.js").State} State
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
  const said = (/** @type {number} */ at) => `${columnName(state, at)} = ${asMeasured(raw(at))}`;
  if (column === null) {
    const all = Array.from(x, (_, at) => at);
    return all.length > MOST_LISTED || !all.every((at) => columnName(state, at)) ? "" : all.map(said).join(`${listMark()} `);
  }
  if (!columnName(state, column)) return "";
  return raw(column) === x[column] ? said(column) : t("card.measured", { measured: said(column), value: number(x[column]) });
}

/** Scaling there and back leaves a last digit that nobody measured. @param {number} value */
const asMeasured = (value) => exactly(Number(value.toPrecision(6)));

/**
 * The number that a regression learns, with its scale; null where classes are learned, and where it is the y that everybody sees.
 * @param {State} state
 * @returns {{name: string, mean: number, scale: number} | null}
 */
export function targetOf({ session }) {
  const target = session?.dataset?.target ?? null;
  return target?.name === "y" && target.mean === 0 && target.scale === 1 ? null : target;
}

/**
 * A number of the network in the unit of the target, to a thousandth of what targets differ by: "12.345".
 * @param {{mean: number, scale: number}} target
 * @param {number} value
 */
export function inOwnUnit({ mean, scale }, value) {
  const digits = Math.min(100, Math.max(0, 3 - Math.floor(Math.log10(scale))));
  const own = value * scale + mean;
  // toFixed writes what is larger than this with an exponent, as it is.
  return exactly(Math.abs(own) < 1e21 ? Number(own.toFixed(digits)) : own);
}

/** "grade = 12.3, scaled to 0.42". @param {State} state @param {number} y as the network sees it @returns {string} "" where classes are learned */
export function targetText(state, y) {
  const target = targetOf(state);
  if (!target) return "";
  const said = `${target.name} = ${asMeasured(y * target.scale + target.mean)}`;
  return target.mean === 0 && target.scale === 1 ? said : t("card.measured", { measured: said, value: number(y) });
}
