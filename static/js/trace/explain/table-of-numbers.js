import { isKnown } from "../program/reveal.js";

/**
 * The numbers of the drawing as rows of a table, with what has not been computed left open.
 *
 * @typedef {import("../../state.js").State} State
 * @typedef {{tensor: string, value: number | null} | null} Entry null: there is no such number
 * @typedef {{layer: number, unit: number, entries: Record<string, Entry>}} UnitRow
 * @typedef {{tensor: string, index: number[], value: number, gradient: number | null}} ParameterRow
 */

/** The numbers of a unit, in the order of a step. */
export const UNIT_ROLES = ["z", "mask", "a", "da", "dz"];

/**
 * @param {State} state
 * @returns {UnitRow[]} the units of all layers for the current sample
 */
export function unitRows(state) {
  const trace = state.samples.get(state.sample);
  if (!trace || !state.timeline) return [];
  const { program } = trace;
  return Array.from({ length: program.depth + 1 }, (_, layer) =>
    Array.from({ length: program.units(layer) }, (_, unit) => ({
      layer,
      unit,
      entries: Object.fromEntries(UNIT_ROLES.map((role) => [role, entry(state, trace, layer, role, unit)])),
    })),
  ).flat();
}

/** @param {State} state @param {import("../program/trace.js").Trace} trace @param {number} layer @param {string} role @param {number} unit @returns {Entry} */
function entry(state, trace, layer, role, unit) {
  const { program } = trace;
  const input = { a: "x", da: "dx" }[role] ?? "";
  const tensor = layer === 0 ? program.named(input) : program.named(role, layer);
  if (!tensor || (role === "mask" && !program.hasGate(layer))) return null;
  const isThere = isKnown(/** @type {import("../program/timeline.js").Timeline} */ (state.timeline), state, "sample", tensor.name, [unit]);
  return { tensor: tensor.name, value: isThere ? trace.at(tensor.name, tensor.axes.length > 1 ? [0, unit] : [unit]) : null };
}

/**
 * Every weight and bias with its gradient: of the batch once the samples have met, before that of the current sample.
 * @param {State} state
 * @returns {ParameterRow[]}
 */
export function parameterRows(state) {
  const { batch, timeline } = state;
  const sample = state.samples.get(state.sample);
  if (!batch || !sample || !timeline) return [];
  const scope = timeline.operations[state.operation].scope;
  const trace = scope === "batch" ? batch : sample;
  return batch.program.tensors
    .filter(({ role }) => role === "W" || role === "b")
    .flatMap(({ name }) => {
      const shape = batch.shape(name);
      return Array.from({ length: shape.reduce((product, size) => product * size, 1) }, (_, cell) => {
        const index = shape.length > 1 ? [Math.floor(cell / shape[1]), cell % shape[1]] : [cell];
        const next = `${name}_next`;
        const isUpdated = isKnown(timeline, state, "batch", next, index);
        const gradient = isKnown(timeline, state, scope, `d${name}`, index) ? trace.at(`d${name}`, index) : null;
        return { tensor: name, index, value: batch.at(isUpdated ? next : name, index), gradient };
      });
    });
}
