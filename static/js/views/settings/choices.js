/**
 * What the engine offers, as GET /models answers it. The page keeps no list of its own.
 *
 * @typedef {{name: string, default: number, minimum: number | null, maximum: number | null, above: number | null, below: number | null}} NumberChoice
 * @typedef {{name: string, settings: NumberChoice[]}} Choice
 * @typedef {Choice & {curve: [number, number][]}} ActivationChoice its curve: [z, a], the numbers at their defaults
 * @typedef {Choice & {losses: string[], loss_settings: Record<string, NumberChoice[]>, least_units: number, is_probability: boolean}} OutputChoice
 * @typedef {{activations: ActivationChoice[], outputs: OutputChoice[], optimizers: Choice[], initializers: Choice[],
 *   reductions: string[], dtypes: string[], most_layers: number, defaults: Defaults}} Choices
 * @typedef {{model: any, hidden_layer: any, initializer: {name: string}, optimizer: {name: string}, dataset: {held_out_fraction: number, scaling: string}}} Defaults
 *   what the server takes for what a recipe leaves out
 */

/**
 * @template {Choice} C
 * @param {C[]} choices
 * @param {string} name
 */
export const choiceOf = (choices, name) => choices.find((choice) => choice.name === name);

/** The numbers that an output takes with a loss. @param {Choices} choices @param {string} activation @param {string} loss @returns {NumberChoice[]} */
export function settingsWith(choices, activation, loss) {
  const output = choiceOf(choices.outputs, activation);
  return output ? [...output.settings, ...(output.loss_settings[loss] ?? [])] : [];
}

/** Of some numbers those that are among these settings. @param {Record<string, number>} numbers @param {NumberChoice[]} settings */
export const among = (numbers, settings) => Object.fromEntries(Object.entries(numbers).filter(([name]) => settings.some((setting) => setting.name === name)));
