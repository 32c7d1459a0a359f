import { stylesheet } from "../../core/stylesheet.js";
import { itemByKey } from "../menu-keys.js";

/**
 * What is expected of an open menu beside what the browser does: it stands at its button, arrows go through it, Tab
 * leaves it.
 */

await stylesheet("css/menu.css");

/** Between a button and its menu, and to the edge of the window, in px. */
const AIR = 6;
const EDGE = 8;

/** @param {HTMLElement} menu */
const itemsOf = (menu) => /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("[role^=menuitem]")]);

/** @param {HTMLElement} menu */
const buttonOf = (menu) => document.querySelector(`[popovertarget="${menu.id}"]`);

/** Speeds stand beside one another. @type {Record<string, string>} */
const ALIKE = { ArrowRight: "ArrowDown", ArrowLeft: "ArrowUp" };

/** @param {KeyboardEvent} event */
function onKey(event) {
  const menu = /** @type {HTMLElement} */ (event.currentTarget);
  const items = itemsOf(menu);
  const at = items.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const next = itemByKey(ALIKE[event.key] ?? event.key, at, items.length);
  if (next !== undefined) {
    event.preventDefault();
    items[next].focus();
  } else if (event.key === "Tab") menu.hidePopover();
}

/** A menu has been opened: put it over its button, inside the window. @param {HTMLElement} menu */
export function opened(menu) {
  menu.addEventListener("keydown", onKey);
  const button = buttonOf(menu)?.getBoundingClientRect();
  if (button) {
    const { width } = menu.getBoundingClientRect();
    menu.style.left = `${Math.max(EDGE, Math.min(button.right - width, innerWidth - width - EDGE))}px`;
    menu.style.bottom = `${innerHeight - button.top + AIR}px`;
    menu.style.maxHeight = `${button.top - AIR - EDGE}px`;
  }
  menu.classList.add("is-placed");
  // What cannot be seen takes no focus.
  (itemsOf(menu).find((item) => item.ariaChecked === "true") ?? itemsOf(menu)[0])?.focus();
}
