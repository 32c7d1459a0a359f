import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";
import { drawMap } from "../draw/map.js";
import { colourOf } from "../draw/plane.js";
import { nameOfUnit, reach, selectedUnit } from "../trace/lens.js";
import { layerName } from "./layer-name.js";
import { curveTemplate, paintCurve } from "./map/curve.js";
import { canBeMapped, labelIn, MapData, numberIn } from "./map/map-data.js";
import { PointTool } from "./map/point-tool.js";
import { axisTemplate, legendTemplate, lensTemplate, scaleTemplate } from "./map/sidebar.js";
import { colour } from "../core/theme.js";
import { channels, classColour, classLetters, sharp } from "./palette.js";

/** The map is as large as the panel allows beside its legend. */
const LARGEST = 192;
const SMALLEST = 152;
const LEGEND = 128;
/** Names of features that can be chosen have room beside the map from this width on. */
const ROOM_FOR_NAMES = 340;
/** More points than this would hide the map. */
const MOST_POINTS = 600;
/** More lines have no room for their numbers. */
const MOST_NUMBERED = 8;

/** What the network, or one unit of it, would answer everywhere in a plane of two features. */
export class DecisionMap extends StoreElement {
  /** @override */
  static mayFollow = true;

  constructor() {
    super();
    this.data = new MapData(this.playground, () => this.update());
    this.tool = new PointTool(this.playground.editing, () => this.update());
    /** @type {"z" | "a"} */
    this.quantity = "z";
    /** The unit that the drawing selected last. */
    this.selected = "";
    this.resized = new ResizeObserver(() => this.draw(this.playground.state));
  }

  /** @override */
  connectedCallback() {
    this.data.isWanted = true;
    super.connectedCallback();
    this.resized.observe(this);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.resized.disconnect();
    this.data.isWanted = false;
    this.playground.inspector.map(null);
  }

  get size() {
    return Math.min(LARGEST, Math.max(SMALLEST, this.clientWidth - LEGEND));
  }

  /** @override @param {import("../state.js").State} state */
  template(state) {
    const { session } = state;
    if (!session) return nothing;
    const { feature_names: features, class_names: classes, target } = session.dataset;
    if (!canBeMapped(session)) return html`<p class="quiet">${t("map.one_feature")}</p>`;
    this.data.take();
    if (features.length < 2) return curveTemplate(session, this.data);
    this.follow(state);
    const { data, tool } = this;
    const { lens } = data;
    const ground = { session, data, size: this.size };
    const canDraw = features.length === 2 && classes.length > 1 && !state.live;
    const isDrawing = canDraw && tool.isOn;
    const marks = { hasHeldOut: data.rows?.held_out != null, hasFolds: data.folds.length > 0, isLens: lens !== null };
    const areBeside = features.length === 2 || this.clientWidth >= ROOM_FOR_NAMES;
    const axes = [0, 1].map((axis) => axisTemplate(axis, features, data.features, this.choose));
    return html`${lensTemplate(session.model, lens, this.quantity, { look: this.look, measure: this.measure })}
    <div class="map">
      <canvas role=${isDrawing ? "application" : "img"} tabindex=${isDrawing ? 0 : nothing} aria-label=${this.label(state)} class=${isDrawing ? "is-drawing" : ""}
        @click=${(/** @type {PointerEvent} */ event) => isDrawing && tool.use(ground, tool.move(event, ground))}
        @pointermove=${(/** @type {PointerEvent} */ event) => isDrawing && tool.move(event, ground)}
        @keydown=${(/** @type {KeyboardEvent} */ event) => isDrawing && tool.press(event, ground)}></canvas>
      <div>
        ${areBeside ? html`<div class="axes">${axes}</div>` : nothing}
        ${data.plane ? scaleTemplate(reach(data.plane[this.quantity]), this.quantity) : target && data.grid ? scaleTemplate(this.reachOfNumbers, target.name, target) : nothing}
        ${isDrawing ? tool.template(ground) : legendTemplate(classes, marks)}
        ${canDraw ? html`<button class="draw" aria-pressed=${isDrawing} @click=${() => tool.turn(!tool.isOn)}>${t(isDrawing ? "points.stop" : "points.start")}</button>` : nothing}
      </div>
    </div>
    ${areBeside ? nothing : html`<div class="axes of-many">${axes}</div>`}
    ${features.length > 2 ? html`<p class="quiet note">${t("map.others")}</p>` : nothing}`;
  }

