import { html } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";
import { brought } from "../core/version.js";

/** What a tab shows, and the module that brings it when the tab is first opened; the first tab is there. @type {Record<string, {load?: () => Promise<unknown>, show: () => unknown}>} */
const TABS = {
  gates: { show: () => html`<bp-gates></bp-gates>` },
  map: { load: () => import("./bp-map.js"), show: () => html`<bp-map></bp-map>` },
  loss: { load: () => import("./bp-loss.js"), show: () => html`<bp-loss></bp-loss>` },
  layers: { load: () => import("./bp-layers.js"), show: () => html`<bp-layers></bp-layers>` },
  table: { load: () => import("./bp-table.js"), show: () => html`<bp-table></bp-table>` },
};
const NAMES = Object.keys(TABS);

/** The side panel: one view of the batch or of the training at a time. */
export class Panel extends StoreElement {
  /** @override @param {import("../state.js").State} state */
  template({ tab, status, session }) {
    const isRegression = session?.dataset?.target != null;
    const module = TABS[tab].load?.();
    if (module) brought(module).catch(() => this.playground.store.set({ problem: t("problem.unreachable") }));
    return html`
      <div class="tabs" role="tablist" @keydown=${this.onKey}>
        ${NAMES.map(
          (name) => html`<button
            role="tab"
            id="tab-${name}"
            aria-selected=${name === tab}
            aria-controls="panel-body"
            tabindex=${name === tab ? 0 : -1}
            @click=${() => this.playground.inspector.showTab(name)}
          >${t(name === "map" && isRegression ? "map.tab_numbers" : `${name}.tab`)}</button>`,
        )}
      </div>
      <div id="panel-body" role="tabpanel" aria-labelledby="tab-${tab}">${status === "ready" ? TABS[tab].show() : ""}</div>
    `;
  }

  /** Arrow keys move between tabs. @param {KeyboardEvent} event */
  onKey = (event) => {
    const { tab } = this.playground.state;
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    event.stopPropagation();
    const next = NAMES[(NAMES.indexOf(tab) + step + NAMES.length) % NAMES.length];
    this.playground.inspector.showTab(next);
    /** @type {HTMLElement | null} */ (this.querySelector(`#tab-${next}`))?.focus();
  };
}

customElements.define("bp-panel", Panel);
