import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { number } from "../core/format.js";
import { t } from "../core/i18n.js";
import { movedByKey } from "../core/keys.js";
import { colour, currentTheme } from "../core/theme.js";
import { drawLearningCurve, stepAt } from "../draw/learning-curve.js";
import { textWidth } from "../draw/text-width.js";
import { keptUpdate } from "../trace/change/compare.js";
import { reductionOf } from "../trace/program/outcome.js";
import { sharp } from "./palette.js";
import { TimeTravel } from "./time-travel.js";

/** A curve of less width tells of the loss alone, in px. */
const NARROW = 360;
/** A lower curve has its words beside it. */
const LOW = 20;
/** Around the words, and what the sign of their key takes. */
const AIR = 12;
const KEY = 36;

/** The learning curve, over the scrubber. Clicking or dragging on it is time travel over the training. */
export class LearningCurve extends StoreElement {
  /** @override */
  static mayFollow = true;

  constructor() {
    super();
    this.travel = new TimeTravel(StoreElement.playground, () => this.update());
    /** Room for the curve; null: to be measured, which makes the browser lay out the page. @type {{width: number, height: number} | null} */
    this.room = null;
    /** How far the curve goes to the right, and how far from the right the words begin. */
    this.length = 1;
    this.words = 0;
    /** In which font the words over the curve stand, asked of the browser once a theme. */
    this.font = { theme: "", name: "" };
  }

  /** @override @param {AbortSignal} signal */
  whileConnected(signal) {
    this.onResize(signal, ([{ contentRect: { width, height } }]) => {
      this.room = { width: Math.round(width), height: Math.round(height) };
      this.update();
    });
  }

  /** Updates done by the farthest state that one can travel to. */
  get last() {
    const { history, session } = this.playground.state;
    return Math.max((history.step.at(-1) ?? 1) - 1, session?.step ?? 0, session?.furthest_step ?? 0);
  }

  /** Updates done by the state that is told of: in a training its newest. */
  get shown() {
    const { isTraining, batch } = this.playground.state;
    if (isTraining) return this.last;
    // Of a step that was taken and is looked at again, the curve tells too.
    return this.travel.wanted ?? (batch ? batch.header.step - 1 : this.travel.update);
  }

  /** @override @param {import("../state.js").State} state */
  template({ history, isTraining }) {
    if (history.step.length === 0) return nothing;
    const update = this.shown;
    const isNarrow = this.room !== null && this.room.width < NARROW;
    if (this.font.theme !== currentTheme()) this.font = { theme: currentTheme(), name: fontOf(this) };
    const own = this.sentence(update, isNarrow);
    // A single loss is no line yet.
    const key = history.held_out_loss.filter((loss) => typeof loss === "number").length > 1 ? KEY + textWidth(t("loss.held_out"), this.font.name) : 0;
    // Their key comes where it fits beside them.
    this.words = textWidth(own, this.font.name) + AIR;
    const hasKey = key > 0 && this.room !== null && this.room.height >= LOW && this.words + key <= this.room.width;
    if (hasKey) this.words += key;
    return html`<canvas
        role="slider"
        tabindex="0"
        title=${t(isTraining ? "loss.wait" : "loss.hint")}
        aria-label=${t("loss.label")}
        aria-valuemin="1"
        aria-valuemax=${this.last + 1}
        aria-valuenow=${update + 1}
        aria-valuetext=${this.sentence(update)}
        aria-disabled=${isTraining || this.last === 0}
        @keydown=${this.onKey}
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${this.onUp}
        @pointercancel=${this.onUp}
      ></canvas>
      <p aria-hidden="true" class=${history.step.length === 1 ? "is-first" : ""}>${own}${hasKey ? html`<span class="key"> <span class="line dashed"></span> ${t("loss.held_out")}</span>` : nothing}</p>`;
  }

  /** @override @param {import("../state.js").State} state */
  updated({ history }) {
    const canvas = this.querySelector("canvas");
    if (!canvas) return;
    const { width, height } = (this.room ??= { width: this.clientWidth, height: this.clientHeight });
    if (width === 0) return;
    const kept = keptUpdate(this.playground.state);
    const colours = { line: colour("ink"), heldOut: colour("forward"), marker: colour("update"), surface: colour("surface") };
    // Those of a first step stand beside its dot.
    const words = height < LOW || history.step.length === 1 ? 0 : this.words;
    this.length = Math.max(1, width - (height < LOW ? this.words : 0));
    drawLearningCurve(sharp(canvas, this.length, height), { history, step: this.shown + 1, last: this.last + 1, kept: kept === null ? null : kept + 1, width: this.length, height, words, colours });
  }

  /** What the curve knows about the step after so many updates, or its nearest neighbour. @param {number} update @param {boolean} [isShort] */
  sentence(update, isShort = false) {
    const { history } = this.playground.state;
    let place = history.step.findIndex((step) => step - 1 >= update);
    if (place < 0) place = history.step.length - 1;
    const values = { step: history.step[place], loss: number(Number(history.loss[place])) };
    const accuracy = history.accuracy[place];
    const key = `loss.at.${reductionOf(this.playground.state)}`;
    if (isShort) return t(key, values);
    return typeof accuracy !== "number" ? t(key, values) : t(`${key}.accuracy`, { ...values, accuracy: number(Math.round(accuracy * 1000) / 10) });
  }

  /** @param {number} update */
  go(update) {
    if (!this.playground.state.isTraining) void this.travel.to(Math.min(this.last, Math.max(0, Math.round(update))));
  }

  /** The updates before the step under the pointer. @param {PointerEvent} event */
  updateAt(event) {
    return stepAt(event.offsetX, { width: this.length, last: this.last + 1 }) - 1;
  }

  /** @param {PointerEvent} event */
  onDown = (event) => {
    if (event.button !== 0 || this.last === 0) return;
    /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
    this.travel.isDragging = true;
    this.go(this.updateAt(event));
  };

  /** @param {PointerEvent} event */
  onMove = (event) => {
    if (this.travel.isDragging) this.go(this.updateAt(event));
  };

  /** @param {PointerEvent} event */
  onUp = (event) => {
    if (!this.travel.isDragging) return;
    this.travel.isDragging = false;
    this.go(this.updateAt(event));
  };

  /** @param {KeyboardEvent} event */
  onKey = (event) => {
    const at = this.shown;
    const leap = Math.max(1, Math.round(this.last / 10));
    const goal = movedByKey({ key: event.key, shiftKey: false }, { value: at, low: 0, high: this.last, step: 1, leap });
    if (goal === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    this.go(goal);
  };
}

/** @param {Element} element */
function fontOf(element) {
  const { fontWeight, fontSize, fontFamily } = getComputedStyle(element);
  return `${fontWeight} ${fontSize} ${fontFamily}`;
}

customElements.define("bp-learning-curve", LearningCurve);
