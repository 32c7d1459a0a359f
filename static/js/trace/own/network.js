import { nested, shapeText, turned, Unusable } from "./tensor.js";

/**
 * A network as somebody wrote it down, from W, b, x and y alone: its layers follow from the shapes.
 *
 * @typedef {import("./tensor.js").Own} Own
 * @typedef {{activation: string, numbers: Record<string, number>}} Choice
 * @typedef {{hidden: Choice, output: Choice, loss: string, reduction: string}} Kinds
 * @typedef {{model: any, parameters: Record<string, any>, batch: {x: number[][], y: any}}} Request body of POST /trace
 * @typedef {{shape: number[], cells: number[]}} Numbers
 */

/** Whether a name says something that is given; all others are results. @param {string} name */
export const isGiven = (name) => name === "x" || name === "y" || /^[Wb]\d+$/.test(name);

/**
 * @param {Own[]} own
 * @param {Kinds} kinds
 * @param {boolean} [isTextbook] how to read what can be read both ways
 * @returns {Request & {isTransposed: boolean}} transposed: in the text columns are samples and W are (units, inputs)
 */
export function networkOf(own, kinds, isTextbook = false) {
  try {
    return network(own, kinds, isTextbook);
  } catch (error) {
    const turnedRound = attempt(() => network(own, kinds, !isTextbook));
    if (turnedRound) return turnedRound;
    throw error;
  }
}

/** @template T @param {() => T} action @returns {T | null} */
function attempt(action) {
  try {
    return action();
  } catch {
    return null;
  }
}

/** @param {Own[]} own @param {Kinds} kinds @param {boolean} isTransposed @returns {Request & {isTransposed: boolean}} */
function network(own, kinds, isTransposed) {
  /** @type {Map<string, Numbers>} */
  const given = new Map(own.map(({ name, shape, cells }) => [name, { shape, cells: cells.map(({ value }) => value) }]));
  const depth = Math.max(0, ...[...given.keys()].map((name) => Number(/^W(\d+)$/.exec(name)?.[1] ?? 0)));
  for (const name of [...Array.from({ length: Math.max(1, depth) }, (_, above) => `W${above + 1}`), "x", "y"]) {
    if (!given.has(name)) throw new Unusable("own.problem.missing", { name });
  }
  const matrices = Array.from({ length: depth }, (_, above) => matrixOf(/** @type {Numbers} */ (given.get(`W${above + 1}`)), above + 1 < depth ? (given.get(`W${above + 2}`)?.shape ?? []) : []));
  const x = /** @type {Numbers} */ (given.get("x"));
  const weights = isTransposed ? matrices.map(transposed) : matrices;
  const inputs = weights[0].shape[0];
  weights.forEach(({ shape }, above) => {
    const wanted = above ? weights[above - 1].shape[1] : inputs;
    if (shape[0] !== wanted) throw new Unusable("own.problem.chain", { name: `W${above + 1}`, found: shapeText(shape), wanted });
  });
  const rows = rowsOf(x, inputs, isTransposed);
  const parameters = Object.fromEntries(weights.map(({ cells, shape }, above) => [`W${above + 1}`, nested(cells, shape)]));
  const biases = weights.map((_, above) => given.get(`b${above + 1}`));
  const hasBias = biases.some(Boolean);
  if (hasBias) {
    weights.forEach(({ shape: [, units] }, above) => {
      const bias = biases[above];
      if (!bias) throw new Unusable("own.problem.bias", { name: `b${above + 1}` });
      if (bias.cells.length !== units) throw new Unusable("own.problem.size", { name: `b${above + 1}`, found: shapeText(bias.shape), wanted: units });
      parameters[`b${above + 1}`] = bias.cells;
    });
  }
  const units = weights.map(({ shape }) => shape[1]);
  const model = {
    inputs,
    hidden: units.slice(0, -1).map((size) => ({ units: size, activation: kinds.hidden.activation, ...kinds.hidden.numbers })),
    output: { units: units[units.length - 1], activation: kinds.output.activation, ...kinds.output.numbers },
    loss: kinds.loss,
    reduction: kinds.reduction,
    bias: hasBias,
  };
  return { model, parameters, batch: { x: rows, y: targetsOf(/** @type {Numbers} */ (given.get("y")), rows.length, model.output.units) }, isTransposed };
}

/** One number or one row as a matrix: a column where the next layer cannot take more than one unit. @param {Numbers} numbers @param {number[]} next shape of the weights above @returns {Numbers} */
function matrixOf({ shape, cells }, next) {
  if (shape.length === 2) return { shape, cells };
  if (shape.length === 0) return { shape: [1, 1], cells };
  const isRow = next.length === 2 ? next.includes(shape[0]) : false;
  return { shape: isRow ? [1, shape[0]] : [shape[0], 1], cells };
}

/** @param {Numbers} numbers @returns {Numbers} */
const transposed = ({ shape, cells }) => ({ shape: [shape[1], shape[0]], cells: turned(cells, shape) });

/** @param {Numbers} x @param {number} inputs @param {boolean} isTransposed @returns {number[][]} */
function rowsOf({ shape, cells }, inputs, isTransposed) {
  if (shape.length === 2 && shape[1] === inputs && !isTransposed) return nested(cells, shape);
  if (shape.length === 2 && shape[0] === inputs && (isTransposed || shape[1] === 1)) return nested(turned(cells, shape), [shape[1], inputs]);
  if (shape.length < 2 && (cells.length === inputs || inputs === 1)) return nested(cells, [cells.length / inputs, inputs]);
  throw new Unusable("own.problem.size", { name: "x", found: shapeText(shape), wanted: inputs });
}

/** Class numbers, or a row a sample. @param {Numbers} y @param {number} m @param {number} outputs */
function targetsOf({ shape, cells }, m, outputs) {
  if (cells.length === m && outputs > 1) return cells;
  if (shape.length === 2 && shape[0] === outputs && shape[1] === m && shape[0] !== m) return nested(turned(cells, shape), [m, outputs]);
  if (cells.length === m * outputs) return nested(cells, [m, outputs]);
  throw new Unusable("own.problem.size", { name: "y", found: shapeText(shape), wanted: m });
}
