/**
 * What a press on the drawing asks for: in the backward pass the gradient of the thing, elsewhere the thing itself.
 *
 * @typedef {import("../../state.js").State} State
 * @typedef {import("../../state.js").Cell} Cell
 */

/** Roles whose gradient answers in the backward pass; of a gate, that of the z before it. */
const WITH_GRADIENT = ["x", "z", "a", "W", "b"];

/**
 * @param {State} state
 * @param {Cell} cell of what was pressed
 * @returns {Cell} what the card is to tell of
 */
export function askedOf({ timeline, operation, samples, sample }, cell) {
  const program = samples.get(sample)?.program;
  if (!program?.byName.has(cell.tensor) || timeline?.operations[operation].segment !== "backward") return cell;
  const { role, layer } = program.tensor(cell.tensor);
  const value = role === "mask" ? program.named("z", layer)?.name : WITH_GRADIENT.includes(role) ? cell.tensor : undefined;
  return value && program.byName.has(`d${value}`) ? { tensor: `d${value}`, index: cell.index } : cell;
}
