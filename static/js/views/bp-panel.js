import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t, withAllTexts } from "../core/i18n.js";
import { PANELS } from "../core/url-state.js";
import { brought, whyMissing } from "../core/version.js";

/** What a tab shows, and the module that brings it when the tab is first opened. @type {Record<typeof PANELS[number], {load: () => Promise<unknown>, show: () => unknown}>} */
const TABS = {
  layers: { load: () => import("./bp-layers.js"), show: () => html`<bp-layers></bp-layers>` },
  table: { load: () => import("./bp-table.js"), show: () => html`<bp-table></bp-table>` },
  compare: { load: () => import("./bp-compare.js"), show: () => html`<bp-compare></bp-compare>` },
};

/** In place of the explanation, when it is asked for: one view of the step or of the training at a time. */
export class Panel extends StoreElement {
  /** @override @param {import("../state.js").State} state */
  template({ tab, status }) {
    const panel = PANELS.find((name) => name === tab);
    if (!panel) return nothing;
    brought(withAllTexts(TABS[panel].load)).catch(() => this.playground.store.set({ problem: whyMissing() }));
    return html`
      <div class="panel-top">
        <div class="tabs" role="tablist" @keydown=${this.onKey}>
          ${PANELS.map(
            (name) => html`<button
              role="tab"
              id="tab-${name}"
              aria-selected=${name === tab}
              aria-controls="panel-body"
              tabindex=${name === tab ? 0 : -1}
              @click=${() => this.playground.inspector.showTab(name)}
            >${t(`${name}.tab`)}</button>`,
          )}
        </div>
        <button class="panel-close" aria-label=${t("panel.close")} title=${t("panel.close")} @click=${() => this.playground.inspector.showTab("")}>✕</button>
      </div>
      <div id="panel-body" role="tabpanel" aria-labelledby="tab-${tab}">${status === "ready" ? TABS[panel].show() : ""}</div>
    `;
  }

  /** Arrow keys move between tabs. @param {KeyboardEvent} event */
  onKey = (event) => {
    const { tab } = this.playground.state;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const at = PANELS.findIndex((name) => name === tab);
    const next = PANELS[(at + step + PANELS.length) % PANELS.length];
    this.playground.inspector.showTab(next);
    /** @type {HTMLElement | null} */ (this.querySelector(`#tab-${next}`))?.focus();
  };
}

customElements.define("bp-panel", Panel);
