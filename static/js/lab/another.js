import { listed } from "../core/format.js";
import { firstText, nameOf, t } from "../core/i18n.js";

/**
 * *Another one*: a mistake of the catalogue in a step that is right otherwise, to be found by the check. Pure.
 *
 * @typedef {{id: string, tensors: string[], options: string[]}} Case tensors: the gradients that it spoils; options: it among others
 * @typedef {import("./asking.js").Ask} Ask
 * @typedef {import("./asking.js").Words} Words
 */

/**
 * Pick a case that has not come yet. After all of them have come, start again.
 * @param {Case[]} cases at least one
 * @param {readonly string[]} hunted ids of those that have come
 * @param {() => number} [random]
 * @returns {{another: Case, hunted: string[]}}
 */
export function nextOf(cases, hunted, random = Math.random) {
  const left = cases.filter(({ id }) => !hunted.includes(id));
  const others = cases.filter(({ id }) => id !== hunted.at(-1));
  const among = [left, others, cases].find(({ length }) => length > 0) ?? [];
  const another = among[Math.floor(random() * among.length)];
  return { another, hunted: [...(left.length > 0 ? hunted : []), another.id] };
}

/** What is asked about it: as a round of its own. @param {Case} one @returns {Ask} */
export const askAbout = ({ id, options }) => ({ kind: "choice", options, right: id, rounds: [{ trace: id, right: id }] });

/** @param {string} id */
const titleOf = (id) => firstText([`mistake.${id}.title`]) || nameOf("mistake", id);

/** @param {Case} one @param {Case[]} cases @returns {Words} */
export function wordsAbout({ id, tensors, options }, cases) {
  const tensorsOf = (/** @type {string} */ option) => cases.find((other) => other.id === option)?.tensors ?? [];
  const isAlike = (/** @type {string} */ option) => tensorsOf(option).join() === tensors.join();
  const wrong = (/** @type {string} */ option) => t(isAlike(option) ? "lab.another.alike" : "lab.another.unlike", { tensors: listed(tensorsOf(option)), found: listed(tensors) });
  return {
    ask: t("lab.another.ask"),
    options: Object.fromEntries(options.map((option) => [option, titleOf(option)])),
    right: t("lab.another.right", { title: titleOf(id), about: firstText([`mistake.${id}.about`]) }),
    wrong: Object.fromEntries(options.filter((option) => option !== id).map((option) => [option, wrong(option)])),
    switch: {}, variants: {}, lines: {}, after: {},
  };
}
