import { answers, otherWays, squareWeights } from "./convention.js";
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
 * @property {"" | "times_m" | "sign" | "transposed"} hint
 * @property {string[]} turned square matrices with which it is right, if they are transposed: both conventions fit them
 */

/** Hand calculations carry roundings on. */
const TOLERANCE = 0.005;

/**
 * Compare what somebody computed with what follows from the network. Where a line is wrong, the step is computed again
 * with that line taken as it is, so that what only follows from it can be told from what is wrong by itself. A line that
 * is right with transposed matrices is told so, and what comes after it is compared with these.
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
  const named = own.map((one) => ({ ...one, name: nameIn(truth, one.name) }));
  named.sort((a, b) => place(order, a.name) - place(order, b.name));
  /** @type {Record<string, any>} */
  const given = {};
  let current = truth;
  /** @type {Line[]} */
  const lines = [];
  for (const one of named) {
    const right = truth.get(one.name);
    const line = lineOf(one, right, request.batch.x.length);
    if (line.verdict === "wrong" && right) {
      const cells = /** @type {Digits[]} */ (fitted(one, right.shape));
      const isRightIn = (/** @type {Map<string, Right>} */ values) => differences(cells, /** @type {Right} */ (values.get(one.name))).length === 0;
      const isNothing = cells.every(({ value }) => value === 0);
      const follows = current !== truth && isRightIn(current);
      const ways = follows || isNothing ? [] : otherWays(squares, used, right.shape.length === 0);
      const others = await Promise.all(ways.map(async (names) => ({ names, values: await answers(request, names, given, trace) })));
      const other = others.find(({ values }) => isRightIn(values));
      if (follows) line.verdict = "follows";
      else if (other) {
        if (used.length > 0) line.verdict = "follows";
        line.turned = other.names.filter((name) => !used.includes(name));
        used = other.names;
        current = new Map([...truth, ...other.values]);
      } else if (right.shape.length > 0 && cells.every(({ value }) => Number.isFinite(value))) {
        given[one.name] = nested(cells.map(({ value }) => value), right.shape);
        current = new Map([...truth, ...(await answers(request, used, given, trace))]);
      }
    }
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

/** @param {Own} own @param {Right | undefined} right @param {number} m @returns {Line} */
function lineOf(own, right, m) {
  const line = { name: own.name, line: own.line, differences: [], found: own.shape, wanted: right?.shape ?? [], hint: /** @type {Line["hint"]} */ (""), turned: [] };
  if (!right) return { ...line, verdict: "unknown" };
  const cells = fitted(own, right.shape);
  if (!cells) return { ...line, verdict: "shape" };
  const found = differences(cells, right);
  return { ...line, verdict: found.length ? "wrong" : "right", differences: found, hint: found.length ? hintOf(own, cells, right, m) : "" };
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
 * Whether a number is right to the digits that it was written with.
 * @param {Digits} own
 * @param {number} right
 */
export function isNear({ value, decimals }, right) {
  if (Number.isNaN(value) || Number.isNaN(right)) return Number.isNaN(value) && Number.isNaN(right);
  const lastPlace = decimals > 1 ? 10 ** -decimals : decimals === 1 ? 0.05 : 0;
  return value === right || Math.abs(value - right) <= Math.max(TOLERANCE * Math.abs(right), lastPlace) + 1e-12;
}

/** What kind of mistake it looks like. @param {Own} own @param {Digits[]} cells @param {Right} right @param {number} m @returns {Line["hint"]} */
function hintOf({ name, shape }, cells, right, m) {
  const isTimes = (/** @type {number} */ factor) => cells.every((own, at) => isNear(own, factor * right.cells[at]));
  if (name.startsWith("d") && m > 1 && isTimes(m)) return "times_m";
  if (isTimes(-1)) return "sign";
  const [rows, columns] = shape;
  const isTurned = rows === columns && rows > 1 && turned(cells, shape).every((own, at) => isNear(own, right.cells[at]));
  return isTurned ? "transposed" : "";
}

/** @param {number} at @param {number[]} shape @returns {number[]} */
function indexOf(at, shape) {
  if (shape.length < 2) return shape.length ? [at] : [];
  return [Math.floor(at / shape[1]), at % shape[1]];
}
