import { html } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { place, spot } from "../../draw/map.js";
import { adding, nearest, relabelling, removing, rounded, targetOf } from "../../trace/change/points.js";
import { classLetters } from "../palette.js";
import { labelIn } from "./map-data.js";
import { markTemplate, MOST_LETTERED } from "./sidebar.js";

/** A click so near to a point means that point. */
const RADIUS = 10;
/** A press of an arrow key moves the cursor by this part of the map. */
const KEY_STEP = 1 / 24;

/**
 * Own data by clicks and keys: new points, other classes, points that go. Held-out rows stay as they are.
 *
 * @typedef {{session: import("../../state.js").Session, data: import("./map-data.js").MapData, size: number}} Ground
 */
export class PointTool {
  /** @param {import("../../session/editing.js").Editing} editing @param {() => void} onChange */
  constructor(editing, onChange) {
    this.editing = editing;
    this.onChange = onChange;
    this.isOn = false;
    /** The class of the next point; null: points go. @type {number | null} */
    this.label = 0;
    /** Where the pointer or the cursor is, in pixels. @type {{x: number, y: number} | null} */
    this.at = null;
    this.isByKeys = false;
  }

  /** @param {boolean} isOn */
  turn(isOn) {
    this.isOn = isOn;
    this.at = null;
    this.onChange();
  }

  /** @param {number | null} label */
  choose(label) {
    this.label = label;
    this.onChange();
  }

  /** The tools, and where one is. @param {Ground} ground */
  template(ground) {
    const classes = ground.session.dataset.class_names;
    const letters = classLetters(classes);
    return html`<div class="tools" role="group" aria-label=${t("points.tools")}>
        ${classes.map((/** @type {string} */ name, /** @type {number} */ label) => html`<button aria-pressed=${this.label === label}
          aria-label=${t("network.class", { name })} title=${t("network.class", { name })} @click=${() => this.choose(label)}>${markTemplate(label, classes.length > MOST_LETTERED ? "" : letters[label])}</button>`)}
        <button class="wide" aria-pressed=${this.label === null} @click=${() => this.choose(null)}>${t("points.remove")}</button>
      </div>
      <p class="quiet readout" aria-live=${this.isByKeys ? "polite" : "off"}>${this.at ? this.readout(ground, this.at) : t(this.label === null ? "points.hint_remove" : "points.hint")}</p>`;
  }

  /** Coordinates in the scale in which the data were measured. @param {Ground} ground @param {{x: number, y: number}} at */
  readout(ground, at) {
    const names = ground.session.dataset.feature_names;
    return t("points.at", Object.fromEntries(this.coordinates(ground, at).flatMap(({ raw }, axis) => [[`name${axis + 1}`, names[ground.data.features[axis]]], [`value${axis + 1}`, number(raw)]])));
  }

  /** @param {Ground} ground @param {{x: number, y: number}} at */
  coordinates({ session, data, size }, at) {
    const grid = /** @type {import("./map-data.js").Grid} */ (data.grid);
    const { x, y } = spot({ grid, size }, at.x, at.y);
    const { x_mean: means, x_scale: scales } = session.dataset;
    return [x, y].map((value, axis) => {
      const feature = data.features[axis];
      const ends = axis === 0 ? grid.x : grid.y;
      return rounded(value, ends[ends.length - 1] - ends[0], { mean: means[feature], scale: scales[feature] });
    });
  }

  /** Do what is chosen at a place: at a point to that point, elsewhere a new one. @param {Ground} ground @param {{x: number, y: number}} at */
  use(ground, at) {
    const { data, session, size } = ground;
    if (!data.grid || !data.rows || !data.isOf(session)) return;
    const { train } = data.rows;
    const [across, up] = data.features;
    const grid = data.grid;
    const hit = nearest(train.x.map((row) => place({ grid, size }, row[across], row[up])), at, RADIUS);
    if (this.label === null) return hit === null ? undefined : this.editing.make(removing(train, hit));
    const target = targetOf(this.label, session);
    if (hit === null) {
      const x = [0, 0];
      this.coordinates(ground, at).forEach(({ value }, axis) => (x[data.features[axis]] = value));
      return this.editing.make(adding(train, x, target));
    }
    if (labelIn(train.y[hit], session) !== this.label) return this.editing.make(relabelling(train, hit, target));
  }

  /** @param {PointerEvent} event @param {Ground} ground */
  move(event, { size }) {
    const canvas = /** @type {HTMLElement} */ (event.currentTarget);
    const scale = size / canvas.clientWidth;
    this.isByKeys = false;
    this.at = { x: event.offsetX * scale, y: event.offsetY * scale };
    this.onChange();
    return this.at;
  }

  /** @param {KeyboardEvent} event @param {Ground} ground */
  press(event, ground) {
    const { size } = ground;
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const at = this.at ?? { x: size / 2, y: size / 2 };
    if (!(event.key in moves) && !["Enter", " "].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    this.isByKeys = true;
    if (!(event.key in moves)) return void this.use(ground, at);
    const [right, down] = moves[event.key];
    const inside = (/** @type {number} */ value) => Math.min(size, Math.max(0, value));
    this.at = { x: inside(at.x + right * KEY_STEP * size), y: inside(at.y + down * KEY_STEP * size) };
    this.onChange();
  }
}
