import { number } from "../../core/format.js";
import { areProbabilities } from "../program/outcome.js";
import { stopsOf } from "./stopped.js";
import { trueClass } from "./default-cell.js";

/**
 * How the page opens: one wave of gradient, from the gap at the outputs to the inputs, or to the gate where it stops. A
 * timeline of the step's own operations with other times; whatever was computed before the wave stands from the beginning.
 *
 * @typedef {import("../program/timeline.js").Operation} Operation
 * @typedef {import("../program/timeline.js").Timeline} Timeline
 * @typedef {import("../program/program.js").Program} Program
 * @typedef {{from: number, to: number, text: string, values: Record<string, string | number>}} Line a caption and when it is there, in ms
 */

/** When the parts of the wave begin, in ms. gone: the gap sets out from its bar; said: what stopped has stopped; again: a gradient comes to the shut gate once more. */
export const BEATS = { gap: 100, gone: 340, packets: 900, gates: 2000, inputs: 2600, said: 2600, biases: 3200, again: 3400, still: 4600 };
/** The gap is there at ARRIVAL of this, 200 ms after it has begun to move. */
const GAP_MS = 235;
/** The biases' gradients are there soon, and stay. */
const BIAS_MS = 150;
/** More units than these are counted, not named. */
const MOST_NAMED = 4;

/**
 * @param {Timeline} timeline of the step
 * @param {Program} program
 * @returns {Timeline} the same operations in the same order
 */
export function openingOf(timeline, program) {
  const first = timeline.operations.findIndex(({ segment }) => segment === "backward");
  const parts = timeline.operations.map((operation, at) => (at < first || operation.scope === "batch" ? null : partOf(operation, program)));
  const lasts = partsLast(parts, program.depth);
  let reached = BEATS.gap;
  const operations = timeline.operations.map((operation, at) => {
    // In the first frame it is there already.
    if (at < first) return { ...operation, start: -1, motion: 1, duration: at === first - 1 ? BEATS.gap + 1 : 0 };
    const part = parts[at];
    const start = reached;
    const duration = part === "biases" ? BEATS.still - start : part ? lasts[part] : 0;
    reached += duration;
    const motion = part === "gap" ? Math.min(GAP_MS, duration) : part === "biases" ? BIAS_MS : duration;
    return { ...operation, start, duration, motion: Math.max(1, motion) };
  });
  return { ...timeline, operations, duration: BEATS.still };
}

/** @typedef {"gap" | "packets" | "gates" | "inputs" | "biases"} Part */

/** Which part of the wave an operation of the backward pass is; null: none is seen of it. @param {Operation} operation @param {Program} program @returns {Part | null} */
function partOf({ output }, program) {
  const { role, layer } = program.tensor(output);
  if (role === "dW" || role === "db") return layer !== 1 ? null : role === "dW" ? "inputs" : "biases";
  if (role === "da" && layer !== program.depth) return "packets";
  if (role === "dz" && layer !== program.depth) return "gates";
  return role === "dx" ? null : "gap";
}

/** How long each operation of a part lasts: the hidden layers share the time of one. @param {(Part | null)[]} parts @param {number} depth @returns {Record<Part, number>} */
function partsLast(parts, depth) {
  const hidden = Math.max(1, depth - 1);
  const gaps = parts.filter((part) => part === "gap").length;
  return {
    gap: (BEATS.packets - BEATS.gap) / Math.max(1, gaps),
    packets: (BEATS.gates - BEATS.packets) / hidden,
    gates: (BEATS.inputs - BEATS.gates) / hidden,
    inputs: BEATS.biases - BEATS.inputs,
    biases: 0,
  };
}

/**
 * The operation whose packets are seen: where gradients stay on the edges of the inputs, those that pass them.
 * @param {Timeline} timeline
 * @param {Operation} operation in play
 * @param {Program} program
 */
export function waveOf(timeline, operation, program) {
  const inputs = partOf(operation, program) === "inputs" && timeline.operations.find(({ output }) => program.tensor(output).role === "dx");
  return inputs || operation;
}

/**
 * What is said meanwhile, with the numbers of this sample.
 * @param {import("../program/trace.js").Trace} trace in sample scope
 * @returns {Line[]}
 */
export function linesOf(trace) {
  const last = stopLines(trace);
  return [...gapLines(trace, last[0]?.from ?? BEATS.gates), ...last];
}

/** @param {import("../program/trace.js").Trace} trace @param {number} to when the next words come: between the two there is no gap @returns {Line[]} */
function gapLines(trace, to) {
  const { program } = trace;
  const p = trace.named("a", program.depth);
  if (!p || !areProbabilities(program) || program.units(program.depth) === 1) return [];
  const part = trace.at(p.name, [0, trueClass(trace)]);
  return [{ from: BEATS.gap + 200, to, text: part < 0.5 ? "opening.gap" : "opening.gap_small", values: { percent: number(Math.round(100 * part)) } }];
}

/** @param {import("../program/trace.js").Trace} trace @returns {Line[]} */
function stopLines(trace) {
  const stops = stopsOf(trace);
  if (stops.length === 0) return [];
  const areNamed = stops.length <= MOST_NAMED && trace.program.depth === 2;
  const cells = trace.cells(/** @type {any} */ (trace.program.named("z", stops[0].layer)).name);
  const values = { count: stops.length, units: stops.map(({ unit }) => number(unit + 1)).join(", "), z: stops.map(({ unit }) => number(cells[unit])).join(", ") };
  return [{ from: BEATS.said, to: Infinity, text: areNamed ? "opening.stopped" : "opening.stopped_many", values }];
}
