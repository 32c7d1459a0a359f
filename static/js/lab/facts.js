import { placeBeside } from "../inspector/place.js";
import { nested, parametersOf } from "../trace/change/exchange.js";
import { stageFacts } from "./chain.js";

/**
 * What a lab may ask of the page, read off its state. The list of all facts is server/lessons/format/facts.py.
 *
 * @typedef {import("../state.js").State} State
 * @typedef {import("../trace/program/trace.js").Trace} Trace
 */

/** @type {Record<string, (state: State) => any>} */
const ROOTS = {
  step: ({ session }) => session?.step,
  sample: ({ sample }) => sample,
  at: placeInTheStep,
  focus: ({ focus }) => focus ?? undefined,
  tab: ({ tab }) => tab,
  layers: ({ tab, layers }) => (tab === "layers" ? layers : ""),
  view: (state) => (placeBeside(state) === "map" ? "map" : "why"),
  recipe: recipeOf,
  parameters: ({ batch }) => batch && parametersOf(batch),
  trace: ({ samples, sample }) => tensorsOf(samples.get(sample)),
  batch: ({ batch }) => tensorsOf(batch),
  traces: ({ lab }) => lab && Object.fromEntries(Object.entries(lab.traces).map(([name, trace]) => [name, tensorsOf(trace)])),
  loss: ({ batch }) => batch?.header.loss,
  accuracy: ({ batch }) => batch?.header.accuracy,
  dead: ({ batch }) => Object.fromEntries((batch?.header.gates?.layers ?? []).map((gates) => [gates.layer, gates.is_dead])),
  nudge: ({ nudged, lab }) => (nudged && nudged !== lab?.nudgedBefore ? { ...nudged.slice, tensor: nudged.tensor, index: withoutRow(nudged) } : undefined),
  exchange: (state) => ({ ...state.exchange, activation: state.exchange?.activation ?? "", lines: state.batch?.program.nodes.filter(({ phase }) => phase !== "measure").length }),
  stage: stageFacts,
  experiment: ({ lab }) => lab?.experiment ?? undefined,
  answer: ({ lab }) => lab?.answer,
};

/** Reads facts off a state, by their names. @param {State} state @returns {import("./expression.js").Facts} */
export function factsOf(state) {
  return (name) => {
    const [root, ...parts] = /** @type {string[]} */ (name.match(/\w+/g) ?? [""]);
    /** @type {any} */
    let value = ROOTS[root]?.(state);
    for (const part of parts) value = typeof value === "function" ? value(part) : value?.[part];
    return value;
  };
}

/** A function from a tensor's name to its numbers, all axes. @param {Trace | null | undefined} trace */
const tensorsOf = (trace) => trace && ((/** @type {string} */ name) => (trace.program.byName.has(name) ? tensorOf(trace, name) : undefined));

/** @param {Trace} trace @param {string} name */
const tensorOf = (trace, name) => (trace.shape(name).length === 0 ? trace.at(name) : nested(trace, name));

/** As everywhere in a lab: which row it is stands elsewhere. @param {import("../state.js").Nudged} nudged */
const withoutRow = ({ tensor, index }) => (tensor === "x" ? index.slice(1) : index);

/** What has appeared last: an operation in mid-play has not. @param {State} state */
function placeInTheStep({ timeline, operation, arrived }) {
  if (!timeline) return undefined;
  const { operations } = timeline;
  const isThere = arrived >= operations[operation].units;
  const { scope, output } = operations[isThere ? operation : Math.max(0, operation - 1)];
  return { scope, output };
}

/** The body that makes the run on show, the defaults of its model written out. @param {State} state */
function recipeOf({ recipe, session }) {
  if (!recipe || !session) return undefined;
  const { parameters: _, ...rest } = recipe;
  return { ...rest, model: session.model, optimizer: session.optimizer, batch_size: session.batch_size };
}
