import { html, nothing } from "../../vendor/lit.js";
import { exactly, number, signed } from "../../core/format.js";
import { nameOf, t } from "../../core/i18n.js";
import { colour, currentTheme } from "../../core/theme.js";
import { asFraction, drawLine, isOnCorner, kept, LEAP, linePlot, REACH, snapped, STEP } from "../../draw/line-plot.js";
import { isOpen } from "../../lab/stage.js";
import { sharp } from "../palette.js";
import { gripTemplate } from "./grip.js";
import { Instrument } from "./instrument.js";

/** @typedef {import("../../draw/line-plot.js").Grid} Grid */

/** The lane of the step away from x0 lies so far below that of x0: a finger takes one or the other. */
const LANE = 46;
/** Slopes that are read as fractions. @type {Record<string, string>} */
const FRACTIONS = { 0.5: "1/2" };
/** Steps that the table looks at, to both sides. */
const TRIED = [-1, -0.5, -0.25, -0.0625, 0.0625, 0.25, 0.5, 1];

/** A place, or a way to one: "1/64" says more than "0.0156". @param {number} x */
function placeText(x) {
  const fraction = asFraction(x);
  return fraction ? `${number(fraction[0])}/${fraction[1]}` : number(x);
}

/** The same with its sign. @param {number} dx */
const stepText = (dx) => (asFraction(dx) ? `${dx > 0 ? "+" : ""}${placeText(dx)}` : signed(dx));

/** @param {number} slope */
const slopeText = (slope) => FRACTIONS[slope] ?? number(slope);

/** A function, the promise of its slope at a place, and what becomes of it a step further. */
export class LineInstrument extends Instrument {
  /** @type {import("../../draw/line-plot.js").Plot | null} */
  plot = null;
  /** @type {unknown[]} */
  plottedFrom = [];

  get line() {
    return this.instruments.line;
  }

  /** @override @param {import("../../state.js").State} state */
  template({ lab }) {
    if (!lab || lab.stage.name !== "line") return nothing;
    const { stage } = lab;
    /** @type {Grid} */
    const grid = stage.grid;
    const isUsable = isOpen(lab);
    this.measure(grid);
    return this.frame(t("lab.line.title"), {
      picture: this.plot ? this.picture(stage, isUsable) : nothing,
      // Before the answer the table would give it.
      table: isUsable ? this.table(grid, stage) : html`<p class="quiet">${t("lab.stage.later")}</p>`,
      beside: this.readout(grid, stage),
      controls: this.controls(stage, isUsable),
      kind: "is-line",
    });
  }

  /** @param {Grid} grid */
  measure(grid) {
    const { room } = this;
    if (!room || room.width === 0) return;
    const from = [grid, room.width, room.height];
    if (this.plot && from.every((part, at) => part === this.plottedFrom[at])) return;
    this.plottedFrom = from;
    this.plot = linePlot(grid, { ...room, left: 40, right: 24, top: 8, bottom: 30 + LANE + 24 });
  }

  /** The three numbers that it is about. @param {Grid} grid @param {any} stage */
  readout(grid, { x0, dx, value, promise, error }) {
    const { height, slope } = kept(grid, { x0, dx });
    const times = `${number(height)} ${dx * slope < 0 ? "\u2212" : "+"} ${number(Math.abs(slope))} \u00b7 ${number(Math.abs(dx))}`;
    return html`<dl class="readout">
      <div class="of-curve"><dt>${t("lab.line.value")}</dt><dd title=${exactly(value)}>${number(value)}</dd></div>
      <div class="of-promise"><dt>${t("lab.line.promise")}</dt><dd title=${exactly(promise)}>${number(promise)} <small>= ${times}</small></dd></div>
      <div class=${error > 0 ? "of-error" : ""}><dt>${t("lab.line.error")}</dt><dd title=${exactly(error)}>${number(error)}${dx !== 0 && error > 0 ? html` <small>${t("lab.line.share", { share: number(error / Math.abs(dx)) })}</small>` : nothing}</dd></div>
    </dl>`;
  }

