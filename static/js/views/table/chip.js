import { html, nothing } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { itemByKey } from "../menu-keys.js";

/**
 * A choice that looks like what was chosen: a button in the shape of a chip, with a menu below it.
 *
 * @template {string} V
 * @typedef {object} Chip
 * @property {string} id of the menu, once on the page
 * @property {string} label what is chosen here
 * @property {V} value
 * @property {{value: V, text: string, about?: string}[]} choices
 * @property {boolean} isGuess
 * @property {string} [look] class names of the button
 * @property {(value: V) => void} onChoose
 */

/** @template {string} V @param {Chip<V>} chip */
export function chipTemplate({ id, label, value, choices, isGuess, look = "", onChoose }) {
  const chosen = choices.find((choice) => choice.value === value);
  /** @param {V} to */
  const choose = (to) => {
    document.getElementById(id)?.hidePopover();
    if (to !== value) onChoose(to);
  };
  return html`<button type="button" class="chip ${look}" popovertarget=${id} aria-haspopup="menu"><span class="visually-hidden">${label}: </span>${chosen?.text ?? value}${isGuess
      ? html`<span class="guess-mark" title=${t("data.guess")}><span class="visually-hidden">, </span>${t("data.guess_mark")}</span>`
      : nothing}</button>
    <div id=${id} popover role="menu" class="chip-menu" aria-label=${label} @toggle=${onToggle} @keydown=${onKey}>
      ${choices.map((choice) => html`<button type="button" role="menuitemradio" tabindex="-1" aria-checked=${choice.value === value} @click=${() => choose(choice.value)}
        ><b>${choice.text}</b>${choice.about ? html`<small>${choice.about}</small>` : nothing}</button>`)}
    </div>`;
}

/** Open below its button, or above it where there is no room, with the focus on what is chosen. @param {any} event */
function onToggle({ target: menu, newState }) {
  if (newState !== "open") return;
  const box = /** @type {HTMLElement} */ (menu.previousElementSibling).getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const above = box.bottom + 4 + height > innerHeight && box.top > height;
  menu.style.top = `${above ? box.top - height - 4 : Math.max(8, Math.min(box.bottom + 4, innerHeight - height - 8))}px`;
  menu.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8))}px`;
  (menu.querySelector('[aria-checked="true"]') ?? menu.firstElementChild)?.focus();
}

/** @param {KeyboardEvent} event */
function onKey(event) {
  const menu = /** @type {HTMLElement} */ (event.currentTarget);
  if (event.key === "Tab") menu.hidePopover();
  const items = /** @type {HTMLElement[]} */ ([...menu.querySelectorAll("[role=menuitemradio]")]);
  const next = itemByKey(event.key, items.indexOf(/** @type {HTMLElement} */ (document.activeElement)), items.length);
  if (next === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  items[next]?.focus();
}
