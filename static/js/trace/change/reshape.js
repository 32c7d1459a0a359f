/**
 * The same network in another shape: pure, from the state to the recipe of a new beginning.
 *
 * @typedef {import("../../state.js").State} State
 * @typedef {{units: number, activation?: string, [number: string]: any}} Layer as a model has it; without an activation it has the usual one
 * @typedef {{recipe: any, edits: any[], sample?: number}} Beginning a recipe, what of the edits goes on in it, and the row to show, where it is not the one shown
 */

/** Units of a layer that has no other one beside it. */
const FRESH_UNITS = 4;

/** @param {Layer[]} hidden @param {number} layer counted from 1 @param {number} units */
export const withUnits = (hidden, layer, units) => hidden.map((own, at) => (at + 1 === layer ? { ...own, units } : own));

/** @param {Layer[]} hidden @param {number} layer counted from 1 */
export const withoutLayer = (hidden, layer) => hidden.filter((_, at) => at + 1 !== layer);

/** One layer more, like the one before it, or the first one where it comes before all. @param {Layer[]} hidden @param {number} layer behind which it comes, counted from 1; 0: the input */
export function withLayerAfter(hidden, layer) {
  const like = hidden[Math.max(0, layer - 1)] ?? { units: FRESH_UNITS };
  return hidden.toSpliced(layer, 0, { ...like });
}

/**
 * A network of another shape begins with weights of its own, on the samples as they are now.
 * @param {State} state
 * @param {Layer[]} hidden
 * @returns {Beginning}
 */
export function reshaped({ recipe, session, edits }, hidden) {
  const { parameters: _, ...rest } = recipe;
  return { recipe: { ...rest, ...learningOf(session), model: { ...session?.model, hidden } }, edits: editsOfRows(edits, session) };
}

/** How a session learns now, as a recipe says it. @param {State["session"]} session */
export const learningOf = (session) => ({ optimizer: session?.optimizer, batch_size: session?.batch_size, shuffle: session?.shuffle });

/** The changes of the samples, to be made again at a beginning. @param {State["edits"]} edits @param {State["session"]} session */
export const editsOfRows = (edits, session) =>
  edits.filter(({ step, patch }) => step <= (session?.step ?? 0) && patch.data).map(({ patch }) => ({ step: 0, patch: { data: patch.data } }));
