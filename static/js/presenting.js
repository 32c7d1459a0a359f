/**
 * Showing a step to a class: drawing, caption and scope alone, and every press one operation.
 *
 * @typedef {import("./playground.js").Playground} Playground
 */

/** @param {Playground} playground */
export function startPresenting(playground) {
  playground.player.clock.pause();
  playground.store.set({ isPresenting: true, areNumbersHidden: false, isBlank: false, isGuided: false, caption: null, focus: null, isSettingsOpen: false });
  playground.player.setGranularity("operation");
}

/** @param {Playground} playground */
export function stopPresenting(playground) {
  playground.store.set({ isPresenting: false, areNumbersHidden: false, isBlank: false });
}

/** Nothing but a dark screen, or the picture again. @param {Playground} playground */
const blank = ({ store }) => store.set({ isBlank: !store.state.isBlank });

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
  b: blank,
  h: ({ store }) => store.set({ areNumbersHidden: !store.state.areNumbersHidden }),
  Escape: (playground) => stopPresenting(playground),
};

/**
 * In a lab the two keys of a clicker lead from beat to beat; the arrows go through the step, as ever.
 * @type {Record<string, (lab: import("./lab/lab.js").Lab) => unknown>}
 */
const ON_KEY_IN_A_LAB = {
  " ": (lab) => lab.goOn(),
  Enter: (lab) => lab.goOn(),
  PageDown: (lab) => lab.goOn(),
  PageUp: (lab) => lab.previous(),
  Backspace: (lab) => lab.previous(),
  Home: (lab) => lab.restart(),
};

/**
 * What a key does in front of a class; a clicker sends the page keys.
 * @param {Playground} playground
 * @param {string} key as in KeyboardEvent
 * @param {import("./lab/lab.js").Lab | null} [lab] one that is under way
 * @returns {(() => unknown) | null} null: nothing
 */
export function onPresenterKey(playground, key, lab = null) {
  const name = key.length === 1 ? key.toLowerCase() : key;
  const { lab: now } = playground.state;
  if (lab && now && !now.isFolded) {
    const inALab = ON_KEY_IN_A_LAB[name];
    if (inALab) return () => inALab(lab);
    const option = lab.optionAt(Number(name));
    if (option !== undefined) return () => lab.choose(option);
  }
  const action = ON_KEY[name];
  return action ? () => action(playground) : null;
}
