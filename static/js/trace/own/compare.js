import { answers, otherWays, squareWeights } from "./convention.js";
import { cancel, isNear, isWhole, meant } from "./digits.js";
import { factorOf } from "./factor.js";
import { nested, turned } from "./tensor.js";

/**
 * Own results beside the right ones, line by line.
 *
 * @typedef {import("./tensor.js").Own} Own
 * @typedef {import("./tensor.js").Digits} Digits
 * @typedef {import("./network.js").Request} Request
 * @typedef {{shape: number[], cells: number[]}} Right
 * @typedef {{index: number[], own: number, right: number}} Difference
 * @typedef {object} Line
 * @property {string} name
 * @property {number} line of the text
 * @property {"right" | "wrong" | "follows" | "shape" | "unknown"} verdict follows: right if the wrong lines before it were right
 * @property {Difference[]} differences from what is right
 * @property {number[]} found
 * @property {number[]} wanted shape; empty for what is unknown
 * @property {boolean} isRounded right by the numbers before it as they were rounded, and not by those in full
 * @property {boolean} hasCommas a shape that would fit if the commas were decimal commas
 * @property {import("./factor.js").Factor | null} factor by which all of a wrong line is off
 * @property {boolean} isExchanged right numbers with rows and columns exchanged
 * @property {{row: number, sum: number} | null} unbalanced a row that would have to sum to 0
 * @property {string[]} turned square matrices with which it is right, if they are transposed: both conventions fit them
 */

/**
 * Compare what somebody computed with what follows from the network. Where a line is wrong, the step is computed again
 * with that line taken as it is, so that what only follows from it can be told from what is wrong by itself. A line that
 * is right with transposed matrices is told so, and what comes after it is compared with these. Who goes on with rounded
 * numbers is right by these.
 * @param {Request} request
 * @param {Own[]} own results
 * @param {(request: any) => Promise<any>} trace POST /trace with detail=micro
 * @returns {Promise<Line[]>} in the order of the computation
 */
export async function compare(request, own, trace) {
  const truth = await answers(request, [], {}, trace);
  const squares = squareWeights(request);
  /** Matrices that were used transposed so far. @type {string[]} */
  let used = [];
  const order = [...truth.keys()];
  const named = meant(own).map((one) => ({ ...one, name: nameIn(truth, one.name) }));
  named.sort((a, b) => place(order, a.name) - place(order, b.name));
  /** @type {Record<string, any>} */
  const given = {};
  /** All that was written so far. @type {Record<string, any>} */
  const written = {};
  let current = truth;
  /** @type {Line[]} */
  const lines = [];
  for (const one of named) {
    const right = truth.get(one.name);
    const line = lineOf(one, right, request);
    const cells = right && fitted(one, right.shape);
    if (line.verdict === "wrong" && right && cells) {
      const isRightIn = (/** @type {Map<string, Right>} */ values) => differences(cells, /** @type {Right} */ (values.get(one.name))).length === 0;
      const isNothing = cells.every(({ value }) => value === 0);
      const follows = current !== truth && isRightIn(current);
      const isRounded = !follows && lines.length > 0 && isRightIn(await answers(request, used, written, trace));
      const ways = follows || isRounded || isNothing ? [] : otherWays(squares, used, right.shape.length === 0);
      const others = await Promise.all(ways.map(async (names) => ({ names, values: await answers(request, names, given, trace) })));
      const other = others.find(({ values }) => isRightIn(values));
      if (follows || (isRounded && current !== truth)) line.verdict = "follows";
      else if (isRounded) Object.assign(line, { verdict: "right", differences: [], isRounded });
      else if (other) {
        if (used.length > 0) line.verdict = "follows";
        line.turned = other.names.filter((name) => !used.includes(name));
        used = other.names;
        current = new Map([...truth, ...other.values]);
      } else if (areFinite(cells) && right.shape.length > 0) {
        given[one.name] = nested(cells.map(({ value }) => value), right.shape);
        current = new Map([...truth, ...(await answers(request, used, given, trace))]);
      }
    }
    // Nothing is computed from a loss.
    if (right && cells && right.shape.length > 0 && areFinite(cells)) written[one.name] = nested(cells.map(({ value }) => value), right.shape);
    lines.push(line);
  }
  return lines;
}

