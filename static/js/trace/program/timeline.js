import { SAMPLE_AXIS } from "./program.js";

/**
 * The order in which a person watches one step: six segments, each a list of operations, each a run of micro-steps.
 * Time is an input: everything that moves asks `momentAt(timeline, ms)`.
 *
 * @typedef {import("./program.js").Program} Program
 * @typedef {import("./program.js").Node} Node
 * @typedef {"given" | "forward" | "loss" | "backward" | "average" | "update"} Segment
 * @typedef {"pass" | "layer" | "operation" | "neuron"} Granularity
 *
 * One operation: the micro-steps that end in a tensor which the drawing shows.
 * @typedef {object} Operation
 * @property {Segment} segment
 * @property {"sample" | "batch"} scope whose numbers these are
 * @property {string} output the tensor that appears
 * @property {Node[]} nodes its micro-steps, in order; none for what is given
 * @property {string[]} inputs tensors from outside the operation
 * @property {number | null} layer
 * @property {number} units parts that a step by neuron shows one after the other
 * @property {number} start ms
 * @property {number} motion ms in which something moves
 * @property {number} duration ms, with the hold for its caption
 *
 * @typedef {{operations: Operation[], segments: {name: Segment, start: number, end: number}[], duration: number,
 *   granularity: Granularity}} Timeline
 *
 * @typedef {{index: number, operation: Operation, progress: number}} Moment
 */

/** @type {Segment[]} */
export const SEGMENTS = ["given", "forward", "loss", "backward", "average", "update"];

const MOTION_MS = { given: 600, forward: 850, loss: 800, backward: 850, average: 900, update: 700 };
const NEURON_MS = 650;
/** What an optimizer works out before it moves a parameter. */
const ASIDE_MS = 450;

/**
 * Whether a micro-step changes nothing in sample view: it divides by the batch size, which is 1 there.
 * @param {Program} program
 * @param {Node} node
 */
const dividesByBatchSize = (program, node) => node.inputs.some((name) => program.tensor(name).divisor);

/**
 * Whether an operation is finished with this node, so that the next node begins another.
 * A gradient, a next value, or the end of a group is an end.
 * @param {Program} program
 * @param {Node} node
 * @param {Node | undefined} next
 */
function endsOperation(program, node, next) {
  if (!next) return true;
  const isSameGroup = next.phase === node.phase && next.layer === node.layer && next.group.join() === node.group.join();
  if (!isSameGroup) return true;
  const tensor = program.tensor(node.output);
  return isNext(tensor) || (node.phase === "backward" && node.output === `d${tensor.of}`);
}

/** Whether a tensor is the next value of a parameter or of what an optimizer remembers. @param {import("./program.js").Tensor} tensor */
export const isNext = ({ role }) => role === "next" || role === "state_next";

/**
 * A node that does not lead to the result of a run is an operation of its own: the shrinking before the step of AdamW.
 * @param {Node[]} run
 * @returns {Node[][]}
 */
function strands(run) {
  const needed = new Set([run[run.length - 1].output]);
  for (const node of [...run].reverse()) if (needed.has(node.output)) node.inputs.forEach((name) => needed.add(name));
  return [run.filter((node) => !needed.has(node.output)), run.filter((node) => needed.has(node.output))].filter((strand) => strand.length > 0);
}

/** @param {Program} program @param {Node[]} nodes @returns {Node[][]} */
function runs(program, nodes) {
  /** @type {Node[][]} */
  const found = [];
  /** @type {Node[]} */
  let run = [];
  nodes.forEach((node, position) => {
    run.push(node);
    if (endsOperation(program, node, nodes[position + 1])) {
      found.push(run);
      run = [];
    }
  });
  return found;
}

/**
 * @param {Program} program of the batch
 * @param {number} m rows of the batch
 * @param {Granularity} granularity
 * @param {(operation: Operation) => {motion?: number, hold?: number}} [paceOf] time that an operation wants for its
 *   motion, and in all for its caption
 * @param {Program} [sampleProgram] of the sample, where that goes the long way
 * @returns {Timeline}
 */
