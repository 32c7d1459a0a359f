/**
 * The column beside the drawing goes to the part that acts.
 *
 * @typedef {import("../state.js").State} State
 * @typedef {"map" | "why" | "panel"} Place
 */

/** Whether the whole step plays, or training runs: then the map is watched. @param {Pick<State, "isPlaying" | "isOneStop" | "isOpening" | "isTraining">} state */
export const isMoving = ({ isPlaying, isOneStop, isOpening, isTraining }) => isTraining || isOpening || (isPlaying && !isOneStop);

/** @param {Pick<State, "isPlaying" | "isOneStop" | "isOpening" | "isTraining" | "focus" | "place" | "tab">} state @returns {Place} */
export function placeBeside(state) {
  if (state.tab) return "panel";
  if (isMoving(state)) return "map";
  return state.focus ? "why" : state.place;
}
