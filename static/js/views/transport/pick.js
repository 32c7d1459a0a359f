import { html, svg } from "../../vendor/lit.js";
import { brought } from "../../core/version.js";

/**
 * A button that opens a few choices.
 *
 * @typedef {{text: string, isChosen: boolean, choose: () => void}} Choice
 * @typedef {object} Pick
 * @property {string} name of the button and its choices, for style sheets
 * @property {string} label what is chosen
 * @property {string} value what it says: the present choice
 * @property {Choice[]} choices
 * @property {boolean} [isDisabled]
 */

/** @param {Event} event */
async function onToggle(event) {
  const { newState } = /** @type {ToggleEvent} */ (event);
  const menu = /** @type {HTMLElement} */ (event.currentTarget);
  if (newState === "open") await brought(import("./menu.js").then(({ opened }) => opened(menu))).catch(() => {});
  // Without its keys and its place it can be pressed as well.
  menu.classList.toggle("is-placed", newState === "open");
}

/** What was chosen closes it. @param {Event} event */
function onClick({ target, currentTarget }) {
  if (/** @type {Element} */ (target).closest("button")) /** @type {HTMLElement} */ (currentTarget).hidePopover();
}

/** @param {Pick} pick */
export const pickTemplate = ({ name, label, value, choices, isDisabled = false }) => html`<button class="opener ${name}" popovertarget=${`menu-${name}`} aria-haspopup="menu" aria-label=${value ? `${label}: ${value}` : label} title=${label} ?disabled=${isDisabled}
    >${value ? html`<span class="opener-label" aria-hidden="true">${label}</span><b aria-hidden="true">${value}</b>` : ""}${svg`<svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><path d="M2.5 7.5 6 4l3.5 3.5"/></svg>`}</button>
  <div class="menu of-${name}" id=${`menu-${name}`} popover role="menu" aria-label=${label} @toggle=${onToggle} @click=${onClick}>
    <p aria-hidden="true">${label}</p>
    ${choices.map(({ text, isChosen, choose }) => html`<button role="menuitemradio" tabindex="-1" aria-checked=${isChosen} @click=${choose}>${text}</button>`)}</div>`;
