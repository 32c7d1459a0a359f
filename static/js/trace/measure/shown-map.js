/**
 * The map of the weights that are drawn. A step whose update has been taken can be looked at again: all of it but the end
 * of its update shows the weights from before.
 *
 * @typedef {import("../../state.js").State} State
 */

/**
 * Whether what is drawn are the weights that the session has gone on to: those of a training, or the end of an update that was taken.
 * @param {Pick<State, "session" | "batch" | "live" | "timeline" | "operation" | "arrived">} state
 */
export function isAfterUpdate(state) {
  if (state.live) return true;
  const { session, batch } = state;
  // The place in the step is read only where it matters: who reads it is made again with every operation.
  if (!session || !batch || session.step < batch.header.step) return false;
  const { timeline, operation, arrived } = state;
  return timeline !== null && operation === timeline.operations.length - 1 && arrived >= timeline.operations[operation].units;
}

/** The map for the weights that are drawn; null: not known. @param {State} state @returns {State["map"]} */
export const shownMap = (state) => (isAfterUpdate(state) ? state.mapAfter : state.map);

/** The step whose weights are drawn, from 1. @param {State} state */
export const shownStep = (state) => (isAfterUpdate(state) ? (state.session?.step ?? 0) + 1 : (state.batch?.header.step ?? 1));
