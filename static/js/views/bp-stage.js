import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { placeOfStage } from "../lab/stage.js";
import "./instruments/bp-bars.js";
import "./instruments/bp-check.js";
import "./instruments/bp-code.js";
import "./instruments/bp-depth.js";
import "./instruments/bp-factors.js";
import "./instruments/bp-line.js";
import "./lab/styles.js";

/** @type {Record<string, (() => unknown) | undefined>} */
const INSTRUMENTS = {
  bars: () => html`<bp-bars></bp-bars>`,
  factors: () => html`<bp-factors></bp-factors>`,
  code: () => html`<bp-code></bp-code>`,
  check: () => html`<bp-check></bp-check>`,
  line: () => html`<bp-line></bp-line>`,
  depth: () => html`<bp-depth></bp-depth>`,
};

/** The instrument that a scene has opened, in the place of the drawing or in that of the explanation. */
export class Stage extends StoreElement {
  /** Whose place is taken. @type {"drawing" | "card" | null} */
  place = null;
  /** The beat of a scene whose instrument has come into sight to be asked about or used. */
  used = "";

  /** @override @param {import("../state.js").State} state */
  template({ lab }) {
    const name = lab?.isFolded ? "" : (lab?.stage.name ?? "");
    const instrument = INSTRUMENTS[name];
    this.place = instrument ? placeOfStage(name) : null;
    return instrument?.() ?? nothing;
  }

  /** The page's own styles ask which view has which place. @override @param {import("../state.js").State} state */
  updated({ focus, lab }) {
    const root = document.documentElement;
    if (this.place) root.dataset.stage = this.place;
    else delete root.dataset.stage;
    root.toggleAttribute("data-asked", this.place === "card" && focus !== null);
    const used = this.place === "card" && lab && lab.beat !== "told" ? `${lab.lab.id} ${lab.at} ${lab.beat}` : "";
    // On a phone it stands below the drawing: what is asked about, or to be used, comes into sight.
    if (used !== this.used && used !== "") this.firstElementChild?.scrollIntoView({ block: "start" });
    this.used = used;
  }
}

customElements.define("bp-stage", Stage);
