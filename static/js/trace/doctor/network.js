/**
 * A network from the arrays that somebody wrote down: its sizes follow from the shapes, and in the playground its samples
 * are rows.
 *
 * @typedef {import("./paper.js").Value} Value
 * @typedef {import("./paper.js").Values} Values
 * @typedef {import("./paper.js").Read} Read
 * @typedef {import("./paper.js").Kinds} Kinds
 * @typedef {import("./paper.js").Case} Case
 * @typedef {"rows" | "columns"} Layout
 */

/** @param {Values} value @returns {Value[]} row by row */
export const cellsOf = (value) => /** @type {Value[]} */ ([value].flat(2));

/** @param {Values} value @returns {number[]} */
export const shapeOf = (value) => (Array.isArray(value) ? [value.length, ...shapeOf(/** @type {Values} */ (value[0]))] : []);

/** "2 × 3", "3" or, without axes, "1". @param {number[]} shape */
export const shapeText = (shape) => shape.join(" × ") || "1";

/** A matrix turned over its diagonal. @template T @param {T[][]} rows @returns {T[][]} */
export const turned = (rows) => rows[0].map((_, column) => rows.map((row) => row[column]));

/**
 * What is given, with weights as tables: one number, or one row without its brackets, becomes the table that fits the
 * weights above it.
 * @param {Record<string, Read>} tensors
 * @param {Layout} layout
 * @returns {{parameters: Record<string, Values>, x: Values, y: Values}}
 */
export function networkOf(tensors, layout) {
  const names = Object.keys(tensors).filter((name) => /^[Wb]\d+$/.test(name));
  const next = (/** @type {string} */ name) => tensors[`W${Number(name.slice(1)) + 1}`]?.shape ?? [];
  const parameters = names.map((name) => [name, name.startsWith("W") ? tableOf(tensors[name], next(name), layout) : listOf(tensors[name].value)]);
  const tables = Object.fromEntries(parameters);
  return { parameters: tables, x: samplesOf(tensors.x, sizesOf(tables, layout)[0], layout), y: listOf(tensors.y.value) };
}

/** Samples as a table: numbers without a second axis are one sample, or of one input many. @param {Read} x @param {number} inputs @param {Layout} layout @returns {Values} */
function samplesOf({ value, shape }, inputs, layout) {
  if (shape.length > 1) return value;
  const cells = cellsOf(value);
  const isOneSample = cells.length === inputs;
  return isOneSample === (layout === "rows") ? [cells] : cells.map((cell) => [cell]);
}

/** @param {Values} value @returns {Values} */
const listOf = (value) => (Array.isArray(value) ? value : [value]);

/** @param {Read} read @param {number[]} next shape of the weights above @param {Layout} layout @returns {Values} */
function tableOf({ value, shape }, next, layout) {
  if (shape.length === 0) return [[/** @type {Value} */ (value)]];
  if (shape.length > 1) return value;
  const row = /** @type {Value[]} */ (value);
  // Several units where the weights above take so many, else one unit with so many inputs.
  const hasUnits = next[layout === "rows" ? 0 : next.length - 1] === row.length;
  return hasUnits === (layout === "rows") ? [row] : row.map((cell) => [cell]);
}

/**
 * Units of every layer, the input first: by the layout, and by the other one where that alone makes a chain with its biases.
 * @param {Record<string, Values>} parameters
 * @param {Layout} layout
 * @returns {number[]}
 */
export function sizesOf(parameters, layout) {
  const names = Object.keys(parameters).filter((name) => name.startsWith("W")).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)));
  const ways = (layout === "rows" ? [false, true] : [true, false]).map((isTurned) =>
    names.map((name) => (isTurned ? shapeOf(parameters[name]).reverse() : shapeOf(parameters[name]))));
  const biases = names.map((name) => parameters[name.replace("W", "b")]);
  const fits = (/** @type {number[][]} */ shapes) => shapes.every(([inputs, units], above) =>
    (above === 0 || shapes[above - 1][1] === inputs) && (biases[above] === undefined || cellsOf(biases[above]).length === units));
  const chain = ways.find(fits) ?? ways[0];
  return [chain[0][0], ...chain.map(([, units]) => units)];
}

/**
 * The model of a network of these sizes.
 * @param {Kinds} kinds @param {number[]} sizes @param {boolean} bias
 */
export function modelOf({ hidden, output, loss, reduction, l2 }, sizes, bias) {
  return {
    inputs: sizes[0],
    hidden: sizes.slice(1, -1).map((units) => ({ units, activation: hidden.activation, ...hidden.numbers })),
    output: { units: sizes[sizes.length - 1], activation: output.activation, ...output.numbers },
    loss,
    reduction,
    l2,
    bias,
  };
}

/**
 * A case as the playground opens it: a row a sample, weights from inputs to units.
 * @param {Case} asked
 * @param {any} model as the server took it
 * @param {Layout} layout
 */
export function openable({ parameters, batch, l2 }, model, layout) {
  const sizes = [model.inputs, ...model.hidden.map((/** @type {any} */ layer) => layer.units), model.output.units];
  const arrays = Object.entries(parameters).map(([name, value]) => {
    const layer = Number(name.slice(1));
    return [name, name.startsWith("b") ? numbersOf(value).flat() : upright(numbersOf(value), [sizes[layer - 1], sizes[layer]], layout)];
  });
  const given = numbersOf(batch.x);
  const flat = given.flat();
  const m = flat.length / model.inputs;
  const x = Array.isArray(given[0]) ? upright(given, [m, model.inputs], layout) : rowsOf(flat, model.inputs);
  return { model: { ...model, l2 }, parameters: Object.fromEntries(arrays), batch: { x, y: targetsOf(numbersOf(batch.y), m, model.output.units, layout) } };
}

/** @param {any} y numbers in brackets @param {number} m @param {number} outputs @param {Layout} layout @returns {any} a label or a row a sample */
function targetsOf(y, m, outputs, layout) {
  const flat = y.flat();
  if (flat.length === m) return outputs > 1 ? flat : flat.map((/** @type {number} */ value) => [value]);
  return Array.isArray(y[0]) ? upright(y, [m, outputs], layout) : rowsOf(flat, outputs);
}

/**
 * The same case with a row of targets a sample in place of a label: a 1 for the class, or the number itself.
 * @param {Case} asked @param {number} outputs @param {Layout} layout
 * @returns {Case}
 */
export function withRowsOfTargets(asked, outputs, layout) {
  const { x, y } = asked.batch;
  if (shapeOf(y).length !== 1) return asked;
  const rows = cellsOf(y).map((value) => (outputs === 1 ? [value] : Array.from({ length: outputs }, (_, label) => Number(label === Number(value)))));
  return { ...asked, batch: { x, y: layout === "rows" ? rows : turned(rows) } };
}

/** @template T @param {T[]} cells @param {number} size @returns {T[][]} */
const rowsOf = (cells, size) => Array.from({ length: cells.length / size }, (_, row) => cells.slice(row * size, (row + 1) * size));

/** @param {any[][]} rows @param {number[]} wanted shape @param {Layout} layout which says it for what is square */
function upright(rows, [height, width], layout) {
  const fits = rows.length === height && rows[0].length === width;
  return fits && (height !== width || layout === "rows") ? rows : turned(rows);
}

/** @param {Values} value @returns {any} the same as numbers, in brackets */
const numbersOf = (value) => (Array.isArray(value) ? value : [value]).map((cell) => (Array.isArray(cell) ? cell.map(Number) : Number(cell)));
