import { html, svg } from "../vendor/lit.js";
import { isSavedState } from "../core/brought-file.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";

/** Takes files that are dropped anywhere on the page: saved states and tables. While one is dragged over it, the page says so. */
export class Drop extends StoreElement {
  /** @override @param {AbortSignal} signal */
  whileConnected(signal) {
    addEventListener("dragover", this.onDrag, { signal });
    addEventListener("dragleave", this.onLeave, { signal });
    addEventListener("drop", this.onDrop, { signal });
  }

  /** A popover, so that it lies above an open dialog too. @override */
  template() {
    return html`<div class="drop" popover="manual"><div>
      ${svg`<svg viewBox="0 0 48 48" width="48" height="48" aria-hidden="true"><path d="M8 12h32v24H8zM8 20h32M19 12v24M30 12v24"/></svg>`}
      <b>${t("drop.title")}</b><span>${t("drop.table")}</span><span>${t("drop.state")}</span></div></div>`;
  }

  /** @param {boolean} isOver */
  show(isOver) {
    /** @type {HTMLElement} */ (this.firstElementChild).togglePopover(isOver);
  }

  /** @param {DragEvent} event */
  onDrag = (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.show(true);
  };

  /** @param {DragEvent} event */
  onLeave = (event) => {
    // From one element to another there is a related one; only out of the window there is none.
    if (event.relatedTarget === null) this.show(false);
  };

  /** @param {DragEvent} event */
  onDrop = async (event) => {
    this.show(false);
    const files = event.dataTransfer?.files ?? [];
    if (files.length === 0 || event.defaultPrevented) return;
    event.preventDefault();
    if (files.length > 1) return this.playground.store.set({ problem: t("drop.one_file") });
    await this.open(files[0]);
  };

  /** @param {File} file */
  async open(file) {
    const bytes = await file.arrayBuffer().then((buffer) => new Uint8Array(buffer), () => null);
    if (bytes === null) this.playground.store.set({ problem: t("drop.unreadable", { name: file.name }) });
    else if (isSavedState(bytes)) await this.sharing.openFile(new TextDecoder().decode(bytes));
    else this.playground.openTable({ bytes, name: file.name });
  }
}

customElements.define("bp-drop", Drop);
