/**
 * What a scene wants to be clicked: the cells that its checkpoint waits for and that nobody has asked about yet. Pure.
 *
 * @typedef {import("../state.js").Cell} Cell
 */

/** @param {import("../state.js").LabState | null} lab @returns {Cell[]} */
export function targetsOf(lab) {
  if (lab?.beat !== "do") return [];
  const [kind, fact, cells] = lab.lab.scenes[lab.at]?.checkpoint ?? [];
  if (kind !== "seen" || fact !== "focus" || !cells) return [];
  return cells.filter((/** @type {Cell} */ _, /** @type {number} */ at) => !lab.parts[at]);
}
