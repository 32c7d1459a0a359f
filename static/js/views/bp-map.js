import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t, withAllTexts } from "../core/i18n.js";
import { colour, currentTheme } from "../core/theme.js";
import { drawMap } from "../draw/map.js";
import { colourOf } from "../draw/plane.js";
import { brought, whyMissing } from "../core/version.js";
import { nameOfUnit, reach, selectedUnit } from "../trace/measure/lens.js";
import { isKeptBack } from "../trace/program/reveal.js";
import { layerName } from "./layer-name.js";
import { labelIn, MapData, numberIn } from "./map/map-data.js";
import { axisTemplate, legendTemplate, lensTemplate, scaleTemplate } from "./map/sidebar.js";
import { channels, classColour, classLetters, sharp } from "./palette.js";
import { isSameRoom, pictureRoom, pictureSize } from "./picture-size.js";

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
    /** Own data by clicks, once somebody wants it. @type {import("./map/point-tool.js").PointTool | null} */
    this.tool = null;
    /** The picture along a single feature. @type {typeof import("./map/answer-line.js") | null} */
    this.answerLine = null;
    /** The unit that the drawing selected last. */
    this.selected = "";
    /** Null: to be measured. @type {import("./picture-size.js").PictureRoom | null} */
    this.room = null;
    /** How many lines are drawn. */
    this.shownFolds = 0;
    /** The sample with a ring. @type {number | null} */
    this.ringed = null;
    /** What the picture was drawn from. @type {unknown[]} */
    this.drawnFrom = [];
  }

  /** @override @param {AbortSignal} signal */
  whileConnected(signal) {
    this.data.isWanted = true;
    this.onResize(signal, () => {
      const room = pictureRoom(this);
      if (isSameRoom(room, this.room) && this.data.isWanted === room.width > 0) return;
      this.room = room;
      this.data.isWanted = room.width > 0;
      this.update();
    });
    signal.addEventListener("abort", () => this.playground.inspector.map(null));
  }

  get size() {
    return pictureSize(this.playground.state, (this.room ??= pictureRoom(this)));
  }

  /** @override @param {import("../state.js").State} state */
  template(state) {
    const { session } = state;
    if (!session) return nothing;
    const { feature_names: features, class_names: classes, target } = session.dataset;
    this.data.take();
    if (features.length < 2) {
      if (!this.answerLine) this.bring(() => import("./map/answer-line.js"), (module) => (this.answerLine = module));
      return this.answerLine?.answerTemplate(session, this.data) ?? nothing;
    }
    this.follow(state);
    const { data, tool } = this;
    const { lens, quantity } = data;
    const values = data.plane?.[quantity];
    const ground = { session, data, size: this.size };
    const canDraw = features.length === 2 && classes.length > 1 && !state.live;
    const isDrawing = canDraw && tool !== null && tool.isOn;
    const marks = { hasHeldOut: data.rows?.held_out != null, hasFolds: data.folds.length > 0 };
    const axes = [0, 1].map((axis) => axisTemplate(axis, features, data.features, this.choose));
    return html`<div class="map">
      <canvas role=${isDrawing ? "application" : "img"} tabindex=${isDrawing ? 0 : nothing} aria-label=${this.label(state)} class=${isDrawing ? "is-drawing" : ""}
        @click=${(/** @type {PointerEvent} */ event) => isDrawing && tool.use(ground, tool.move(event, ground))}
        @pointermove=${(/** @type {PointerEvent} */ event) => isDrawing && tool.move(event, ground)}
        @keydown=${(/** @type {KeyboardEvent} */ event) => isDrawing && tool.press(event, ground)}></canvas>
      <div class="key">
        ${features.length === 2 ? html`<div class="axes">${axes}</div>` : nothing}
        ${values ? scaleTemplate(reach(values), quantity) : target && data.grid ? scaleTemplate(this.reachOfNumbers, target.name, target) : nothing}
        ${legendTemplate(classes, marks)}
      </div>
    </div>
    <div class="map-tools">
      ${lensTemplate(session.model, lens, quantity, { look: this.look, measure: this.measure })}
      ${canDraw ? html`<button class="draw" aria-pressed=${isDrawing} title=${t(isDrawing ? "points.stop" : "points.start")} @click=${() => this.turnTool(!isDrawing)}><span>${t(isDrawing ? "points.stop" : "points.start")}</span></button>` : nothing}
    </div>
    ${isDrawing ? html`<div class="map-more">${tool.template(ground)}</div>` : nothing}
    ${features.length > 2 ? html`<div class="map-more"><div class="axes of-many">${axes}</div><p class="quiet note">${t("map.others")}</p></div>` : nothing}`;
  }

  /**
   * Have a module that few readers need, and show what it brings.
   * @template M
   * @param {() => Promise<M>} load @param {(module: M) => void} take
   */
  bring(load, take) {
    brought(withAllTexts(load).then(take).then(() => this.update())).catch(() => this.playground.store.set({ problem: whyMissing() }));
  }

  /** @param {boolean} isOn */
  turnTool(isOn) {
    if (this.tool) return this.tool.turn(isOn);
    this.bring(() => import("./map/point-tool.js"), ({ PointTool }) => {
      this.tool = new PointTool(this.playground.editing, () => this.update());
      this.tool.isOn = isOn;
    });
  }

  /** @param {import("../state.js").State} state */
  label({ session }) {
    const { feature_names: features } = /** @type {import("../state.js").Session} */ (session).dataset;
    const [across, up] = this.data.features.map((feature) => features[feature]);
    const { lens, quantity } = this.data;
    if (this.tool?.isOn) return t("points.label", { across, up });
    if (!lens) return t("map.label", { across, up });
    return t("map.unit_label", { name: quantity, unit: t("map.unit", { layer: layerName(lens.layer, Infinity), unit: lens.unit + 1 }), across, up });
  }

  /** A unit selected in the drawing is looked at; when the selection ends, the answer again. @param {import("../state.js").State} state */
  follow(state) {
    const unit = selectedUnit(state);
    const name = unit ? nameOfUnit(unit) : "";
    if (name === this.selected) return;
    if (unit || (this.data.lens && nameOfUnit(this.data.lens) === this.selected)) this.data.lens = unit;
    this.selected = name;
  }

  /** @param {import("../trace/measure/lens.js").Lens | null} lens */
  look = (lens) => {
    this.data.lens = lens;
    this.update();
  };

  /** @param {"z" | "a"} quantity */
  measure = (quantity) => {
    this.data.quantity = quantity;
    this.update();
  };

  /** @param {number} axis @param {number} feature */
  choose = (axis, feature) => {
    const { features } = this.data;
    this.data.choose(axis === 0 ? [feature, features[1]] : [features[0], feature]);
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

  /** Draw the picture, where anything of it has changed. @param {import("../state.js").State} state */
  draw(state) {
    const { session, batch, live, timeline, operation } = state;
    // In the phases of the batch no sample is the current one.
    const sample = timeline?.operations[operation]?.scope === "batch" ? null : state.sample;
    const isHidden = isKeptBack(state);
    const canvas = this.querySelector("canvas");
    const { data, tool, size } = this;
    const { grid, rows, features: [across, up], plane, quantity, folds } = data;
    if (!canvas || !session || !grid || !rows || !data.isOf(session) || size === 0) return;
    const cursor = tool?.isOn && tool.isByKeys ? (tool.at ?? { x: size / 2, y: size / 2 }) : null;
    const from = [canvas, grid, rows.train, across, up, data.lens && nameOfUnit(data.lens), data.looking.value, quantity, live ? null : batch, live ? null : sample,
      isHidden, tool?.isOn, cursor?.x, cursor?.y, size, devicePixelRatio, currentTheme()];
    if (from.every((part, at) => part === this.drawnFrom[at])) return;
    this.drawnFrom = from;
    if (session.dataset.features < 2) return this.answerLine?.paintAnswer(canvas, { width: size, height: size }, /** @type {any} */ (state), data, MOST_POINTS);
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
    const values = plane?.[quantity];
    // On which side of a line the sample lies may be what is asked.
    const lines = isHidden ? [] : data.lines;
    this.shownFolds = lines.length;
    this.ringed = live ? null : sample;
    drawMap(sharp(canvas, size, size), {
      grid,
      plane: values ? { values, reach: reach(values), ...hues } : numbers,
      folds: lines.map(({ layer, unit, segments, rise }) => {
        const isLit = plane !== null && plane.layer === layer && plane.unit === unit;
        return { segments, rise, isLit, label: isLit || folds.length <= MOST_NUMBERED ? String(unit + 1) : "" };
      }),
      points: [...points(rows.train, false), ...points(rows.held_out, true)],
      letters: classLetters(session.dataset.class_names),
      sample: batch && x && !live && !tool?.isOn && sample !== null ? { x: batch.at(x, [sample, across]), y: batch.at(x, [sample, up]) } : null,
      cursor,
      size,
      colours: { classes, channels: classes.map(channels), surface: colour("surface"), ink: colour("ink"), onSolid: colour("on-solid") },
    });
  }
}

customElements.define("bp-map", DecisionMap);
