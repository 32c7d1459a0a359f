import { addressOf } from "../../core/files.js";

/**
 * Networks to begin with. Rates and batch sizes were tried out: each of them learns its data within a few hundred steps.
 *
 * @typedef {{name: string, units: number[], recipe: () => Promise<{recipe: any, sample: number}>}} Preset
 */

const CLASSES = { activation: "softmax", loss: "cross_entropy", hidden: "relu" };
const NUMBERS = { activation: "identity", loss: "half_squared_error", hidden: "tanh" };

/** @param {string} dataset @param {number[]} units inputs, hidden, outputs @param {number} rate @param {number | null} batchSize @param {number} seed @param {typeof CLASSES} [kind] */
function preset(dataset, units, rate, batchSize, seed, kind = CLASSES) {
  const hidden = units.slice(1, -1).map((size) => ({ units: size, activation: kind.hidden }));
  const recipe = {
    model: { inputs: units[0], hidden, output: { units: units[units.length - 1], activation: kind.activation }, loss: kind.loss },
    initializer: { name: "he" },
    optimizer: { name: "sgd", learning_rate: rate },
    dataset: { name: dataset },
    batch_size: batchSize,
    seed,
  };
  return { name: dataset, units, recipe: async () => ({ recipe, sample: 0 }) };
}

/** @type {Preset[]} */
export const PRESETS = [
  { name: "xor", units: [2, 3, 2], recipe: async () => (await fetch(addressOf("lessons/01-first-minute/lesson.json"))).json() },
  preset("three_spirals", [2, 8, 8, 3], 0.3, 16, 1),
  preset("iris", [4, 8, 3], 0.1, 8, 0),
  preset("digits", [64, 16, 10], 0.3, 16, 0),
  preset("line", [1, 1], 0.1, 16, 0, NUMBERS),
  preset("curve", [1, 6, 1], 0.1, 16, 0, NUMBERS),
];
