/**
 * The changes that led from a recipe to a session, and the way along them again.
 *
 * @typedef {{step: number, patch: any}} Edit
 * @typedef {Pick<typeof import("../api/client.js"), "train" | "patchSession">} Api
 */

/** Steps of one request when a run is computed again. */
const MOST_STEPS_AT_ONCE = 1000;

/** Nobody looks at what is on the way. @type {import("../api/client.js").Wish} */
const NOTHING = { sample: 0, isTheLongWay: false, map: null, historyFrom: Number.MAX_SAFE_INTEGER };

/** What a patch changes, without the numbers. @param {any} patch */
const signature = (patch) => JSON.stringify(patch, (key, value) => (typeof value === "number" && key !== "row" ? 0 : value));

/** Whether a row of the batch is another one after a patch. @param {any} patch */
export const movesRows = (patch) => Boolean(patch.data?.add || patch.data?.remove || "batch_size" in patch);

/**
 * The edits with one more; of two that follow each other at one step and change the same, the later counts alone.
 * @param {Edit[]} edits
 * @param {Edit} edit
 */
export function withEdit(edits, edit) {
  const last = edits.at(-1);
  const isSame = last?.step === edit.step && !movesRows(edit.patch) && signature(last.patch) === signature(edit.patch);
  return [...(isSame ? edits.slice(0, -1) : edits), edit];
}

/**
 * Bring a session to a step, with the edits that were made on the way.
 * @param {Api} api
 * @param {string} id
 * @param {Edit[]} edits
 * @param {number} step
 * @param {number} [taken] steps that the session has taken
 */
export async function replay(api, id, edits, step, taken = 0) {
  const goTo = async (/** @type {number} */ goal) => {
    for (; taken < goal; taken = Math.min(goal, taken + MOST_STEPS_AT_ONCE)) await api.train(id, Math.min(goal - taken, MOST_STEPS_AT_ONCE));
  };
  for (const edit of edits) {
    await goTo(edit.step);
    await api.patchSession(id, edit.patch, NOTHING, null);
  }
  await goTo(step);
}
