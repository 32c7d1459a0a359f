import { remember, remembered } from "./core/memory.js";

/**
 * The page opens alive on a first visit, once and by itself: not on a link, in a lab or in a frame, and not for readers who want less motion.
 *
 * @typedef {import("./playground.js").Playground} Playground
 */

const REMEMBERED = "opened";

/** Whether this is a first visit to the page as it is. Asked before the page writes an address of its own. */
export function opensAlive() {
  const isPlain = location.hash === "" && location.search === "" && !history.state && window === window.parent;
  return isPlain && remembered(REMEMBERED) === null && !matchMedia("(prefers-reduced-motion: reduce)").matches;
}

/** Go on from the first frame of the opening, as soon as somebody looks. @param {Playground} playground */
export function openAlive({ player }) {
  if (!player.state.isOpening) return;
  if (document.hidden) return document.addEventListener("visibilitychange", () => openAlive(player.playground), { once: true });
  remember(REMEMBERED, "1");
  player.opening.run();
}

/** Any press ends it at its last frame, and does its own work. @param {Playground} playground */
export function endAtAnyPress({ player }) {
  for (const press of ["pointerdown", "keydown", "click"]) addEventListener(press, () => player.opening.end(), { capture: true });
}
