import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";
import { placeBeside } from "../inspector/place.js";
import { brought, whyMissing } from "../core/version.js";
import { canBeMapped } from "./map/map-data.js";
import "./bp-map.js";

/** @type {("map" | "why")[]} */
const CHOICES = ["map", "why"];

/** The place above the explanation: the map of the data, and where there is little room the choice between the two. */
export class Place extends StoreElement {
  /** @override @param {AbortSignal} signal */
  whileConnected(signal) {
    document.addEventListener("keydown", this.onKey, { signal });
  }

  /** @override @param {import("../state.js").State} state */
  template(state) {
    const { session } = state;
    if (!session) return nothing;
    const place = placeBeside(state);
    const isMap = canBeMapped(session);
    if (!isMap) brought(import("./bp-wall.js")).catch(() => this.playground.store.set({ problem: whyMissing() }));
    return html`<div class="place-switch choice" role="group" aria-label=${t("place.label")}>
        ${CHOICES.map((name) => html`<button aria-pressed=${name === place} @click=${() => this.playground.inspector.showPlace(name)}>${t(`place.${name}`)}</button>`)}
      </div>
      ${isMap ? html`<bp-map></bp-map>` : html`<bp-wall></bp-wall>`}`;
  }

  /** @override @param {import("../state.js").State} state */
  updated(state) {
    const column = /** @type {HTMLElement} */ (this.parentElement);
    column.dataset.place = placeBeside(state);
    const { lab } = state;
    // What is moved in the card is watched on the map, also where there is room for one of them.
    const show = lab?.lab.scenes[lab.at]?.show;
    column.toggleAttribute("data-with-map", show?.view === "map" && show.focus !== null);
  }

  /** Escape turns everything back that is in the map's place. @param {KeyboardEvent} event */
  onKey = (event) => {
    const { inspector, state } = this.playground;
    const target = /** @type {Element} */ (event.target);
    if (event.key !== "Escape" || event.defaultPrevented || placeBeside(state) === "map" || target.closest("dialog, [popover], input, select, textarea")) return;
    inspector.showPlace("map");
  };
}

customElements.define("bp-place", Place);