export function buildTimeline(program, m, granularity, paceOf = () => ({}), sampleProgram = program) {
  /** @type {(Pick<Operation, "segment" | "scope" | "nodes" | "output" | "layer"> & {run: Node[]})[]} */
  const plan = [{ segment: "given", scope: "sample", nodes: [], run: [], output: "x", layer: null }];

  /** @param {Node[]} run @returns {Segment} */
  const segmentOf = (run) => (run[0].phase !== "forward" ? "backward" : run[0].layer === null ? "loss" : "forward");
  for (const run of runs(sampleProgram, sampleProgram.nodes.filter(({ phase }) => phase === "forward" || phase === "backward"))) {
    if (run[0].group.includes("reduction")) continue;
    const nodes = run.filter((node) => !dividesByBatchSize(sampleProgram, node));
    plan.push({ segment: segmentOf(run), scope: "sample", nodes, run, output: /** @type {Node} */ (run.at(-1)).output, layer: run[0].layer });
  }
  if (m > 1) {
    for (const tensor of program.tensors.filter((tensor) => tensor.role === "dW" || tensor.role === "db")) {
      const node = /** @type {Node} */ (program.maker.get(tensor.name));
      plan.push({ segment: "average", scope: "batch", nodes: [node], run: [node], output: tensor.name, layer: tensor.layer });
    }
  }
  for (const run of runs(program, program.nodes.filter((node) => node.phase === "update")).flatMap(strands)) {
    plan.push({ segment: "update", scope: "batch", nodes: run, run, output: /** @type {Node} */ (run.at(-1)).output, layer: run[0].layer });
  }

  let start = 0;
  const operations = plan.map(({ run, ...part }) => {
    const made = new Set(run.map((node) => node.output));
    const inputs = [...new Set(part.nodes.flatMap((node) => node.inputs))].filter((name) => !made.has(name));
    const axes = program.tensor(part.output).axes.filter((axis) => axis !== SAMPLE_AXIS);
    const units = axes.length ? program.sizes[/** @type {string} */ (axes.at(-1))] : 1;
    const isAside = part.segment === "update" && program.tensor(part.output).role !== "next";
    const motion = granularity === "neuron" && part.nodes.length ? NEURON_MS * units : isAside ? ASIDE_MS : MOTION_MS[part.segment];
    /** @type {Operation} */
    const operation = { ...part, inputs, units, start, motion, duration: motion };
    const pace = paceOf(operation);
    operation.motion = pace.motion ?? motion;
    operation.duration = Math.max(operation.motion, pace.hold ?? 0);
    start += operation.duration;
    return operation;
  });
  const segments = SEGMENTS.flatMap((name) => {
    const own = operations.filter((operation) => operation.segment === name);
    if (own.length === 0) return [];
    const last = /** @type {Operation} */ (own.at(-1));
    return [{ name, start: own[0].start, end: last.start + last.duration }];
  });
  return { operations, segments, duration: start, granularity };
}

/**
 * What is in play at a time. At the very end of an operation that operation is in play still, complete.
 * @param {Timeline} timeline
 * @param {number} ms
 * @returns {Moment}
 */
export function momentAt(timeline, ms) {
  let index = timeline.operations.findIndex((operation) => ms <= operation.start + operation.duration);
  if (index < 0) index = timeline.operations.length - 1;
  const operation = timeline.operations[index];
  const progress = Math.min(1, Math.max(0, (ms - operation.start) / operation.motion));
  return { index, operation, progress };
}

/**
 * How far one part of an operation is, 0 to 1. By neuron the parts follow each other, else they move together.
 * @param {Timeline} timeline
 * @param {Moment} moment
 * @param {number} unit
 */
export function unitProgress(timeline, moment, unit) {
  if (timeline.granularity !== "neuron") return moment.progress;
  return Math.min(1, Math.max(0, moment.progress * moment.operation.units - unit));
}

/**
 * The times at which a step by this granularity stops, ascending, without 0.
 * @param {Timeline} timeline
 * @returns {number[]}
 */
export function stops(timeline) {
  const { operations, granularity } = timeline;
  return operations.flatMap((operation, position) => {
    const end = operation.start + operation.duration;
    const next = operations[position + 1];
    if (granularity === "neuron" && operation.nodes.length) {
      const parts = Array.from({ length: operation.units }, (_, unit) => operation.start + ((unit + 1) / operation.units) * operation.motion);
      return [...parts.slice(0, -1), end];
    }
    if (granularity === "pass" && next?.segment === operation.segment) return [];
    if (granularity === "layer" && next?.segment === operation.segment && next?.layer === operation.layer) return [];
    return [end];
  });
}

/**
 * The same place in another timeline of the same program.
 * @param {Timeline} from
 * @param {number} ms
 * @param {Timeline} to
 */
export function samePlace(from, ms, to) {
  if (ms <= 0) return 0;
  const { index, progress } = momentAt(from, ms);
  const operation = to.operations[index];
  return progress >= 1 ? operation.start + operation.duration : operation.start + progress * operation.motion;
}
