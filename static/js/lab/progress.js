import { remember, remembered } from "../core/memory.js";

/**
 * How far somebody has come in each lab, from visit to visit: the scene to go on with, and those whose checkpoint has held.
 *
 * @typedef {Record<string, {scene: string, done: string[], isDone?: boolean}>} Progress by the lab's id; isDone: all of its scenes are
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

/**
 * What was done stays done.
 * @param {Pick<import("../state.js").Lab, "id" | "scenes">} lab
 * @param {Progress[string]} now
 */
export function keepProgress({ id, scenes }, now) {
  const all = progress();
  const done = [...new Set([...(all[id]?.done ?? []), ...now.done])];
  const isDone = scenes.every((scene) => done.includes(scene.id));
  remember(NAME, JSON.stringify({ ...all, [id]: { ...now, done, isDone } }));
}

/** The scene to go on with; from the end, the first one that is not done. @param {Pick<import("../state.js").Lab, "id" | "scenes">} lab @param {string} end */
export function sceneToGoOnWith({ id, scenes }, end) {
  const { scene, done = [], isDone } = progress()[id] ?? { scene: null };
  if (scene !== end && !isDone) return scene;
  return scenes.find((one) => !done.includes(one.id))?.id ?? null;
}
