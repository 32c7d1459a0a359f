import * as api from "../api/client.js";

/** What the server offers, asked for once; what could not be had now may be had later. @type {Map<string, Promise<any>>} */
const answers = new Map();

/** @template T @param {string} name @param {() => Promise<T>} ask @returns {Promise<T>} */
function kept(name, ask) {
  let answer = answers.get(name);
  if (!answer) {
    answer = ask();
    answers.set(name, answer);
    answer.catch(() => answers.delete(name));
  }
  return answer;
}

/** What models, optimizers and initializers can be. @returns {Promise<import("./settings/choices.js").Choices>} */
export const offeredChoices = () => kept("choices", api.getChoices);

/** The named data sets. @returns {Promise<import("./settings/draft.js").DatasetInfo[]>} */
export const offeredDatasets = () => kept("datasets", api.getDatasets);
