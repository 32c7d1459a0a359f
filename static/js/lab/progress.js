import { remember, remembered } from "../core/memory.js";

/**
 * How far somebody has come in each lab, from visit to visit: the scene to go on with, and those whose checkpoint has held.
 *
 * @typedef {Record<string, {scene: string, done: string[], isDone?: boolean}>} Progress by the lab's id; isDone: its end was reached
 */

const NAME = "lab";

/** @returns {Progress} */
export function progress() {
  try {
    return JSON.parse(remembered(NAME) ?? "{}");
  } catch {
    return {};
  }
}

/** @param {string} lab @param {Progress[string]} now */
export const keepProgress = (lab, now) => remember(NAME, JSON.stringify({ ...progress(), [lab]: now }));
