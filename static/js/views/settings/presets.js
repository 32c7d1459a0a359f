/**
 * Networks to begin with. Rates and batch sizes were tried out: each of them learns its data within a few hundred steps.
 *
 * @typedef {{name: string, units: number[], recipe: () => Promise<{recipe: any, sample: number}>}} Preset
 */

/** @param {string} dataset @param {number[]} units inputs, hidden, outputs @param {number} rate @param {number | null} batchSize @param {number} seed */
function preset(dataset, units, rate, batchSize, seed) {
  const hidden = units.slice(1, -1).map((size) => ({ units: size, activation: "relu" }));
  const recipe = {
    model: { inputs: units[0], hidden, output: { units: units[units.length - 1], activation: "softmax" }, loss: "cross_entropy" },
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
  { name: "xor", units: [2, 3, 2], recipe: async () => (await fetch("lessons/01-first-minute/lesson.json")).json() },
  preset("three_spirals", [2, 8, 8, 3], 0.3, 16, 1),
  preset("iris", [4, 8, 3], 0.1, 8, 0),
  preset("digits", [64, 16, 10], 0.3, 16, 0),
];
