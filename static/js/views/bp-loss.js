import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { number } from "../core/format.js";
import { t } from "../core/i18n.js";
import { currentTheme } from "../core/theme.js";
import "./bp-compare.js";
import { keepTemplate, keptUpdate, viewTemplate } from "./compare-controls.js";
import { fit, lossChart } from "./loss-chart.js";
import { TimeTravel } from "./time-travel.js";

/** The learning curve. Clicking or dragging on it is time travel over the training. */
export class Loss extends StoreElement {
  /** @override */
  static mayFollow = true;

  constructor() {
    super();
    /** @type {ReturnType<typeof lossChart> | null} */
    this.chart = null;
    this.marker = { step: 1, last: 1, kept: /** @type {number | null} */ (null) };
    /** @type {"curve" | "numbers"} */
    this.view = "curve";
    this.travel = new TimeTravel(StoreElement.playground, () => this.update());
    this.shownTheme = "";
    this.resized = new ResizeObserver(() => {
      const host = this.host;
      if (host && this.chart) fit(this.chart, host);
    });
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.resized.observe(this);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.forget();
  }

  get host() {
    return /** @type {HTMLElement | null} */ (this.querySelector(".chart"));
  }

  /** Updates done by the farthest state that one can travel to. */
  get last() {
    const { history, session } = this.playground.state;
    return Math.max((history.step.at(-1) ?? 1) - 1, session?.step ?? 0, session?.furthest_step ?? 0);
  }

  /** Updates done by the state that is told of: in a training its newest. */
  get shown() {
    return this.playground.state.isTraining ? this.last : this.travel.update;
  }

  /** @override @param {import("../state.js").State} state */
  template({ history, isTraining, session }) {
    if (history.step.length < 2 && !session?.furthest_step) return html`<p class="quiet">${t("loss.empty")}</p>`;
    const update = this.shown;
    const kept = keptUpdate(this.playground.state);
    const view = kept === null ? "curve" : this.view;
    return html`
      <div class="panel-head">
        <p class="panel-scope">${this.sentence(update)}</p>
        ${kept === null ? nothing : viewTemplate(view, (chosen) => this.show(chosen))}
      </div>
      ${view === "numbers" ? html`<bp-compare></bp-compare>` : nothing}
      <div
        class="chart"
        ?hidden=${view === "numbers"}
        role="slider"
        tabindex="0"
        aria-label=${t("loss.label")}
        aria-valuemin="1"
        aria-valuemax=${this.last + 1}
        aria-valuenow=${update + 1}
        aria-valuetext=${this.sentence(update)}
        aria-disabled=${isTraining}
        @keydown=${this.onKey}
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${this.onUp}
        @pointercancel=${this.onUp}
      ></div>
      <ul class="legend">
        <li class="of-curve"><span class="line" aria-hidden="true"></span>${t("loss.training")}</li>
        ${history.held_out_loss.some((loss) => typeof loss === "number") ? html`<li class="of-curve"><span class="line dashed" aria-hidden="true"></span>${t("loss.held_out")}</li>` : ""}
        <li class="quiet">${t(view === "numbers" ? "compare.norms" : isTraining ? "loss.wait" : "loss.hint")}</li>
        <li>${keepTemplate(this.playground, update)}</li>
      </ul>
    `;
  }

  /** @override @param {import("../state.js").State} state */
  updated({ history }) {
    const theme = currentTheme();
    const host = this.host;
    if (!host) return this.forget();
    if (this.chart && theme !== this.shownTheme) this.forget();
    this.shownTheme = theme;
    this.chart ??= lossChart(host, this.marker);
    const kept = keptUpdate(this.playground.state);
    Object.assign(this.marker, { step: this.shown + 1, last: this.last + 1, kept: kept === null ? null : kept + 1 });
    const numeric = (/** @type {unknown} */ value) => (typeof value === "number" ? value : null);
    this.chart.setData([[...history.step], history.loss.map(numeric), history.held_out_loss.map(numeric)]);
  }

  forget() {
    this.chart?.destroy();
    this.chart = null;
  }

  /** @param {"curve" | "numbers"} view */
  show(view) {
    this.view = view;
    this.update();
  }

  /** What the curve knows about the step after so many updates, or its nearest neighbour. @param {number} update */
  sentence(update) {
    const { history } = this.playground.state;
    let place = history.step.findIndex((step) => step - 1 >= update);
    if (place < 0) place = history.step.length - 1;
    const values = { step: history.step[place], loss: number(Number(history.loss[place])) };
    const accuracy = history.accuracy[place];
    if (typeof accuracy !== "number") return t("loss.at", values);
    return t("loss.at_accuracy", { ...values, accuracy: number(Math.round(accuracy * 1000) / 10) });
  }

  /** @param {number} update */
  go(update) {
    if (!this.playground.state.isTraining) void this.travel.to(Math.min(this.last, Math.max(0, Math.round(update))));
  }

  /** The updates before the step under the pointer. @param {PointerEvent} event */
  updateAt(event) {
    const over = /** @type {HTMLElement} */ (this.querySelector(".u-over"));
    return (this.chart?.posToVal(event.clientX - over.getBoundingClientRect().left, "x") ?? 1) - 1;
  }

  /** @param {PointerEvent} event */
  onDown = (event) => {
    if (event.button !== 0 || !this.chart) return;
    this.host?.setPointerCapture(event.pointerId);
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
    const at = this.travel.update;
    const leap = Math.max(1, Math.round(this.last / 10));
    /** @type {Record<string, number>} */
    const goals = { ArrowRight: at + 1, ArrowUp: at + 1, ArrowLeft: at - 1, ArrowDown: at - 1, PageUp: at + leap, PageDown: at - leap, Home: 0, End: this.last };
    if (!(event.key in goals)) return;
    event.preventDefault();
    event.stopPropagation();
    this.go(goals[event.key]);
  };
}

customElements.define("bp-loss", Loss);
