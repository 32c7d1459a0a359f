import * as api from "../api/client.js";
import { html, nothing, svg } from "../../vendor/lit-html/lit-html.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";
import { drawMap } from "../draw/map.js";
import { classShape } from "../draw/marks.js";
import { tellingFeatures } from "../trace/features.js";
import { channels, classColour, classLetters, colour, sharp } from "./palette.js";

/** The map is as large as the panel allows beside its legend. */
const LARGEST = 192;
const SMALLEST = 152;
const LEGEND = 128;
const RESOLUTION = 60;
/** A training must not wait for pictures: at most four maps a second. */
const SHORTEST_PAUSE_MS = 250;
/** With more classes the legend has two columns, and no letters inside the shapes. */
const MOST_LETTERED = 5;
/** Shapes whose middle lies below their centre: the triangle. */
const SHAPES_LOW_IN_THE_MIDDLE = new Set([2]);
/** More points than this would hide the map. */
const MOST_POINTS = 600;

/** What the network would answer everywhere in a plane of two features. */
export class DecisionMap extends StoreElement {
  /** @override */
  static reads = ["session", "batch", "live", "sample", "theme"];

  constructor() {
    super();
    /** @type {import("../draw/map.js").Grid | null} */
    this.grid = null;
    /** @type {{train: {x: number[][], y: number[]}, held_out: {x: number[][], y: number[]} | null} | null} */
    this.rows = null;
    /** @type {[number, number]} columns of the data: across, up */
    this.features = [0, 1];
    /** What the grid on show was asked for. */
    this.shownKey = "";
    this.rowsOf = "";
    this.isAsking = false;
    this.resized = new ResizeObserver(() => this.draw(this.playground.state));
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
  }

  /** @override @param {import("../state.js").State} state */
  template({ session }) {
    if (!session) return nothing;
    const { feature_names: features, class_names: classes } = session.dataset;
    if (features.length < 2) return html`<p class="quiet">${t("map.one_feature")}</p>`;
    return html`<div class="map">
      <canvas role="img" aria-label=${t("map.label", { across: features[this.features[0]], up: features[this.features[1]] })}></canvas>
      <div>
        ${[0, 1].map((axis) => this.axis(axis, features))}
        <ul class="legend ${classes.length > MOST_LETTERED ? "is-many" : ""}">
          ${classes.map((/** @type {string} */ name, /** @type {number} */ label) => html`<li>${this.mark(label, classes.length > MOST_LETTERED ? "" : classLetters(classes)[label])}<span>${name.length === 1 && classes.length <= MOST_LETTERED ? t("network.class", { name }) : name}</span></li>`)}
          ${this.rows?.held_out ? html`<li><svg viewBox="-9 -9 18 18" width="18" height="18" aria-hidden="true"><circle r="5" class="hollow"/></svg>${t("map.held_out")}</li>` : nothing}
        </ul>
      </div>
    </div>
    ${features.length > 2 ? html`<p class="quiet note">${t("map.others")}</p>` : nothing}`;
  }

  /** A choice of the feature, where there is one. @param {number} axis @param {string[]} features */
  axis(axis, features) {
    const name = t(axis === 0 ? "map.across" : "map.up");
    if (features.length === 2) return html`<p class="quiet axis">${name} <b>${features[axis]}</b></p>`;
    return html`<label class="quiet axis">${name}
      <select @change=${(/** @type {any} */ event) => this.choose(axis, Number(event.target.value))}>
        ${features.map((feature, column) => html`<option value=${column} ?selected=${column === this.features[axis]} ?disabled=${column === this.features[1 - axis]}>${feature}</option>`)}
      </select></label>`;
  }

  /** @param {number} label @param {string} letter */
  mark(label, letter) {
    return html`<svg viewBox="-9 -9 18 18" width="18" height="18" aria-hidden="true" class="class-${label % 10}">
      ${svg`<path d=${classShape(label)} transform="scale(7.5)"/><text y=${SHAPES_LOW_IN_THE_MIDDLE.has(label) ? 5 : 3.5}>${letter}</text>`}
    </svg>`;
  }

  /** @param {number} axis @param {number} feature */
  choose(axis, feature) {
    this.features = axis === 0 ? [feature, this.features[1]] : [this.features[0], feature];
    this.update();
  }

  /** @override @param {import("../state.js").State} state */
  updated(state) {
    this.draw(state);
    void this.ask();
  }

  /** Fetch the map again if it is not of the step on show; one question at a time. */
  async ask() {
    const { session, live } = this.playground.state;
    if (!session || session.dataset.features < 2 || this.isAsking) return;
    if (this.keyNow(session, live) === this.shownKey) return;
    this.isAsking = true;
    const pause = new Promise((resolve) => setTimeout(resolve, SHORTEST_PAUSE_MS));
    try {
      if (this.rowsOf !== session.id) await this.askRows(session.id);
      const key = this.keyNow(session, live);
      this.grid = await api.getDecisionMap(session.id, { x_feature: this.features[0], y_feature: this.features[1], resolution: RESOLUTION });
      this.shownKey = key;
    } catch {
      // The network is being replaced or the server is away: the page says so where it was asked for.
      this.shownKey = this.keyNow(session, live);
    }
    this.update();
    await pause;
    this.isAsking = false;
    if (this.isConnected) void this.ask();
  }

  /** @param {string} id */
  async askRows(id) {
    this.rows = await api.getRows(id);
    this.features = this.rows ? tellingFeatures(this.rows.train.x, this.rows.train.y) : [0, 1];
    this.rowsOf = id;
  }

  /** @param {import("../state.js").Session} session @param {import("../trace/trace.js").Trace | null} live */
  keyNow(session, live) {
    return [session.id, live ? live.header.step : session.step, ...this.features].join();
  }

  /** @param {import("../state.js").State} state */
  draw({ session, batch, live, sample }) {
    const canvas = this.querySelector("canvas");
    if (!canvas || !session || !this.grid || !this.rows || this.rowsOf !== session.id) return;
    const [across, up] = this.features;
    const classes = session.dataset.class_names.map((/** @type {string} */ _, /** @type {number} */ label) => classColour(label));
    /** @param {{x: number[][], y: number[]} | null} rows @param {boolean} isHeldOut */
    const points = (rows, isHeldOut) =>
      (rows?.x ?? []).slice(0, MOST_POINTS).map((row, at) => ({ x: row[across], y: row[up], label: Number(rows?.y[at]), isHeldOut }));
    const x = batch?.named("x")?.name;
    const size = Math.min(LARGEST, Math.max(SMALLEST, this.clientWidth - LEGEND));
    drawMap(sharp(canvas, size, size), {
      grid: this.grid,
      points: [...points(this.rows.train, false), ...points(this.rows.held_out, true)],
      letters: classLetters(session.dataset.class_names),
      sample: batch && x && !live ? { x: batch.at(x, [sample, across]), y: batch.at(x, [sample, up]) } : null,
      size,
      colours: { classes, channels: classes.map(channels), surface: colour("surface"), ink: colour("ink"), onSolid: colour("on-solid") },
    });
  }
}

customElements.define("bp-map", DecisionMap);