/** The last layer's a is called p where it holds probabilities. @param {Map<string, Right>} truth @param {string} name */
function nameIn(truth, name) {
  if (truth.has(name)) return name;
  const last = `a${Math.max(...[...truth.keys()].map((each) => Number(/^z(\d+)$/.exec(each)?.[1] ?? 0)))}`;
  return name === last && truth.has("p") ? "p" : name === "p" && truth.has(last) ? last : name;
}

/** @param {string[]} order @param {string} name */
const place = (order, name) => (order.includes(name) ? order.indexOf(name) : order.length);

/** @param {Digits[]} cells */
const areFinite = (cells) => cells.every(({ value }) => Number.isFinite(value));

/** @param {Own} own @param {Right | undefined} right @param {Request} request @returns {Line} */
function lineOf(own, right, request) {
  const line = { name: own.name, line: own.line, differences: [], found: own.shape, wanted: right?.shape ?? [], isRounded: false, hasCommas: false, factor: null, isExchanged: false, unbalanced: null, turned: [] };
  if (!right) return { ...line, verdict: "unknown" };
  const cells = fitted(own, right.shape);
  if (!cells) return { ...line, verdict: "shape", hasCommas: own.cells.length === 2 * right.cells.length && isWhole(own) };
  const found = differences(cells, right);
  if (found.length === 0) return { ...line, verdict: "right" };
  const factor = factorOf(own.name, cells, right.cells, request);
  const unbalanced = unbalancedRow(own.name, cells, right, request);
  return { ...line, verdict: "wrong", differences: found, factor, isExchanged: !factor && isExchanged(own, right), unbalanced };
}

/** @param {Own} own @param {Right} right */
function isExchanged({ shape, cells }, right) {
  const [rows, columns] = shape;
  return rows === columns && rows > 1 && turned(cells, shape).every((own, at) => isNear(own, right.cells[at]));
}

/**
 * The cells in the order of the right ones: axes of one sample or one unit may be missing, and a matrix may be turned.
 * @param {Own} own
 * @param {number[]} wanted
 * @returns {Digits[] | null}
 */
export function fitted({ shape, cells }, wanted) {
  const plain = (/** @type {number[]} */ axes) => axes.filter((size) => size !== 1).join();
  if (plain(shape) === plain(wanted)) return cells;
  return shape.length === 2 && plain([...shape].reverse()) === plain(wanted) ? turned(cells, shape) : null;
}

/** @param {Digits[]} cells @param {Right} right @returns {Difference[]} */
function differences(cells, right) {
  return cells.flatMap((own, at) => (isNear(own, right.cells[at]) ? [] : [{ index: indexOf(at, right.shape), own: own.value, right: right.cells[at] }]));
}

/**
 * The first row of the last dz that does not sum to 0, though behind a softmax every row does: p and y both sum to 1.
 * @param {string} name
 * @param {Digits[]} cells
 * @param {Right} right
 * @param {Request} request
 * @returns {Line["unbalanced"]}
 */
function unbalancedRow(name, cells, { shape }, { model }) {
  if (model.output.activation !== "softmax" || name !== `dz${model.hidden.length + 1}`) return null;
  const rows = /** @type {Digits[][]} */ (nested(cells, shape));
  const row = rows.findIndex((one) => !cancel(one));
  return row < 0 ? null : { row, sum: rows[row].reduce((sum, { value }) => sum + value, 0) };
}

/** @param {number} at @param {number[]} shape @returns {number[]} */
function indexOf(at, shape) {
  if (shape.length < 2) return shape.length ? [at] : [];
  return [Math.floor(at / shape[1]), at % shape[1]];
}
