import { choiceOf } from "./choices.js";

/**
 * What the settings drawer edits: a flat, typed version of the body of POST /sessions. Numbers that were not typed are
 * not in it: the engine's defaults hold for them.
 *
 * @typedef {import("./choices.js").Choices} Choices
 * @typedef {Record<string, number>} Numbers
 * @typedef {{units: number, activation: string, numbers: Numbers}} HiddenLayer
 * @typedef {{name: string, title: string, features: number, classes: number, task: "classification" | "regression", target_name: string | null, held_out: boolean, fixed_scale: number | null, rows: number, rows_of_class?: number[], class_names: string[],
 *   feature_names: string[], source: string, licence: string,
 *   options: {name: string, default: number | string, minimum: number | null, maximum: number | null, choices: string[]}[]}} DatasetInfo
 *
 * @typedef {Pick<DatasetInfo, "features" | "classes"> & Partial<Pick<DatasetInfo, "task">>} Needs what a network has to fit
 *
 * @typedef {object} Draft
 * @property {string} dataset "given" keeps `batch`
 * @property {any} batch
 * @property {Record<string, number | string>} options of the data set
 * @property {number | null} batchSize null: all rows
 * @property {boolean} isShuffled whether every epoch goes through its batches in an order of its own
 * @property {HiddenLayer[]} hidden
 * @property {{activation: string, isSingle: boolean, numbers: Numbers}} output single: one unit tells two classes apart
 * @property {string} loss
 * @property {boolean} bias
 * @property {string} initializer "given" keeps `parameters`
 * @property {Numbers} initializerNumbers
 * @property {any} parameters
 * @property {number} seed
 * @property {string} optimizer
 * @property {Numbers} optimizerNumbers
 * @property {number} l2
 * @property {string} reduction
 * @property {string[]} mistakes ids of mistakes that every step makes; no setting shows them
 * @property {string} dtype
 */

export const GIVEN = "given";

/** What the output is when data of another task are chosen. @type {Record<DatasetInfo["task"], Pick<Draft, "output" | "loss">>} */
const OUTPUTS = {
  classification: { output: { activation: "softmax", isSingle: false, numbers: {} }, loss: "cross_entropy" },
  regression: { output: { activation: "identity", isSingle: true, numbers: {} }, loss: "half_squared_error" },
};

/**
 * @param {any} recipe
 * @param {import("../../state.js").Session | null} [session] what its edits have made of it
 * @returns {Draft}
 */
export function draftOf(recipe, session) {
  const now = session ? { ...recipe, optimizer: session.optimizer, batch_size: session.batch_size, shuffle: session.shuffle, model: { ...recipe.model, l2: session.model.l2 } } : recipe;
  return drafted(now);
}

/** @param {any} recipe @returns {Draft} */
function drafted(recipe) {
  const { model, optimizer, initializer, parameters } = recipe;
  const { name: dataset, ...options } = recipe.dataset ?? { name: GIVEN };
  const { name: optimizerName, ...optimizerNumbers } = optimizer ?? { name: "sgd" };
  const { name: initializerName, ...initializerNumbers } = initializer ?? { name: "he" };
  const { units, activation: output = "softmax", ...outputNumbers } = model.output;
  return {
    dataset,
    batch: recipe.batch ?? null,
    options,
    batchSize: recipe.batch_size ?? null,
    isShuffled: recipe.shuffle ?? true,
    hidden: model.hidden.map((/** @type {any} */ { units: size, activation, ...numbers }) => ({ units: size, activation: activation ?? "relu", numbers })),
    output: { activation: output, isSingle: units === 1, numbers: outputNumbers },
    loss: model.loss ?? "cross_entropy",
    bias: model.bias ?? true,
    initializer: parameters ? GIVEN : initializerName,
    initializerNumbers,
    parameters: parameters ?? null,
    seed: recipe.seed ?? 0,
    optimizer: optimizerName ?? "sgd",
    optimizerNumbers,
    l2: model.l2 ?? 0,
    reduction: model.reduction ?? "mean",
    dtype: model.dtype ?? "float64",
    mistakes: model.mistakes ?? [],
  };
}

