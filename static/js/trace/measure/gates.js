/**
 * For how many samples gates are shut, as the server says.
 *
 * @typedef {"some" | "off" | "dead"} Fate off: shut for every sample of the batch; dead: for all training rows
 */

/** @param {Pick<import("../program/trace.js").Trace, "header">} trace in batch scope @param {number} layer @param {number} unit @returns {Fate} */
export function fateOf({ header }, layer, unit) {
  const gates = header.gates?.layers.find((one) => one.layer === layer);
  return gates?.is_dead[unit] ? "dead" : gates?.is_shut[unit] ? "off" : "some";
}

/**
 * How often the gates of the current step are open on all rows to train on, where its batch is only a part of them.
 * @param {import("../../state.js").State} state
 */
export const gatesOfAllRows = ({ session, batch, live }) => (session?.steps_per_epoch === 1 ? [] : ((live ?? batch)?.header.gates?.layers ?? []));
