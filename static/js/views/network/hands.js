import { nothing, svg } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { stylesheet } from "../../core/stylesheet.js";
import { MAX_UNITS_DRAWN } from "../../draw/geometry.js";
import { HAND_SIZE, handPlaces } from "../../draw/hand-places.js";
import { reshaped, withLayerAfter, withUnits } from "../../trace/change/reshape.js";
import { offeredChoices } from "../offers.js";
import { mayBeReshaped } from "./with-hands.js";
import { pressed } from "./press.js";

await stylesheet("css/hands.css");

/**
 * @typedef {import("./scene.js").Scene} Scene
 * @typedef {import("../../draw/hand-places.js").Place} Place
 */

/** How high a control is for a finger. */
const REACH_HEIGHT = 34;
/** From the baseline of a title up to its middle. */
const RISE = 5;
/** Of what is said at a control. */
const NOTE = { width: 224, height: 160 };

const SIGNS = { fewer: "M-5 0H5", more: "M-5 0H5M0-5V5", insert: "M-4 0H4M0-4V4" };

/** Change the network on its drawing: plus and minus at each hidden layer, and one more layer between any two. */
export class Hands {
  /** @param {import("../../playground.js").Playground} playground @param {() => void} onChange */
  constructor(playground, onChange) {
    this.playground = playground;
    this.onChange = onChange;
    /** Most hidden layers; null: not known yet. @type {number | null} */
    this.most = null;
    /** Why a control did nothing, said at it. @type {{at: string, text: string} | null} */
    this.note = null;
    void this.know();
  }

  /** What the server allows. Where it cannot be asked, it refuses what is too much. */
  async know() {
    const choices = await offeredChoices().catch(() => null);
    // The output layer is one of them.
    if (choices) this.most = choices.most_layers - 1;
    this.onChange();
  }

  /** @param {Scene} scene @param {import("./titles.js").Title[]} titles */
  template(scene, titles) {
    const { geometry, scale, state } = scene;
    if (!mayBeReshaped(state) || state.isOpening) return nothing;
    const places = handPlaces(titles);
    const y = titles[0].y - RISE;
    const noted = places.find((place) => this.note?.at === keyOf(place));
    return svg`<svg class="hands" viewBox=${`0 0 ${geometry.width} ${geometry.height}`} width=${geometry.width * scale} height=${geometry.height * scale} role="group" aria-label=${t("hands.label")}>
      ${places.map((place) => this.hand(place, y))}
      ${noted && this.note
        ? svg`<foreignObject x=${Math.max(4, Math.min(noted.x - NOTE.width / 2, geometry.width - NOTE.width - 4))} y=${y + HAND_SIZE / 2 + 6} width=${NOTE.width} height=${NOTE.height}>
            <p xmlns="http://www.w3.org/1999/xhtml" class="hand-note" role="alert">${this.note.text}</p></foreignObject>`
        : nothing}
    </svg>`;
  }

  /** @param {Place} place @param {number} y */
  hand(place, y) {
    const { kind, layer, x } = place;
    const refusal = this.refusal(place);
    const label = t(kind === "insert" && layer === 0 ? "hands.insert_first" : `hands.${kind}`, { layer });
    const press = () => this.press(place);
    return svg`<g class="hand ${kind}" transform=${`translate(${x} ${y})`} role="button" tabindex="0" aria-label=${label} aria-disabled=${refusal ? "true" : "false"}
        @click=${press} @keydown=${(/** @type {KeyboardEvent} */ event) => pressed(event, press)}><title>${refusal ?? label}</title>
      <rect class="reach" x=${-HAND_SIZE / 2 - 2} y=${-REACH_HEIGHT / 2} width=${HAND_SIZE + 4} height=${REACH_HEIGHT}/><circle r=${kind === "insert" ? 8 : 9.5}/><path d=${SIGNS[kind]}/></g>`;
  }

  /** Why a control can do no more, or null. @param {Pick<Place, "kind" | "layer">} place */
  refusal({ kind, layer }) {
    const { hidden = [] } = this.playground.state.session?.model ?? {};
    if (kind === "insert") return this.most !== null && hidden.length >= this.most ? t("settings.most_layers", { count: this.most }) : null;
    const units = hidden[layer - 1]?.units;
    if (kind === "fewer") return units <= 1 ? t("hands.last_unit") : null;
    return units >= MAX_UNITS_DRAWN ? t("hands.most_units", { count: MAX_UNITS_DRAWN }) : null;
  }

  /** @param {Place} place */
  async press(place) {
    const { kind, layer } = place;
    this.tell(place, this.refusal(place));
    if (this.note) return;
    const { playground } = this;
    const isDone = await playground.beginAgain((state) => {
      // Presses wait for one another: what was possible may have been done by the one before.
      if (this.refusal(place)) return null;
      const { hidden } = state.session?.model;
      return reshaped(state, kind === "insert" ? withLayerAfter(hidden, layer) : withUnits(hidden, layer, hidden[layer - 1].units + (kind === "more" ? 1 : -1)));
    });
    if (isDone) return;
    // It is said where it was pressed.
    this.tell(place, playground.state.problem);
    playground.dismissProblem();
  }

  /** @param {Place} place @param {string | null} text */
  tell(place, text) {
    this.note = text === null ? null : { at: keyOf(place), text };
    // The next press ends it, whatever it is for.
    if (this.note) for (const press of ["pointerdown", "keydown"]) addEventListener(press, this.forget, { capture: true, once: true });
    this.onChange();
  }

  forget = () => {
    if (!this.note) return;
    this.note = null;
    this.onChange();
  };
}

/** @param {Place} place */
const keyOf = ({ kind, layer }) => `${kind} ${layer}`;
