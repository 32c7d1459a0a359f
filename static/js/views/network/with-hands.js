/** Whether the network can be changed on its drawing: not in front of a class, and not where a course page has taken something away. @param {import("../../state.js").State} state */
export const hasHands = ({ isPresenting }) => !isPresenting && !document.documentElement.dataset.hide;

/** Whether it can be changed at the moment: not while it trains. @param {import("../../state.js").State} state */
export const mayBeReshaped = (state) => hasHands(state) && !state.isTraining;
