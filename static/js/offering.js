import { remember, remembered } from "./core/memory.js";
import { watch } from "./core/watch.js";

/**
 * On a first visit labs stand below the drawing, each by its question. Once somebody has changed something or opened a lab they are gone for good.
 *
 * @typedef {import("./playground.js").Playground} Playground
 */

const REMEMBERED = "offered";

/** Whether they are to stand there: not on a link, in a lab or in a frame. Asked before the page writes an address of its own. */
export const offersLabs = () => location.search === "" && location.hash === "" && window === window.parent && remembered(REMEMBERED) === null;

/** Offer them from before the first drawing on: their room is there before they come. @param {Playground} playground */
export function offerLabs({ store }) {
  store.set({ offersLabs: true });
  const listening = new AbortController();
  /** @type {any} */
  let first = null;
  let isOver = false;
  let isHeld = false;
  // The drawing takes their room, but it does not grow under a hand that holds something.
  const end = () => isOver && !isHeld && (listening.abort(), store.set({ offersLabs: false }));
  const hold = (/** @type {Event} */ { type }) => {
    isHeld = type === "pointerdown";
    end();
  };
  for (const type of ["pointerdown", "pointerup", "pointercancel"]) addEventListener(type, hold, { capture: true, signal: listening.signal });
  watch(() => {
    const { recipe, edits, lab, offersLabs: isOffering } = store.state;
    document.documentElement.toggleAttribute("data-offers-labs", isOffering);
    first ??= recipe;
    if (isOver || (recipe === first && edits.length === 0 && lab === null)) return;
    isOver = true;
    remember(REMEMBERED, "1");
    end();
  });
}