/** @param {Draft} draft @param {Pick<DatasetInfo, "features" | "classes">} info the data set's description @returns {any} the body of POST /sessions */
export function recipeOf(draft, info) {
  return {
    model: {
      inputs: info.features,
      hidden: draft.hidden.map(({ units, activation, numbers }) => ({ units, activation, ...numbers })),
      output: { units: draft.output.isSingle ? 1 : info.classes, activation: draft.output.activation, ...draft.output.numbers },
      loss: draft.loss,
      reduction: draft.reduction,
      l2: draft.l2,
      bias: draft.bias,
      dtype: draft.dtype,
      ...(draft.mistakes.length ? { mistakes: draft.mistakes } : {}),
    },
    ...(draft.initializer === GIVEN ? { parameters: draft.parameters } : { initializer: { name: draft.initializer, ...draft.initializerNumbers } }),
    optimizer: { name: draft.optimizer, ...draft.optimizerNumbers },
    ...(draft.dataset === GIVEN ? { batch: draft.batch } : { dataset: { name: draft.dataset, ...draft.options } }),
    batch_size: draft.batchSize,
    shuffle: draft.isShuffled,
    seed: draft.seed,
  };
}

/** Whether the same rows come in the same order. @param {Draft} one @param {Draft} other */
export const hasSameRows = (one, other) => rowsOf(one) === rowsOf(other);

/** @param {Draft} draft */
const rowsOf = ({ dataset, options, batch, batchSize, isShuffled, seed }) => JSON.stringify([dataset, options, batch, batchSize, isShuffled, seed]);

/**
 * The body of PATCH that makes of one draft the other; null where only a new beginning can.
 * @param {Draft} before
 * @param {Draft} after
 */
export function patchBetween(before, after) {
  const from = learningOf(before);
  const to = learningOf(after);
  const isSame = (/** @type {unknown} */ one, /** @type {unknown} */ other) => JSON.stringify(one) === JSON.stringify(other);
  if (!isSame(from.rest, to.rest)) return null;
  const changes = Object.entries(to.learning).filter(([name, value]) => !isSame(value, from.learning[name]));
  return changes.length > 0 ? Object.fromEntries(changes) : null;
}

/** A draft in two parts: what can change from one step to the next, as PATCH has it, and the rest. @param {Draft} draft */
function learningOf({ optimizer, optimizerNumbers, l2, batchSize, isShuffled, ...rest }) {
  /** @type {Record<string, unknown>} */
  const learning = { optimizer: { name: optimizer, ...optimizerNumbers }, l2, batch_size: batchSize, shuffle: isShuffled };
  return { learning, rest };
}

/**
 * A changed draft. Given weights belong to one shape of network and one data set: when these change, others are drawn.
 * @param {Draft} draft
 * @param {Partial<Draft>} change
 * @returns {Draft}
 */
export function changed(draft, change) {
  const next = { ...draft, ...change };
  if (shapeOf(next) === shapeOf(draft)) return next;
  return { ...next, parameters: null, initializer: next.initializer === GIVEN ? "he" : next.initializer };
}

/**
 * The output and the loss that learn what other data ask for, where these are of another task.
 * @param {DatasetInfo["task"] | undefined} before undefined: of given rows
 * @param {DatasetInfo["task"] | undefined} after
 * @param {Draft} given what the page has, which knows the output of given rows
 * @returns {Partial<Draft>}
 */
export function outputFor(before, after, given) {
  if ((before === "regression") === (after === "regression")) return {};
  const { output, loss } = after ? OUTPUTS[after] : given;
  return { output, loss };
}

/** @param {Draft} draft */
const shapeOf = ({ dataset, hidden, output, bias }) => [dataset, bias, output.isSingle, ...hidden.map(({ units }) => units)].join();

/**
 * The same with a loss that goes with its output, and as many outputs as that and the data allow.
 * @param {Draft} draft
 * @param {Choices} choices
 * @param {Pick<DatasetInfo, "classes"> | undefined} info
 * @returns {Draft}
 */
export function fitting(draft, choices, info) {
  const output = choiceOf(choices.outputs, draft.output.activation);
  if (!output) return draft;
  const loss = output.losses.includes(draft.loss) ? draft.loss : output.losses[0];
  const mayBeSingle = output.least_units === 1 && (!info || info.classes <= 2);
  const isSingle = draft.output.isSingle && mayBeSingle;
  return changed(draft, { loss, output: { ...draft.output, isSingle } });
}
