/**
 * What the engine offers, as GET /models answers it. The page keeps no list of its own.
 *
 * @typedef {{name: string, default: number, minimum: number | null, maximum: number | null, below: number | null}} NumberChoice
 * @typedef {{name: string, settings: NumberChoice[]}} Choice
 * @typedef {Choice & {losses: string[], least_units: number, is_probability: boolean}} OutputChoice
 * @typedef {{activations: Choice[], outputs: OutputChoice[], optimizers: Choice[], initializers: Choice[],
 *   reductions: string[], dtypes: string[], defaults: Defaults}} Choices
 * @typedef {{model: any, hidden_layer: any, initializer: {name: string}, optimizer: {name: string}, dataset: {held_out_fraction: number, scaling: string}}} Defaults
 *   what the server takes for what a recipe leaves out
 */

/**
 * @template {Choice} C
 * @param {C[]} choices
 * @param {string} name
 */
export const choiceOf = (choices, name) => choices.find((choice) => choice.name === name);
