import { among, choiceOf, settingsWith } from "./choices.js";

/**
 * What the settings drawer edits: a flat, typed version of the body of POST /sessions. What a recipe leaves out is as the
 * server says (GET /models), but for numbers that were not typed, which are not in it.
 *
 * @typedef {import("./choices.js").Choices} Choices
 * @typedef {Record<string, number>} Numbers
 * @typedef {{units: number, activation: string, numbers: Numbers}} HiddenLayer
 * @typedef {{name: string, title: string, features: number, classes: number, task: "classification" | "regression", target_name: string | null, held_out: boolean, fixed_scale: number | null, rows: number, class_names: string[],
 *   picture: import("../dataset-picture.js").Picture, feature_names: string[], source: string, licence: string,
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

/**
 * @param {any} recipe
 * @param {import("../../state.js").Session | null} session what its edits have made of it
 * @param {Choices} choices
 * @returns {Draft}
 */
export function draftOf(recipe, session, { defaults }) {
  const { hidden, output, l2 } = session?.model ?? {};
  const now = session ? { ...recipe, optimizer: session.optimizer, batch_size: session.batch_size, shuffle: session.shuffle, model: { ...recipe.model, hidden, output, l2 } } : recipe;
  const { name } = defaults.initializer;
  // null says the same as nothing.
  const { dataset, initializer } = now;
  return drafted({ ...defaults, ...now, initializer: initializer ?? { name }, dataset: dataset ?? { name: GIVEN }, model: { ...defaults.model, ...now.model } }, defaults);
}

/** @param {any} recipe with nothing left out but names @param {Choices["defaults"]} defaults @returns {Draft} */
function drafted({ model, optimizer, initializer, parameters, ...run }, defaults) {
  const { name: dataset, ...options } = run.dataset;
  const { name: optimizerName, ...optimizerNumbers } = optimizer;
  const { name: initializerName, ...initializerNumbers } = initializer;
  const { units, activation: output, ...outputNumbers } = { ...defaults.model.output, ...model.output };
  return {
    dataset,
    batch: run.batch,
    options,
    batchSize: run.batch_size,
    isShuffled: run.shuffle,
    hidden: model.hidden.map((/** @type {any} */ layer) => hiddenLayer(layer, defaults)),
    output: { activation: output, isSingle: units === 1, numbers: outputNumbers },
    loss: model.loss,
    bias: model.bias,
    initializer: parameters ? GIVEN : initializerName,
    initializerNumbers,
    parameters,
    seed: run.seed,
    optimizer: optimizerName,
    optimizerNumbers,
    l2: model.l2,
    reduction: model.reduction,
    dtype: model.dtype,
    mistakes: model.mistakes,
  };
}

/** @param {any} layer of a model @param {Choices["defaults"]} defaults @returns {HiddenLayer} */
export function hiddenLayer(layer, defaults) {
  const { units, activation, ...numbers } = { ...defaults.hidden_layer, ...layer };
  return { units, activation, numbers };
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
  const numbers = to.numbers.map((layer, place) => (isSame(layer, from.numbers[place]) ? null : layer));
  if (numbers.some((layer) => layer !== null)) changes.push(["activation_numbers", numbers]);
  return changes.length > 0 ? Object.fromEntries(changes) : null;
}

/** A draft in parts: what can change from one step to the next, as PATCH has it, the numbers of the layers, which can too, and the rest. @param {Draft} draft */
function learningOf({ optimizer, optimizerNumbers, l2, batchSize, isShuffled, hidden, output, ...others }) {
  /** @type {Record<string, unknown>} */
  const learning = { optimizer: { name: optimizer, ...optimizerNumbers }, l2, batch_size: batchSize, shuffle: isShuffled };
  const layers = [...hidden, output];
  return { learning, numbers: layers.map(({ numbers }) => numbers), rest: [others, ...layers.map(({ numbers: _, ...layer }) => layer)] };
}

/**
 * A changed draft. Given weights belong to one shape of network and one data set: when these change, others are drawn.
 * @param {Draft} draft
 * @param {Partial<Draft>} change
 * @param {Choices} choices
 * @returns {Draft}
 */
export function changed(draft, change, { defaults }) {
  const next = { ...draft, ...change };
  if (shapeOf(next) === shapeOf(draft)) return next;
  return { ...next, parameters: null, initializer: next.initializer === GIVEN ? defaults.initializer.name : next.initializer };
}

/**
 * The output and the loss that learn what other data ask for, where these are of another task: the first that are offered.
 * @param {DatasetInfo["task"] | undefined} before undefined: of given rows
 * @param {DatasetInfo["task"] | undefined} after
 * @param {Draft} given what the page has, which knows the output of given rows
 * @param {Choices} choices
 * @returns {Partial<Draft>}
 */
export function outputFor(before, after, given, { outputs }) {
  const isNumber = after === "regression";
  if ((before === "regression") === isNumber) return {};
  if (!after) return { output: given.output, loss: given.loss };
  const first = /** @type {import("./choices.js").OutputChoice} */ (outputs.find(({ is_probability: isProbability }) => isProbability !== isNumber));
  return { output: { activation: first.name, isSingle: isNumber, numbers: {} }, loss: first.losses[0] };
}

/**
 * A draft with a change, and with what goes with it: an output that learns the task of other data, and all that fits.
 * @param {Draft} draft
 * @param {Partial<Draft>} change
 * @param {Draft} given what the page has
 * @param {Choices} choices
 * @param {(draft: Draft) => Needs | undefined} infoOf what is to be known about the data of a draft
 */
export function consistent(draft, change, given, choices, infoOf) {
  const output = outputFor(infoOf(draft)?.task, infoOf({ ...draft, ...change })?.task, given, choices);
  const next = changed(draft, { ...output, ...change }, choices);
  return fitting(next, choices, infoOf(next));
}

/** @param {Draft} draft */
const shapeOf = ({ dataset, hidden, output, bias }) => [dataset, bias, output.isSingle, ...hidden.map(({ units }) => units)].join();

/**
 * The same with a loss that goes with its output, the numbers that both take, and as many outputs as they and the data allow.
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
  const numbers = among(draft.output.numbers, settingsWith(choices, output.name, loss));
  return changed(draft, { loss, output: { ...draft.output, isSingle, numbers } }, choices);
}
