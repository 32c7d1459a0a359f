/**
 * The changes that led from a recipe to a session.
 *
 * @typedef {{step: number, patch: any}} Edit
 * @typedef {{step: number, edits: readonly Edit[]}} Path steps to be taken, up to this one, and the edits to be made on the way
 */

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
