import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { number } from "../core/format.js";
import { t, withAllTexts } from "../core/i18n.js";
import { brought, whyMissing } from "../core/version.js";
import { progress } from "../lab/progress.js";

/** In the header: the way to the labs, and how many of them are done. */
class LabsButton extends StoreElement {
  /** @type {typeof import("./lab/menu.js") | null} */
  menu = null;

  /** @override @param {import("../state.js").State} state */
  template({ labs, lab }) {
    // What is remembered changes with the lab that is under way.
    void lab?.done;
    const known = progress();
    // A list of small questions is no lab to get done with.
    const counted = labs?.filter(({ is_list: isList }) => !isList) ?? [];
    const done = counted.filter(({ id }) => known[id]?.isDone).length;
    return html`<button class="labs-button" popovertarget="labs-menu" aria-haspopup="dialog"><span>${t("lab.labs")}</span>
        ${done > 0 ? html`<small>${number(done)}/${number(counted.length)}</small>` : nothing}</button>
      <div id="labs-menu" popover role="dialog" aria-label=${t("lab.labs")} @toggle=${this.onToggle}>${this.menu?.menuTemplate(labs ?? [], known, this.enter) ?? nothing}</div>`;
  }

  onToggle = (/** @type {any} */ event) => {
    if (event.newState !== "open") return;
    brought(withAllTexts(() => import("./lab/menu.js")).then(async (menu) => {
      this.menu = menu;
      await this.labs.load();
      this.update();
    })).catch(() => this.playground.store.set({ problem: whyMissing() }));
  };

  /** @param {string} id @param {string | null} [scene] */
  enter = (id, scene = null) => {
    /** @type {HTMLElement | null} */ (this.querySelector("#labs-menu"))?.hidePopover();
    void this.labs.enter(id, scene);
  };
}

customElements.define("bp-labs", LabsButton);
