import { SAMPLE_AXIS } from "../program/program.js";
import { isConcealed, isKnown } from "../program/reveal.js";
import { stoppedCell } from "./stopped.js";
import { cellToTeach } from "./default-cell.js";

/**
 * What the card is about: a cell, the operation and the micro-step that make it, and the values they are read from.
 *
 * @typedef {import("../../state.js").State} State
 * @typedef {import("../program/timeline.js").Operation} Operation
 * @typedef {import("../program/program.js").Node} Node
 * @typedef {object} Subject
 * @property {import("../program/trace.js").Trace} trace
 * @property {Operation} operation the operation; for a given tensor the first of the timeline
 * @property {Node | null} node the micro-step; null for what is given
 * @property {string} target the tensor that the cell belongs to
 * @property {number[]} index all axes
 * @property {number[]} place index without the sample axis
 * @property {Map<string, string>} aliases micro-step output -> the name that it has in this scope
 */

/**
 * @param {State} state
 * @param {string | null} chosen output of the micro-step that the reader picked
 * @returns {Subject | null} null while there is nothing to explain
 */
export function subjectOf(state, chosen) {
  const { timeline } = state;
  if (!timeline || !state.batch) return null;
  const focus = state.focus ?? placeToTell(state);
  const current = timeline.operations[state.operation];
  const operation = focus ? (operationOf(state, focus.tensor) ?? meanOf(state, focus.tensor, current)) : current;
  const shownOperation = operation ?? timeline.operations[0];
  const trace = shownOperation.scope === "sample" ? state.samples.get(state.sample) : state.batch;
  if (!trace) return null;
  const { program } = trace;
  const aliases = aliasesOf(shownOperation, program);
  const nameOf = (/** @type {Node} */ node) => aliases.get(node.output) ?? node.output;
  const wanted = chosen ?? (operation && focus ? targetOf(program, operation, focus.tensor) : null);
  const node = operation ? (operation.nodes.find((one) => nameOf(one) === wanted) ?? mainNode(program, operation)) : null;
  const target = node ? nameOf(node) : (focus?.tensor ?? shownOperation.output);
  const axes = program.tensor(target).axes.filter((axis) => axis !== SAMPLE_AXIS);
  const fits = focus !== null && focus.index.length === axes.length && axes.every((axis, at) => focus.index[at] < program.sizes[axis]);
  const place = fits ? focus.index : cellToTeach(state, trace, shownOperation, node, target);
  const index = withSample(program.tensor(target).axes, place, trace.m === 1 ? 0 : state.sample);
  return { trace, operation: shownOperation, node, target, index, place, aliases };
}

/** Before anybody has played the step or asked: where its gradient is stopped. @param {State} state */
function placeToTell({ isPreview, samples, sample }) {
  const trace = isPreview ? samples.get(sample) : undefined;
  return trace ? stoppedCell(trace) : null;
}

/** An index with the number of the sample put in. @param {string[]} axes @param {number[]} place @param {number} sample */
function withSample(axes, place, sample) {
  const rest = [...place];
  return axes.map((axis) => (axis === SAMPLE_AXIS ? sample : (rest.shift() ?? 0)));
}

/**
 * In sample view m is 1: what would be divided by m keeps its value and takes the name of the quotient.
 * @param {Operation} operation
 * @param {import("../program/program.js").Program} program
 */
export function aliasesOf(operation, program) {
  /** @type {Map<string, string>} */
  const aliases = new Map();
  if (operation.scope !== "sample") return aliases;
  for (const node of program.nodes) {
    const rest = node.inputs.filter((name) => program.tensor(name).role !== "m");
    if (rest.length < node.inputs.length) aliases.set(rest[0], node.output);
  }
  return aliases;
}

/** The last micro-step; where a group makes both a function and its slope, the function. @param {import("../program/program.js").Program} program @param {Operation} operation */
function mainNode(program, operation) {
  return operation.nodes.find((node) => program.tensor(node.output).role === "a") ?? operation.nodes.at(-1) ?? null;
}

/**
 * The operation that makes a tensor: the latest that has begun, else the first to come. A parameter, which nothing
 * makes, leads to its gradient and to its next value once these have begun.
 * @param {State} state
 * @param {string} name
 * @returns {Operation | null}
 */
function operationOf(state, name) {
  const { operations } = /** @type {import("../program/timeline.js").Timeline} */ (state.timeline);
  const { program } = /** @type {import("../program/trace.js").Trace} */ (state.batch);
  const making = operations.filter((operation) => targetOf(program, operation, name) !== null && operation.nodes.length > 0);
  const begun = making.filter((operation) => operations.indexOf(operation) <= state.operation);
  return begun.at(-1) ?? (program.maker.has(name) ? (making[0] ?? null) : null);
}

/** The mean over the batch, which is no operation of the timeline: in the current phase. @param {State} state @param {string} name @param {Operation} current @returns {Operation | null} */
function meanOf({ batch }, name, current) {
  const nodes = batch?.program.nodes.filter(({ group }) => group.includes("reduction")) ?? [];
  return nodes.some(({ output }) => output === name) ? { ...current, scope: "batch", output: name, nodes, inputs: [], layer: null } : null;
}

/** The output of an operation that explains a tensor; the long way has tensors that the batch has not. @param {import("../program/program.js").Program} program @param {Operation} operation @param {string} name */
function targetOf(program, operation, name) {
  const made = [operation.output, ...operation.nodes.map((node) => node.output)];
  if (made.includes(name)) return name;
  const isInput = !program.maker.has(name);
  return isInput && operation.segment !== "forward" ? (made.find((output) => program.byName.get(output)?.of === name) ?? null) : null;
}

/**
 * Whether a cell has a value at the playhead.
 * @param {State} state
 * @param {Subject} subject
 * @param {string} name
 * @param {number[]} index all axes
 * @returns {boolean}
 */
export function isComputed(state, subject, name, index) {
  const { program } = subject.trace;
  const { timeline } = state;
  const maker = program.maker.get(name);
  if (!timeline || !maker) return true;
  const own = [...subject.aliases].find(([, alias]) => alias === name)?.[0] ?? name;
  const scope = subject.operation.scope === "batch" && isMadeIn(timeline, "batch", name) ? "batch" : "sample";
  const place = index.filter((_, axis) => program.tensor(name).axes[axis] !== SAMPLE_AXIS);
  if ([name, own].some((one) => isConcealed(timeline, state, scope, one, place))) return false;
  // What no operation shows (the mean over a batch of one) is there as soon as what it is made from is.
  if (![name, own].some((one) => isMadeIn(timeline, "sample", one) || isMadeIn(timeline, "batch", one))) {
    return maker.inputs.every((input) => isComputed(state, subject, input, program.tensor(input).axes.map(() => 0)));
  }
  return [name, own].some((one) => isKnown(timeline, state, scope, one, place));
}

/** @param {import("../program/timeline.js").Timeline} timeline @param {"sample" | "batch"} scope @param {string} name */
const isMadeIn = (timeline, scope, name) =>
  timeline.operations.some((operation) => operation.scope === scope && (operation.output === name || operation.nodes.some((node) => node.output === name)));
