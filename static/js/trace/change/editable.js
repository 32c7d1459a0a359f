import { SAMPLE_AXIS } from "../program/program.js";

/**
 * What of the current step can be changed by hand, and how: pure, from the state to bodies of PATCH.
 *
 * @typedef {import("../../state.js").State} State
 * @typedef {import("../../session/editing.js").Change} Change
 * @typedef {object} Editable
 * @property {"number" | "class"} kind
 * @property {string} key a text of the language file says what it is: "edit.<key>"
 * @property {number} value
 * @property {number} min
 * @property {number} max of the slider; typing may go beyond, except where `isBounded`
 * @property {number} step
 * @property {boolean} isBounded
 * @property {(value: number) => Change} change
 */

/**
 * The value behind the cell that the reader asked about, or in the update the learning rate.
 * @param {State} state
 * @returns {Editable | null}
 */
export function editableOf(state) {
  const { batch, session, focus, timeline } = state;
  if (!batch || !session || !timeline || state.live) return null;
  const { program } = batch;
  if (!focus) return timeline.operations[state.operation].segment === "update" ? rate(state) : null;
  if (!program.byName.has(focus.tensor)) return null;
  const tensor = program.tensor(focus.tensor);
  const source = tensor.of && ["dW", "db", "dx", "next"].includes(tensor.role) ? program.tensor(tensor.of) : tensor;
  if (source.role === "W" || source.role === "b") return parameter(state, source.name, focus.index);
  if (source.role === "x") return input(state, focus.index);
  if (source.role === "y" || (source.role === "a" && source.layer === program.depth)) return label(state);
  if (source.role === "mask" || source.role === "dz") return corner(state, /** @type {number} */ (source.layer), focus.index);
  return null;
}

/** A tensor of the batch as nested lists. @param {State} state @param {string} name */
function nested({ batch }, name) {
  const cells = [.../** @type {any} */ (batch).cells(name)];
  const shape = /** @type {any} */ (batch).shape(name);
  if (shape.length < 2) return cells;
  return Array.from({ length: shape[0] }, (_, row) => cells.slice(row * shape[1], (row + 1) * shape[1]));
}

/** @param {State} state @param {string} name @param {number[]} index @returns {Editable} */
function parameter(state, name, index) {
  // Where the current step has been taken, the session has what came out of its update.
  const isTaken = (state.session?.step ?? 0) === state.batch?.header.step;
  const before = nested(state, isTaken ? `${name}_next` : name);
  const value = index.length === 2 ? before[index[0]][index[1]] : before[index[0]];
  const reach = Math.max(3, Math.ceil(2 * Math.abs(value)));
  return {
    kind: "number", key: index.length === 2 ? "weight" : "bias", value, min: -reach, max: reach, step: 0.05, isBounded: false,
    change: (to) => {
      const after = structuredClone(before);
      if (index.length === 2) after[index[0]][index[1]] = to;
      else after[index[0]] = to;
      return { key: `${name}:${index}`, forward: { parameters: { [name]: after } }, back: { parameters: { [name]: before } } };
    },
  };
}

/** Whether every batch is all rows in order: elsewhere a row of the batch is not a row of the data. @param {Pick<State, "session">} state */
export const rowsAreTheData = ({ session }) => session?.steps_per_epoch === 1 && (session.batch_size === null || !session.shuffle);

/** @param {State} state @param {number[]} index @returns {Editable | null} */
function input(state, index) {
  if (!rowsAreTheData(state)) return null;
  const row = state.sample;
  const before = nested(state, "x")[row];
  return {
    kind: "number", key: "input", value: before[index[0]], min: -3, max: 3, step: 0.05, isBounded: false,
    change: (to) => ({
      key: `x:${row},${index}`,
      forward: { data: { set: [{ row, x: before.with(index[0], to) }] } },
      back: { data: { set: [{ row, x: before }] } },
    }),
  };
}

/** @param {State} state @returns {Editable | null} */
function label(state) {
  const { batch, sample } = state;
  if (!rowsAreTheData(state) || !batch) return null;
  const target = nested(state, "y")[sample];
  const isOneOfMany = target.length > 1 && target.filter((/** @type {number} */ part) => part === 1).length === 1 && target.every((/** @type {number} */ part) => part === 0 || part === 1);
  if (!isOneOfMany) return null;
  const before = target.indexOf(1);
  return {
    kind: "class", key: "label", value: before, min: 0, max: target.length - 1, step: 1, isBounded: true,
    change: (to) => ({ key: `y:${sample}`, forward: { data: { set: [{ row: sample, y: to }] } }, back: { data: { set: [{ row: sample, y: before }] } } }),
  };
}

/** The derivative at the corner of a layer's gates, where the current sample is at one. @param {State} state @param {number} layer @param {number[]} index of the unit @returns {Editable | null} */
function corner({ batch, samples, sample }, layer, index) {
  const [scalar, z] = ["derivative_at_zero", "z"].map((role) => batch?.program.named(role, layer));
  if (!batch || !scalar || !z || layer === batch.program.depth || samples.get(sample)?.at(z.name, [0, ...index]) !== 0) return null;
  const before = batch.at(scalar.name);
  const body = (/** @type {number} */ value) => ({ derivative_at_zero: Array.from({ length: batch.program.depth - 1 }, (_, above) => (above + 1 === layer ? value : null)) });
  return {
    kind: "number", key: "corner", value: before, min: 0, max: 1, step: 0.05, isBounded: true,
    change: (to) => ({ key: scalar.name, forward: body(to), back: body(before) }),
  };
}

/** @param {State} state @returns {Editable | null} */
function rate({ batch }) {
  if (!batch?.program.byName.has("learning_rate") || batch.program.tensor("learning_rate").axes.includes(SAMPLE_AXIS)) return null;
  const before = batch.at("learning_rate");
  const body = (/** @type {number} */ value) => ({ optimizer: { learning_rate: value } });
  return {
    kind: "number", key: "rate", value: before, min: 0, max: Math.max(1, 2 * before), step: 0.01, isBounded: false,
    change: (to) => ({ key: "learning_rate", forward: body(to), back: body(before) }),
  };
}
