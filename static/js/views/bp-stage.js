import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { stylesheet } from "../core/stylesheet.js";
import { placeOfStage } from "../lab/stage.js";

await stylesheet("css/instruments.css");

/** @type {Record<string, {load: () => Promise<unknown>, template: () => unknown}>} */
const INSTRUMENTS = {
  bars: { load: () => import("./instruments/bp-bars.js"), template: () => html`<bp-bars></bp-bars>` },
  factors: { load: () => import("./instruments/bp-factors.js"), template: () => html`<bp-factors></bp-factors>` },
  code: { load: () => import("./instruments/bp-code.js"), template: () => html`<bp-code></bp-code>` },
  check: { load: () => import("./instruments/bp-check.js"), template: () => html`<bp-check></bp-check>` },
  line: { load: () => import("./instruments/bp-line.js"), template: () => html`<bp-line></bp-line>` },
  depth: { load: () => import("./instruments/bp-depth.js"), template: () => html`<bp-depth></bp-depth>` },
};

/** Fetch an instrument. @param {string} name */
export const fetchInstrument = (name) => INSTRUMENTS[name]?.load();

/** The instrument that a scene has opened, in the place of the drawing or in that of the explanation. */
export class Stage extends StoreElement {
  /** Whose place is taken. @type {"drawing" | "card" | null} */
  place = null;
  /** The scene whose instrument has come into sight to be used. */
  used = "";

  /** @override @param {import("../state.js").State} state */
  template({ lab }) {
    const name = lab?.isFolded ? "" : (lab?.stage.name ?? "");
    const instrument = INSTRUMENTS[name];
    this.place = instrument ? placeOfStage(name) : null;
    return instrument?.template() ?? nothing;
  }

  /** The page's own styles ask which view has which place. @override @param {import("../state.js").State} state */
  updated({ focus, lab }) {
    const root = document.documentElement;
    if (this.place) root.dataset.stage = this.place;
    else delete root.dataset.stage;
    root.toggleAttribute("data-asked", this.place === "card" && focus !== null);
    const used = this.place === "card" && lab?.beat === "do" ? `${lab.lab.id} ${lab.at}` : "";
    // On a phone it stands below the drawing: what is to be used comes into sight.
    if (used !== this.used && used !== "") this.firstElementChild?.scrollIntoView({ block: "start" });
    this.used = used;
  }
}

customElements.define("bp-stage", Stage);
