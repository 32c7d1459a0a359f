import { SAMPLE_AXIS } from "../program/program.js";

/**
 * The cell that teaches most, where nobody has chosen one.
 *
 * @typedef {import("../program/trace.js").Trace} Trace
 */

/**
 * @param {import("../../state.js").State} state
 * @param {Trace} trace
 * @param {import("../program/timeline.js").Operation} operation
 * @param {import("../program/program.js").Node | null} node
 * @param {string} target
 * @returns {number[]} index without the sample axis
 */
export function cellToTeach(state, trace, operation, node, target) {
  const { program } = trace;
  const axes = program.tensor(target).axes.filter((axis) => axis !== SAMPLE_AXIS);
  const first = axes.map(() => 0);
  if (axes.length === 0) return first;
  const last = /** @type {string} */ (axes.at(-1));
  const withUnit = (/** @type {number} */ unit) => [...first.slice(0, -1), unit];
  if (state.timeline?.granularity === "neuron" && state.focus === null && operation.nodes.length > 0) {
    const unit = state.isPlaying ? state.arrived : state.arrived - 1;
    return withUnit(Math.min(Math.max(unit, 0), program.sizes[last] - 1));
  }
  if (operation.scope === "batch") return movedByOthers(state, trace, target) ?? first;
  if (axes.length > 1 || !node) return first;
  const mask = maskOf(trace, operation);
  if (mask) return [shutUnit(trace, mask, operation) ?? 0];
  if (last === String(program.depth) && !node.group.includes("affine")) return [trueClass(trace)];
  return first;
}

/** The slopes that an operation makes or multiplies by. @param {Trace} trace @param {import("../program/timeline.js").Operation} operation */
function maskOf(trace, operation) {
  const names = operation.nodes.flatMap((node) => [node.output, ...node.inputs]);
  return names.find((name) => trace.program.tensor(name).role === "mask");
}

/** A unit whose gate is shut, if possible one whose gradient is stopped there. @param {Trace} trace @param {string} mask @param {import("../program/timeline.js").Operation} operation */
function shutUnit(trace, mask, operation) {
  const shut = [...trace.cells(mask)].flatMap((slope, unit) => (slope === 0 ? [unit] : []));
  const upstream = operation.nodes.find((node) => node.inputs.includes(mask))?.inputs.find((name) => name !== mask);
  return shut.find((unit) => upstream && trace.cells(upstream)[unit] !== 0) ?? shut[0];
}

/** The class with the highest target. @param {Trace} trace */
export function trueClass(trace) {
  const y = trace.named("y");
  if (!y) return 0;
  const cells = [...trace.cells(y.name)];
  return cells.indexOf(Math.max(...cells));
}

/**
 * The cell that others move most while the current sample leaves it alone.
 * @param {import("../../state.js").State} state
 * @param {Trace} batch
 * @param {string} target a gradient, or the next value or the step of a parameter
 */
function movedByOthers(state, batch, target) {
  const tensor = batch.program.tensor(target);
  const gradient = target === `d${tensor.of}` ? target : `d${batch.program.root(target)}`;
  const sample = state.samples.get(state.sample);
  if (!sample || !batch.program.byName.has(gradient)) return null;
  const own = sample.cells(gradient);
  let [moved, most] = [-1, 0];
  batch.cells(gradient).forEach((value, cell) => {
    if (own[cell] === 0 && Math.abs(value) > most) [moved, most] = [cell, Math.abs(value)];
  });
  if (moved < 0) return null;
  const width = batch.shape(gradient).at(-1) ?? 1;
  return tensor.axes.length > 1 ? [Math.floor(moved / width), moved % width] : [moved];
}
