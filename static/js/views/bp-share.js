import { html, nothing, svg } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t, withAllTexts } from "../core/i18n.js";
import { brought, whyMissing } from "../core/version.js";
import { startPresenting } from "../presenting.js";

/** @typedef {import("./share/menu.js").Menu} Menu */

/** Two buttons of the header: share and export what is shown, and present it. */
export class Share extends StoreElement {
  /** @type {Menu | null} */
  menu = null;

  /** @override @param {import("../state.js").State} state */
  template({ status }) {
    return html`
      <button class="share-button" popovertarget="share-menu" aria-haspopup="dialog" ?disabled=${status !== "ready"}>${svg`<svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <path d="M10 12V2.5M6.5 5.5 10 2l3.5 3.5M5.5 9H4v8.5h12V9h-1.5"/></svg>`}<span>${t("share.button")}</span></button>
      <button class="icon present-button" aria-label=${t("present.start")} title=${t("present.start")} ?disabled=${status !== "ready"} @click=${this.present}
        >${svg`<svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true"><path d="M2.5 7V3.5H6M14 3.5h3.5V7M17.5 13v3.5H14M6 16.5H2.5V13"/><path d="M8 7.2v5.6l4.8-2.8Z"/></svg>`}</button>
      <div id="share-menu" popover role="dialog" aria-label=${t("share.button")} @toggle=${this.onToggle}>${this.menu?.template() ?? nothing}</div>
    `;
  }

  present = () => {
    // Without the leave of the browser it is presented inside its window.
    void document.documentElement.requestFullscreen?.().catch(() => {});
    startPresenting(this.playground);
  };

  onToggle = async (/** @type {any} */ event) => {
    if (event.newState !== "open") return;
    try {
      const { Menu } = await brought(withAllTexts(() => import("./share/menu.js")));
      this.menu ??= new Menu(this.playground, this.sharing, this.present, () => this.update());
    } catch {
      return this.playground.store.set({ problem: whyMissing() });
    }
    await this.menu.open();
  };
}

customElements.define("bp-share", Share);