  /** @param {any} stage @param {boolean} isUsable */
  picture({ x0, dx }, isUsable) {
    const plot = /** @type {import("../../draw/line-plot.js").Plot} */ (this.plot);
    const { box } = plot;
    const place = (/** @type {number} */ x, /** @type {number} */ y) => `transform: translate(${x}px, ${y}px)`;
    const lane = box.bottom + LANE;
    const [from, to] = [plot.x(x0), plot.x(x0 + dx)];
    const grip = { low: -REACH, high: REACH, step: STEP, leap: LEAP, isShut: !isUsable, valueAt: plot.valueAt };
    return html`<canvas aria-hidden="true"></canvas>
      <div class="labels" aria-hidden="true">
        ${plot.columns.map(({ at, x }) => html`<span class="tick column-tick" .style=${place(x, box.bottom + 12)}>${number(at)}</span>`)}
        ${plot.rows.map(({ at, y }) => html`<span class="tick row-tick is-before" .style=${place(box.left - 8, y)}>${number(at)}</span>`)}
        <span class="lane-name" .style=${place(from, box.bottom - 26)}>x0 = ${placeText(x0)}</span>
        <i class="way" .style=${`transform: translate(${Math.min(from, to)}px, ${lane}px); width: ${Math.abs(to - from)}px`}></i>
        <i class="from" .style=${place(from, lane)}></i>
        <span class="lane-name" .style=${place(to, lane + 14)}>dx = ${stepText(dx)}</span>
      </div>
      ${gripTemplate({ ...grip, kind: "is-place", label: t("lab.line.x0"), value: x0, text: t("lab.line.at", { x: placeText(x0) }), style: place(from, box.bottom), move: (x) => this.line.stand(x) })}
      ${gripTemplate({
        ...grip, kind: "is-step", label: t("lab.line.dx"), value: dx, low: -REACH - x0, high: REACH - x0, text: this.said(), style: place(to, lane),
        valueAt: (x) => plot.valueAt(x) - x0,
        move: (step) => this.line.step(step),
      })}`;
  }

  /** The three numbers in words. */
  said() {
    const { dx, value, promise, error } = /** @type {any} */ (this.playground.state.lab).stage;
    return t("lab.line.said", { dx: placeText(dx), value: number(value), promise: number(promise), error: number(error) });
  }

  /** @param {any} stage @param {boolean} isUsable */
  controls({ f, slope, functions = [], slopes = [] }, isUsable) {
    if (functions.length < 2 && slopes.length === 0) return nothing;
    return html`<div class="run">
      ${functions.length > 1
        ? html`<div class="choice-of" role="group" aria-label=${t("lab.line.function")}><span>${t("lab.line.function")}</span>
            <div class="choice">${functions.map((/** @type {string} */ name) => html`<button type="button" ?disabled=${!isUsable} aria-pressed=${name === f} @click=${() => this.line.choose({ f: name })}>${nameOf("activation", name)}</button>`)}</div></div>`
        : nothing}
      ${slopes.length > 0
        ? html`<div class="choice-of" role="group" aria-label=${t("lab.line.slope")}><span>${t("lab.line.slope")}</span>
            <div class="choice">${slopes.map((/** @type {number} */ one) => html`<button type="button" ?disabled=${!isUsable} aria-pressed=${one === slope} @click=${() => this.line.choose({ slope: one })}>${slopeText(one)}</button>`)}</div></div>`
        : nothing}
    </div>`;
  }

  /** The promise at x0, tried with several steps. @param {Grid} grid @param {any} stage */
  table(grid, { x0, dx }) {
    const steps = [...new Set([...TRIED, dx])].filter((step) => step !== 0 && snapped(x0 + step) === x0 + step).sort((one, other) => one - other);
    const note = isOnCorner(grid, { x0, dx }) ? t("lab.line.on_corner") : "";
    return html`<table class="numbers"><caption>${t("lab.line.caption", { x: placeText(x0), slope: number(kept(grid, { x0, dx }).slope) })} ${note}</caption>
      <thead><tr><th scope="col">dx</th><th scope="col">${t("lab.line.value")}</th><th scope="col">${t("lab.line.promise")}</th><th scope="col">${t("lab.line.error")}</th></tr></thead>
      <tbody>${steps.map((step) => {
        const { value, promise, error } = kept(grid, { x0, dx: step });
        return html`<tr class=${step === dx ? "is-current" : ""}><th scope="row">${number(step)}</th><td>${number(value)}</td><td>${number(promise)}</td><td><b>${number(error)}</b></td></tr>`;
      })}</tbody></table>`;
  }

  /** @override @param {import("../../state.js").State} state */
  updated(state) {
    super.updated(state);
    const canvas = this.querySelector("canvas");
    const { plot, room } = this;
    const { grid, x0, dx } = /** @type {any} */ (state.lab?.stage ?? {});
    if (!canvas || !plot || !room || !grid) return;
    void currentTheme();
    drawLine(sharp(canvas, room.width, room.height), plot, { x0, dx }, kept(grid, { x0, dx }), {
      grid: colour("line"), axis: colour("line-strong"), curve: colour("forward"), promise: colour("backward"), error: colour("problem"), surface: colour("surface"),
    }, state.lab !== null && isOpen(state.lab));
  }
}

customElements.define("bp-line", LineInstrument);
