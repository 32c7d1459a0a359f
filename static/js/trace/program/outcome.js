/**
 * What the outputs of a network stand for: classes or numbers, on which scale, and which of them the loss reads.
 *
 * @typedef {import("./program.js").Program} Program
 * @typedef {import("./trace.js").Trace} Trace
 */

/** Whether the outputs are probabilities: the engine calls these p. @param {Program} program */
export const areProbabilities = (program) => program.named("a", program.depth)?.name === "p";

/** @type {WeakMap<Program, boolean>} */
const picks = new WeakMap();

/**
 * Whether the loss reads the output of the true class alone: where the outputs of a sample become one number, they are
 * weighted by the targets.
 * @param {Program} program
 */
export function isPickedByTarget(program) {
  let isPicked = picks.get(program);
  if (isPicked === undefined) {
    const isOfOutputs = (/** @type {string} */ name) => program.tensor(name).axes.includes(String(program.depth));
    const meetings = program.nodes.filter((node) => node.phase === "forward" && node.layer === null && !isOfOutputs(node.output) && node.inputs.some(isOfOutputs));
    isPicked = meetings.some((node) => node.inputs.some((name) => program.tensor(name).role === "y"));
    picks.set(program, isPicked);
  }
  return isPicked;
}

/**
 * The class of a row of targets; null where they are numbers.
 * @param {ArrayLike<number>} targets one an output
 * @param {number} classes how many the data have
 */
export function labelOf(targets, classes) {
  if (targets.length === 1) return classes === 2 ? Number(targets[0] > 0.5) : null;
  let label = -1;
  for (let unit = 0; unit < targets.length; unit++) if (targets[unit] > (label < 0 ? 0.5 : targets[label])) label = unit;
  return label < 0 ? null : label;
}

/**
 * The class that an output stands for: a single one says how much it is the second of two. Null: it is a number.
 * @param {number} unit
 * @param {number} outputs
 * @param {number} classes
 */
export const classOfOutput = (unit, outputs, classes) => (outputs > 1 ? unit : classes === 2 ? 1 : null);

/**
 * The ends of the outputs' scale: 0 and 1 for probabilities, else room for every output and target of the batch.
 * @param {Trace} trace
 * @returns {{low: number, high: number}}
 */
export function outputScale(trace) {
  const { program } = trace;
  if (areProbabilities(program)) return { low: 0, high: 1 };
  const names = [program.named("a", program.depth), program.named("y")].flatMap((tensor) => (tensor ? [tensor.name] : []));
  const values = names.flatMap((name) => [...trace.cells(name)]).filter(Number.isFinite);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const margin = (high - low) * 0.06 || 1;
  return { low: low < 0 ? low - margin : 0, high: high > 0 ? high + margin : 0 };
}

/** How the losses of a batch become one. @param {Pick<import("../../state.js").State, "session">} state @returns {"mean" | "sum"} */
export const reductionOf = ({ session }) => (session?.model?.reduction === "sum" ? "sum" : "mean");
