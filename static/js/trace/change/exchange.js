import { editsOfRows, learningOf } from "./reshape.js";

/**
 * The same network with another activation in one hidden layer: pure, from the state to what the server is asked.
 *
 * @typedef {import("../../state.js").State} State
 * @typedef {import("../program/trace.js").Trace} Trace
 */

/** The hidden layer whose gate the card is about. @param {import("../explain/subject.js").Subject} subject @returns {number | null} */
export function exchangeableLayer({ trace: { program }, target }) {
  const { role, layer } = program.tensor(target);
  return ["a", "da", "mask", "dz"].includes(role) && layer !== null && layer > 0 && layer < program.depth ? layer : null;
}

/** @param {any} model @param {number} layer @param {string} activation @returns {any} numbers of the activation at their defaults */
export const exchanged = (model, layer, activation) => ({
  ...model,
  hidden: model.hidden.map((/** @type {any} */ own, /** @type {number} */ at) => (at + 1 === layer ? { units: own.units, activation } : own)),
});

/**
 * The unit of a layer to compare another activation at: the one that was asked about, else one whose gate is shut for the
 * current sample, since there it changes the most; else the first.
 * @param {State} state
 * @param {number} layer
 */
export function unitToCompare({ focus, samples, sample }, layer) {
  const trace = /** @type {Trace} */ (samples.get(sample) ?? [...samples.values()][0]);
  const { program } = trace;
  const asked = focus && program.byName.get(focus.tensor)?.layer === layer ? focus.index.at(-1) : undefined;
  const mask = program.named("mask", layer)?.name;
  const units = Array.from({ length: program.units(layer) }, (_, unit) => unit);
  const shut = mask ? units.find((unit) => trace.at(mask, [0, unit]) === 0) : undefined;
  return asked ?? shut ?? 0;
}

/** A tensor as nested lists. @param {Trace} trace @param {string} name @returns {any} */
export function nested(trace, name) {
  const cells = [...trace.cells(name)];
  const shape = trace.shape(name);
  return shape.length < 2 ? cells : Array.from({ length: shape[0] }, (_, row) => cells.slice(row * shape[1], (row + 1) * shape[1]));
}

/** The weights and biases of the current step. @param {Trace} trace @returns {Record<string, any>} */
export const parametersOf = (trace) =>
  Object.fromEntries([...trace.program.with("W"), ...trace.program.with("b")].map(({ name }) => [name, nested(trace, name)]));

/**
 * The body of POST /trace for the current sample, with the weights of now.
 * @param {State} state
 * @param {any} model
 */
export function traceRequest({ batch, session, sample }, model) {
  const trace = /** @type {Trace} */ (batch);
  const [x, y] = ["x", "y"].map((role) => nested(trace, trace.program.with(role)[0].name)[sample]);
  return { model, parameters: parametersOf(trace), batch: { x: [x], y: [y] }, optimizer: session?.optimizer };
}

/**
 * The recipe of a run that goes on from here with that model; changes of the rows are made again by `edits`.
 * @param {State} state
 * @param {any} model
 * @returns {import("./reshape.js").Beginning}
 */
export function continuation({ recipe, session, batch, edits }, model) {
  const { initializer: _, ...rest } = recipe;
  return { recipe: { ...rest, model, ...learningOf(session), parameters: parametersOf(/** @type {Trace} */ (batch)) }, edits: editsOfRows(edits, session) };
}
