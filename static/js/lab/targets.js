/**
 * What a scene wants to be clicked: the cells that its checkpoint waits for and that nobody has asked about yet. Pure.
 *
 * @typedef {import("../state.js").Cell} Cell
 */

/** @param {import("../state.js").LabState | null} lab @returns {Cell[]} */
export function targetsOf(lab) {
  if (lab?.beat !== "do") return [];
  const checkpoint = lab.lab.scenes[lab.at]?.checkpoint ?? [];
  // Of several that will do, the first.
  const [kind, fact, cells] = checkpoint[0] === "any" ? checkpoint[1] : checkpoint;
  if (kind !== "seen" || fact !== "focus" || !cells) return nudgedIn(checkpoint).slice(0, 1);
  return cells.filter((/** @type {Cell} */ _, /** @type {number} */ at) => !lab.parts[at]);
}

/** The numbers that are to be nudged: they have to be clicked for it. @param {any} expression @returns {Cell[]} */
function nudgedIn(expression) {
  if (!Array.isArray(expression)) return [];
  const valueOf = (/** @type {string} */ fact) => expression.find((part) => part?.[0] === "=" && part[1] === fact)?.[2];
  const [tensor, index] = [valueOf("nudge.tensor"), valueOf("nudge.index")];
  return tensor && index ? [{ tensor, index }] : expression.flatMap(nudgedIn);
}
