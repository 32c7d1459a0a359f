import { html, live, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { exactly, number, signed } from "../core/format.js";
import { t } from "../core/i18n.js";
import { stylesheet } from "../core/stylesheet.js";
import { Task } from "../tasks.js";
import { fraction, mi, mn, mo, row } from "../trace/formula/markup.js";
import { nudgeOf, placesAround, quotientOf, storyOf } from "../trace/measure/nudge.js";
import { sampleName } from "../trace/program/sample-name.js";
import { math } from "./card/math.js";
import "./bp-number.js";
import { slicePlot } from "./card/slice-plot.js";

await stylesheet("css/nudge.css");

/** @typedef {{batch: object | null, cell: string, slice: import("../trace/measure/nudge.js").Slice}} Answer */

/** In the middle of a corner a chosen slope may agree with the measured one: so near nobody calls them different. */
const ALIKE = 1e-4;

/** The slider goes through powers of ten. */
const [SMALLEST, LARGEST] = [-9, 0.5];

/** Moves the number that the card is about to both sides, and lets the change of the loss meet the gradient. */
class NudgeElement extends StoreElement {
  /** null: as small as the theory says. @type {number | null} */
  h = null;
  /** @type {Task<Answer>} */
  measuring = new Task(() => this.hear());
  isFirst = true;

  get slice() {
    return this.measuring.value?.slice ?? null;
  }

  /** @override @param {import("../state.js").State} state */
  template(state) {
    // It looks again when the sheet comes up.
    void state.isSheetOpen;
    const nudge = nudgeOf(state);
    if (!nudge) return nothing;
    const name = nameOf(nudge.tensor);
    return html`<section aria-label=${t("nudge.title", { name })}>
      ${nudge.isTaken
        ? html`<p class="quiet">${t("nudge.taken")}</p><button type="button" @click=${() => this.playground.move(() => this.playground.player.showNext())}>${t("nudge.next")}</button>`
        : html`${this.controls(name)}<div aria-live="polite">${this.slice && this.isAbout(nudge) ? this.comparison(this.slice, nudge, name) : nothing}</div>`}
      ${this.measuring.problem ? html`<p class="form-problem" role="alert">${this.measuring.problem}</p>` : nothing}
    </section>`;
  }

  /** @param {string} name */
  controls(name) {
    const h = this.h ?? this.slice?.best_h ?? 1e-5;
    return html`<div class="nudge-controls">
      <bp-number class="h-typed" .field=${{ label: t("nudge.h"), value: h, above: 0, spell: spelled, onDone: this.move }}></bp-number>
      <input class="h-slider" type="range" min=${SMALLEST} max=${LARGEST} step="0.05" .value=${live(String(Math.log10(h)))} aria-label=${t("nudge.slide", { name })}
        aria-valuetext=${number(h)} @input=${(/** @type {any} */ event) => this.move(10 ** Number(event.target.value))}>
      <button type="button" class="h-best" aria-pressed=${this.h === null} title=${t("nudge.best.why")} @click=${() => this.move(null)}>${t("nudge.best")}</button>
    </div>`;
  }

  /** @param {import("../trace/measure/nudge.js").Slice} slice @param {import("../trace/measure/nudge.js").Nudge} nudge @param {string} name */
  comparison(slice, nudge, name) {
    const story = storyOf(slice);
    const { above, below, width } = quotientOf(slice);
    const moved = (/** @type {string} */ sign) => row(mi("L"), mo("(", { stretchy: "false" }), mi(name), mo(sign, { form: "infix" }), mi("h"), mo(")", { stretchy: "false" }));
    const minus = () => mo("\u2212", { form: "infix" });
    const words = { name, slope: signed(slice.slope), gradient: signed(slice.gradient), difference: number(slice.relative_difference) };
    const is = () => mo("=", { form: "infix" });
    const quotient = fraction(row(moved("+"), minus(), moved("\u2212")), row(mn("2"), mi("h")));
    return html`<dl class="two-numbers">
        <dt>${t("nudge.measured")} · ${t(nudge.sample === null ? "nudge.scope_batch" : "nudge.scope_sample", { sample: sampleName(this.playground.state, nudge.sample ?? 0) })}</dt>
        <dd class="formula">${[quotient, row(is(), fraction(row(mn(above), minus(), mn(below)), mn(width)))].map((part) => math(part))}</dd>
        <dd class="outcome measured" title=${exactly(slice.slope)}>${signed(slice.slope)}</dd>
        <dt>${t("nudge.backprop")}</dt>
        <dd class="formula">${math(fraction(row(mi("\u2202"), mi("L")), row(mi("\u2202"), mi(name))))}</dd>
        <dd class="outcome backprop" title=${exactly(slice.gradient)}>${signed(slice.gradient)}</dd>
        <dt>${t("nudge.difference")}</dt>
        <dd class="outcome difference">${number(slice.relative_difference)}</dd>
      </dl>
      <p class="verdict ${story}">${story === "kink" ? this.kink(slice, name, nudge) : t(`nudge.${story}`, words)}</p>
      ${slicePlot(slice, Math.max(240, this.clientWidth), t("nudge.plot", words))}
      <ul class="legend">
        <li><span class="mark tangent"></span>${t("nudge.legend.tangent")}</li>
        <li><span class="mark chord"></span>${t(story === "agree" ? "nudge.legend.chord_on" : "nudge.legend.chord")}</li>
        ${slice.masks_differ.includes(true) ? html`<li><span class="mark same-gates"></span>${t("nudge.legend.gates")}</li>` : nothing}
      </ul>`;
  }

  /** The honest word at a corner. @param {import("../trace/measure/nudge.js").Slice} slice @param {string} name @param {import("../trace/measure/nudge.js").Nudge} nudge */
  kink({ kinks: [first], kinks_in_all: count, relative_difference: difference }, name, { sample }) {
    const program = this.playground.state.batch?.program;
    const key = (program?.depth ?? 2) > 2 ? "nudge.unit_of_layer" : "nudge.unit";
    const unit = t(key, { layer: first.layer, unit: first.unit + 1, sample: (sample ?? first.sample) + 1 });
    if (program && program.tensor(first.tensor).role !== "z") return t("nudge.kink_of_loss", { name, unit });
    if (count > 1) return t("nudge.kinks", { name, unit, count: count - 1 });
    return t(difference < ALIKE ? "nudge.kink_alike" : "nudge.kink", { name, unit });
  }

  /** @override @param {import("../state.js").State} state */
  updated(state) {
    const nudge = nudgeOf(state);
    // In a sheet that is down nobody sees what comes of it.
    if (!nudge || nudge.isTaken || !this.checkVisibility()) return;
    const { session, batch, samples } = state;
    const { tensor, index, sample } = nudge;
    const cell = cellOf(nudge);
    const value = (sample === null ? batch : samples.get(sample))?.at(tensor, index) ?? 0;
    const request = { tensor, index, sample, h: this.h, values: placesAround(value, this.h ?? 0) };
    const key = [session?.id, session?.version, batch?.header.step, cell, this.h].join();
    void this.measuring.ask(key, async () => ({ batch, cell, slice: await this.playground.api.getSlice(session?.id ?? "", request) }));
  }

  hear() {
    this.update();
    const nudge = nudgeOf(this.playground.state);
    if (nudge && this.slice && this.isAbout(nudge)) this.playground.inspector.nudge({ ...nudge, slice: this.slice });
    if (this.isFirst && this.slice) this.scrollIntoView({ block: "start" });
    this.isFirst = this.slice === null;
  }

  /** Whether the answer is about this cell in this step: one to another question makes no sense here. @param {import("../trace/measure/nudge.js").Nudge} nudge */
  isAbout = (nudge) => this.measuring.value?.batch === this.playground.state.batch && this.measuring.value?.cell === cellOf(nudge);

  move = (/** @type {number | null} */ h) => {
    this.h = h;
    this.update();
  };
}

/** @param {import("../trace/measure/nudge.js").Nudge} nudge */
const cellOf = ({ tensor, index, sample }) => JSON.stringify([tensor, index, sample]);

/** As it can be typed. @param {number} h */
const spelled = (h) => (h < 1e-3 ? h.toExponential(2) : String(Number(h.toPrecision(3))));

/** "w", "b" or "x". @param {string} tensor */
const nameOf = (tensor) => tensor[0].toLowerCase();

customElements.define("bp-nudge", NudgeElement);
