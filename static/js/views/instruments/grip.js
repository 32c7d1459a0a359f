import { html } from "../../vendor/lit.js";
import { movedByKey } from "../../core/keys.js";

/**
 * A handle on a picture: dragged by mouse or finger, moved by keys.
 *
 * @typedef {object} Grip
 * @property {string} kind class of its looks
 * @property {string} label
 * @property {string} text its value in words
 * @property {number} value
 * @property {number} low
 * @property {number} high
 * @property {number} step
 * @property {number} leap with Shift
 * @property {string} style where it stands on its ground
 * @property {boolean} [isShut] it cannot be moved now
 * @property {(value: number) => void} move
 * @property {(x: number, width: number) => number} valueAt the value under a pixel of its ground, which is so wide
 */

/** @param {PointerEvent} event @param {Grip} grip */
function drag(event, { valueAt, low, high, move }) {
  const parent = /** @type {Element & {currentCSSZoom?: number}} */ (/** @type {Element} */ (event.currentTarget).parentElement);
  const ground = parent.getBoundingClientRect();
  // In front of a class it is enlarged, and its own px are larger than those of the pointer.
  const zoom = parent.currentCSSZoom ?? 1;
  move(Math.min(high, Math.max(low, valueAt((event.clientX - ground.left) / zoom, ground.width / zoom))));
}

/** @param {Grip} grip */
export function gripTemplate(grip) {
  const { kind, label, text, value, low, high, style, isShut = false, move } = grip;
  const press = (/** @type {KeyboardEvent} */ event) => {
    const goal = movedByKey(event, grip);
    if (goal === undefined || isShut) return;
    event.preventDefault();
    event.stopPropagation();
    move(goal);
  };
  const down = (/** @type {PointerEvent} */ event) => {
    if (event.button !== 0 || isShut) return;
    const grip = /** @type {HTMLElement} */ (event.currentTarget);
    grip.setPointerCapture(event.pointerId);
    grip.focus({ preventScroll: true });
    event.preventDefault();
  };
  const slide = (/** @type {PointerEvent} */ event) => /** @type {Element} */ (event.currentTarget).hasPointerCapture(event.pointerId) && drag(event, grip);
  return html`<div class="grip ${kind}" role="slider" tabindex="0" aria-label=${label} aria-valuemin=${low} aria-valuemax=${high} aria-valuenow=${value} aria-valuetext=${text}
    aria-disabled=${isShut} .style=${style} @keydown=${press} @pointerdown=${down} @pointermove=${slide}></div>`;
}
