/**
 * The gradient of a chain of single units, taken apart: pure, read off the step on show.
 *
 * @typedef {import("../trace/program/trace.js").Trace} Trace
 * @typedef {object} Factor
 * @property {"error" | "slope" | "weight" | "input" | "closed"} kind
 * @property {number} layer whose slope, weight or input it is
 * @property {number} value
 * @property {{tensor: string, index: number[]} | null} cell where it stands in the step; null: nowhere as one number
 *
 * @typedef {{layers: number, target: number, unopened: number, product: number, gradient: number, factors: Factor[]}} Chain
 *   target: the layer whose weight it is about; gradient: the same by the step itself
 */

/** Whether each layer has one unit, so that a gradient is one product. @param {Trace} trace */
export const isChain = ({ program }) => Array.from({ length: program.depth + 1 }, (_, layer) => program.units(layer)).every((units) => units === 1);

/**
 * @param {Trace} trace of one sample
 * @param {string} parameter
 * @param {number} opened how many chips have been opened, from the loss on: each is what one layer does
 * @returns {Chain}
 */
export function chainOf(trace, parameter, opened) {
  const { program } = trace;
  const layers = program.depth;
  const target = /** @type {number} */ (program.tensor(parameter).layer);
  /** @param {Factor["kind"]} kind @param {string} role @param {number} layer @param {number} of the tensor's own layer @returns {Factor} */
  const factor = (kind, role, layer, of = layer) => {
    const { name } = /** @type {{name: string}} */ (program.named(role, of || null) ?? program.named("x"));
    return { kind, layer, value: trace.at(name, [0, 0]), cell: { tensor: name, index: role === "W" ? [0, 0] : [0] } };
  };
  /** @param {number} layer @returns {Factor[]} */
  const inside = (layer) => [factor("slope", "mask", layer), layer > target ? factor("weight", "W", layer) : factor("input", "a", layer, layer - 1)];
  const steps = Array.from({ length: layers - target + 1 }, (_, at) => inside(layers - at));
  const shown = steps.slice(0, opened).flat();
  const hidden = steps.slice(opened).flat();
  const closedLayer = layers - Math.min(opened, steps.length);
  const factors = [factor("error", "da", layers), ...shown, ...(hidden.length > 0 ? [{ kind: /** @type {const} */ ("closed"), layer: closedLayer, value: productOf(hidden), cell: null }] : [])];
  return { layers, target, unopened: hidden.length > 0 ? 1 : 0, product: productOf(factors), gradient: trace.at(`d${parameter}`, [0, 0]), factors };
}

/** @param {Pick<Factor, "value">[]} factors */
const productOf = (factors) => factors.reduce((product, { value }) => product * value, 1);

/** What the facts say of an instrument: most stands in the state, but what follows from the step on show is read off that. @param {import("../state.js").State} state */
export function stageFacts({ lab, samples, sample }) {
  const { stage } = lab ?? {};
  const trace = samples.get(sample);
  if (stage?.name !== "factors" || !trace || !isChain(trace)) return stage;
  const { layers, unopened, product } = chainOf(trace, stage.gradient, stage.opened);
  return { ...stage, layers, unopened, product };
}
