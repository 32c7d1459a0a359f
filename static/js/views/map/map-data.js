import * as api from "../../api/client.js";
import { rise, zeroLine } from "../../trace/contour.js";
import { tellingFeatures } from "../../trace/features.js";
import { nameOfUnit } from "../../trace/lens.js";
import { labelOf } from "../../trace/outcome.js";

/**
 * What a map is drawn from, fetched again when the network, the rows or the wish have changed; one question at a time.
 *
 * @typedef {import("../../state.js").State} State
 * @typedef {import("../../trace/lens.js").Lens} Lens
 * @typedef {{x: number[][], y: (number | number[])[]}} Rows
 * @typedef {Lens & {segments: import("../../trace/contour.js").Segment[], rise: [number, number] | null}} Fold
 * @typedef {{x: number[], y: number[], probabilities: number[][][]}} Grid y is empty along the only feature
 */

const RESOLUTION = 60;
/** Where z of the first layer is zero is a straight line: its values at the four corners tell it exactly. */
const CORNERS = 2;
/** More lines would hide the map. */
const MOST_FOLDS = 64;
/** A training must not wait for pictures: at most four maps a second. */
const SHORTEST_PAUSE_MS = 250;

export class MapData {
  /** @param {() => State} state @param {() => void} onNews */
  constructor(state, onNews) {
    this.state = state;
    this.onNews = onNews;
    /** @type {Grid | null} */
    this.grid = null;
    /** z and a of the unit that is looked at, on the grid. @type {(Lens & {z: number[][], a: number[][]}) | null} */
    this.plane = null;
    /** @type {Fold[]} */
    this.folds = [];
    /** @type {{train: Rows, held_out: Rows | null} | null} */
    this.rows = null;
    /** @type {[number, number]} columns of the data: across, up */
    this.features = [0, 1];
    /** @type {Lens | null} */
    this.lens = null;
    this.shownKey = "";
    this.rowsOf = "";
    this.sessionOf = "";
    this.isAsking = false;
    this.isWanted = false;
  }

  /** Ask again if what is on show is not what is wanted. */
  async ask() {
    const { session } = this.state();
    if (!session || !canBeMapped(session) || this.isAsking || !this.isWanted || this.key() === this.shownKey) return;
    this.isAsking = true;
    const pause = new Promise((resolve) => setTimeout(resolve, SHORTEST_PAUSE_MS));
    const isTraining = this.state().live !== null;
    try {
      await this.fetch(session);
    } catch {
      // The network is being replaced or the server is away: the page says so where it was asked for.
      this.shownKey = this.key();
    }
    this.onNews();
    if (isTraining) await pause;
    this.isAsking = false;
    void this.ask();
  }

  /** @param {import("../../state.js").Session} session */
  async fetch(session) {
    const rowsKey = this.rowsKey(session);
    if (this.rowsOf !== rowsKey) {
      this.rows = await api.getRows(session.id);
      const isNew = this.sessionOf !== session.id;
      if (isNew && this.rows) this.features = tellingFeatures(this.rows.train.x, this.rows.train.y.map((y) => labelIn(y, session) ?? 0));
      this.sessionOf = session.id;
      this.rowsOf = rowsKey;
    }
    const key = this.key();
    const [x_feature, second] = this.features;
    const isCurve = session.dataset.features < 2;
    const query = isCurve ? { x_feature: 0 } : { x_feature, y_feature: second };
    const { hidden } = session.model;
    const first = !isCurve && hidden.length > 0 && hidden[0].units <= MOST_FOLDS ? Array.from({ length: hidden[0].units }, (_, unit) => ({ layer: 1, unit })) : [];
    const [map, corners] = await Promise.all([
      api.getDecisionMap(session.id, { ...query, resolution: RESOLUTION }, this.lens && !isCurve ? [nameOfUnit(this.lens)] : []),
      first.length > 0 ? api.getDecisionMap(session.id, { ...query, resolution: CORNERS }, first.map(nameOfUnit)) : null,
    ]);
    this.grid = session.dataset.target ? map : { ...map, probabilities: sharesOf(map.probabilities, session.dataset.class_names.length) };
    this.plane = map.units[0] ?? null;
    this.folds = (corners?.units ?? []).map((/** @type {any} */ { layer, unit, z }) => ({ layer, unit, segments: zeroLine(z), rise: rise(z) }));
    this.shownKey = key;
  }

  /** All lines, that of the unit that is looked at among them. @returns {Fold[]} */
  get lines() {
    const { plane, folds } = this;
    if (!plane) return folds;
    const others = folds.filter(({ layer, unit }) => layer !== plane.layer || unit !== plane.unit);
    const own = folds.find(({ layer, unit }) => layer === plane.layer && unit === plane.unit);
    return [...others, own ?? { layer: plane.layer, unit: plane.unit, segments: zeroLine(plane.z), rise: null }];
  }

  /** Whether the rows on show are those of this session. @param {import("../../state.js").Session} session */
  isOf(session) {
    return this.sessionOf === session.id;
  }

  key() {
    const { session, live, edits } = this.state();
    if (!session) return "";
    const lens = this.lens ? nameOfUnit(this.lens) : "";
    return [this.rowsKey(session), live ? live.header.step - 1 : session.step, edits.length, ...this.features, lens].join();
  }

  /** Rows change by edits of the data alone. @param {import("../../state.js").Session} session */
  rowsKey({ id, step }) {
    return `${id},${this.state().edits.filter((edit) => edit.step <= step && edit.patch.data).length}`;
  }
}

/** Two features span a plane; along a single one a number to learn can be drawn. @param {import("../../state.js").Session} session */
export const canBeMapped = ({ dataset }) => dataset.features > 1 || dataset.target !== null;

/** The number of a row to learn, as the server answers it. @param {number | number[]} y */
export const numberIn = (y) => (Array.isArray(y) ? y[0] : y);

/** The class of a row as the server answers it. @param {number | number[]} y @param {import("../../state.js").Session} session */
export const labelIn = (y, session) => (Array.isArray(y) ? labelOf(y, session.dataset.class_names.length) : y);

/**
 * A share for each class: a single output says how much of the second of two; what is no probability is cut to 0 and 1.
 * @param {number[][][]} outputs
 * @param {number} classes
 */
function sharesOf(outputs, classes) {
  const cut = (/** @type {number} */ value) => Math.min(1, Math.max(0, value));
  return outputs.map((row) => row.map((cell) => (cell.length === 1 && classes === 2 ? [1 - cut(cell[0]), cut(cell[0])] : cell.map(cut))));
}
