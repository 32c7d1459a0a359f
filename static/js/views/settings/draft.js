/**
 * What the settings drawer edits: a flat, typed version of the body of POST /sessions.
 *
 * @typedef {{units: number, activation: string, derivative_at_zero: number}} HiddenLayer
 * @typedef {{name: string, title: string, features: number, classes: number, held_out: boolean, rows: number, class_names: string[],
 *   feature_names: string[], source: string, licence: string,
 *   options: {name: string, default: number | string, minimum: number | null, maximum: number | null, choices: string[]}[]}} DatasetInfo
 *
 * @typedef {object} Draft
 * @property {string} dataset
 * @property {Record<string, number | string>} options of the data set
 * @property {number | null} batchSize null: all rows
 * @property {HiddenLayer[]} hidden
 * @property {boolean} bias
 * @property {string} initializer "given" keeps `parameters`
 * @property {any} parameters
 * @property {number} std
 * @property {number} seed
 * @property {number} rate
 * @property {number} l2
 * @property {"mean" | "sum"} reduction
 */

/** Activations of hidden layers, each with whether it has a corner at which its derivative is chosen. */
export const ACTIVATIONS = { relu: { hasCorner: true }, identity: { hasCorner: false } };
export const INITIALIZERS = ["he", "xavier", "normal", "zeros"];
export const GIVEN = "given";

/** @param {any} recipe @returns {Draft} */
export function draftOf(recipe) {
  const { name, ...options } = recipe.dataset;
  const { model, optimizer, initializer, parameters } = recipe;
  return {
    dataset: name,
    options,
    batchSize: recipe.batch_size ?? null,
    hidden: model.hidden.map((/** @type {any} */ layer) => ({ derivative_at_zero: 0, ...layer })),
    bias: model.bias ?? true,
    initializer: parameters ? GIVEN : (initializer?.name ?? "he"),
    parameters: parameters ?? null,
    std: initializer?.std ?? 0.1,
    seed: recipe.seed ?? 0,
    rate: optimizer.learning_rate,
    l2: model.l2 ?? 0,
    reduction: model.reduction ?? "mean",
  };
}

/** @param {Draft} draft @param {DatasetInfo} info the data set's description @returns {any} the body of POST /sessions */
export function recipeOf(draft, info) {
  const isGiven = draft.initializer === GIVEN;
  return {
    model: {
      inputs: info.features,
      hidden: draft.hidden.map(({ units, activation, derivative_at_zero }) =>
        hasCorner(activation) ? { units, activation, derivative_at_zero } : { units, activation },
      ),
      output: { units: info.classes, activation: "softmax" },
      loss: "cross_entropy",
      reduction: draft.reduction,
      l2: draft.l2,
      bias: draft.bias,
    },
    ...(isGiven ? { parameters: draft.parameters } : { initializer: initializerOf(draft) }),
    optimizer: { name: "sgd", learning_rate: draft.rate },
    dataset: { name: draft.dataset, ...draft.options },
    batch_size: draft.batchSize,
    seed: draft.seed,
  };
}

/** @param {Draft} draft */
const initializerOf = ({ initializer, std }) => (initializer === "normal" ? { name: initializer, std } : { name: initializer });

/** @param {string} activation */
export const hasCorner = (activation) => /** @type {Record<string, {hasCorner: boolean}>} */ (ACTIVATIONS)[activation]?.hasCorner ?? false;

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

/** @param {Draft} draft */
const shapeOf = ({ dataset, hidden, bias }) => [dataset, bias, ...hidden.map(({ units }) => units)].join();
