/**
 * Showing a step to a class: drawing, caption and scope alone, and every press one operation.
 *
 * @typedef {import("./playground.js").Playground} Playground
 */

/** @param {Playground} playground */
export function startPresenting(playground) {
  playground.player.clock.pause();
  playground.store.set({ isPresenting: true, areNumbersHidden: false, isGuided: false, caption: null, focus: null, isSettingsOpen: false });
  playground.player.setGranularity("operation");
}

/** @param {Playground} playground */
export function stopPresenting(playground) {
  playground.store.set({ isPresenting: false, areNumbersHidden: false });
}

/** @type {Record<string, (playground: Playground) => unknown>} */
const ON_KEY = {
  " ": (playground) => playground.player.later(),
  Enter: (playground) => playground.player.later(),
  ArrowRight: (playground) => playground.player.later(),
  ArrowDown: (playground) => playground.player.later(),
  PageDown: (playground) => playground.player.later(),
  ArrowLeft: (playground) => playground.player.earlier(),
  ArrowUp: (playground) => playground.player.earlier(),
  PageUp: (playground) => playground.player.earlier(),
  Home: (playground) => playground.player.seek(0),
  h: ({ store }) => store.set({ areNumbersHidden: !store.state.areNumbersHidden }),
  Escape: (playground) => stopPresenting(playground),
};

/**
 * What a key does in front of a class; a clicker sends the page keys.
 * @param {Playground} playground
 * @param {string} key as in KeyboardEvent
 * @returns {(() => unknown) | null} null: nothing
 */
export function onPresenterKey(playground, key) {
  const action = ON_KEY[key.length === 1 ? key.toLowerCase() : key];
  return action ? () => action(playground) : null;
}