  /** @param {import("../state.js").State} state */
  label({ session }) {
    const { feature_names: features } = /** @type {import("../state.js").Session} */ (session).dataset;
    const [across, up] = this.data.features.map((feature) => features[feature]);
    const { lens } = this.data;
    if (this.tool.isOn) return t("points.label", { across, up });
    if (!lens) return t("map.label", { across, up });
    return t("map.unit_label", { name: this.quantity, unit: t("map.unit", { layer: layerName(lens.layer, Infinity), unit: lens.unit + 1 }), across, up });
  }

  /** A unit selected in the drawing is looked at; when the selection ends, the answer again. @param {import("../state.js").State} state */
  follow(state) {
    const unit = selectedUnit(state);
    const name = unit ? nameOfUnit(unit) : "";
    if (name === this.selected) return;
    if (unit || (this.data.lens && nameOfUnit(this.data.lens) === this.selected)) this.data.lens = unit;
    this.selected = name;
  }

  /** @param {import("../trace/lens.js").Lens | null} lens */
  look = (lens) => {
    this.data.lens = lens;
    this.update();
  };

  /** @param {"z" | "a"} quantity */
  measure = (quantity) => {
    this.quantity = quantity;
    this.update();
  };

  /** @param {number} axis @param {number} feature */
  choose = (axis, feature) => {
    const { features } = this.data;
    this.data.features = axis === 0 ? [feature, features[1]] : [features[0], feature];
    this.update();
  };

  /** What the network answers on the grid of a regression. */
  get answers() {
    return (this.data.grid?.probabilities ?? []).map((row) => row.map(([answer]) => answer));
  }

  /** The largest size of an answer or a target of a regression. */
  get reachOfNumbers() {
    const { rows } = this.data;
    return reach([...this.answers, [...(rows?.train.y ?? []), ...(rows?.held_out?.y ?? [])].map(numberIn)]);
  }

  /** @override @param {import("../state.js").State} state */
  updated(state) {
    this.draw(state);
    this.data.ask();
  }

  /** @param {import("../state.js").State} state */
  draw(state) {
    const { session, batch, live, sample } = state;
    const canvas = this.querySelector("canvas");
    const { grid, rows, features: [across, up], plane, folds } = this.data;
    if (!canvas || !session || !grid || !rows || !this.data.isOf(session)) return;
    if (session.dataset.features < 2) return paintCurve(canvas, { width: Math.max(SMALLEST, this.clientWidth - LEGEND), height: this.size }, /** @type {any} */ (state), this.data, MOST_POINTS);
    const classes = session.dataset.class_names.map((/** @type {string} */ _, /** @type {number} */ label) => classColour(label));
    const hues = { above: channels(colour("positive-fill")), below: channels(colour("negative-fill")) };
    const numbers = session.dataset.target && { values: this.answers, reach: this.reachOfNumbers, ...hues };
    /** @param {import("./map/map-data.js").Rows | null} some @param {boolean} isHeldOut */
    const points = (some, isHeldOut) =>
      (some?.x ?? []).slice(0, MOST_POINTS).map((row, at) => {
        const y = /** @type {any} */ (some).y[at];
        return { x: row[across], y: row[up], label: labelIn(y, session) ?? 0, isHeldOut, fill: numbers ? colourOf(numberIn(y), numbers, channels(colour("surface"))) : undefined };
      });
    const x = batch?.named("x")?.name;
    const size = this.size;
    drawMap(sharp(canvas, size, size), {
      grid,
      plane: plane ? { values: plane[this.quantity], reach: reach(plane[this.quantity]), ...hues } : numbers,
      folds: this.data.lines.map(({ layer, unit, segments, rise }) => {
        const isLit = plane !== null && plane.layer === layer && plane.unit === unit;
        return { segments, rise, isLit, label: isLit || folds.length <= MOST_NUMBERED ? String(unit + 1) : "" };
      }),
      points: [...points(rows.train, false), ...points(rows.held_out, true)],
      letters: classLetters(session.dataset.class_names),
      sample: batch && x && !live && !this.tool.isOn ? { x: batch.at(x, [sample, across]), y: batch.at(x, [sample, up]) } : null,
      cursor: this.tool.isOn && this.tool.isByKeys ? (this.tool.at ?? { x: size / 2, y: size / 2 }) : null,
      size,
      colours: { classes, channels: classes.map(channels), surface: colour("surface"), ink: colour("ink"), onSolid: colour("on-solid") },
    });
  }
}

customElements.define("bp-map", DecisionMap);
