import { Task } from "../../tasks.js";
import { rise, zeroLine } from "../../trace/contour.js";
import { tellingFeatures } from "../../trace/features.js";
import { nameOfUnit } from "../../trace/lens.js";
import { labelOf } from "../../trace/outcome.js";

/**
 * What a map is drawn from: the answers of the network, which come with every view while somebody looks at them, the rows,
 * and the plane of a unit that is looked at.
 *
 * @typedef {import("../../state.js").State} State
 * @typedef {import("../../trace/lens.js").Lens} Lens
 * @typedef {{x: number[][], y: (number | number[])[]}} Rows
 * @typedef {Lens & {z: number[][], a: number[][]}} Plane of a unit, on the grid
 * @typedef {Lens & {segments: import("../../trace/contour.js").Segment[], rise: [number, number] | null}} Fold
 * @typedef {{x: number[], y: number[], probabilities: number[][][]}} Grid y is empty along the only feature
 */

/** As many as a view may have. */
const RESOLUTION = 40;
/** More lines would hide the map. */
const MOST_FOLDS = 64;
/** A training must not wait for pictures: at most four planes of a unit a second. */
const SHORTEST_PAUSE_MS = 250;

export class MapData {
  /** @param {import("../../playground.js").Playground} playground @param {() => void} onNews */
  constructor(playground, onNews) {
    this.playground = playground;
    /** @type {Task<{session: string, train: Rows, held_out: Rows | null}>} */
    this.known = new Task(onNews);
    /** @type {Task<void>} */
    this.asking = new Task(onNews);
    /** @type {Task<Plane | null>} */
    this.looking = new Task(onNews);
    /** @type {Grid | null} */
    this.grid = null;
    /** @type {Fold[]} */
    this.folds = [];
    /** @type {[number, number]} columns of the data: across, up */
    this.features = [0, 1];
    /** @type {Lens | null} */
    this.lens = null;
    this.sessionOf = "";
    this.isWanted = false;
    /** What the grid is made of. @type {State["map"]} */
    this.drawn = null;
    /** When a plane was asked for last, as performance.now(). */
    this.lookedAt = -SHORTEST_PAUSE_MS;
  }

  get state() {
    return this.playground.state;
  }

  /** The rows of the session that was looked at last. */
  get rows() {
    return this.known.value;
  }

  /** z and a of the unit that is looked at. */
  get plane() {
    return this.lens ? this.looking.value : null;
  }

  /** The features that are mapped, as views name them. @param {import("../../state.js").Session} session */
  wanted({ dataset }) {
    return [...(dataset.features < 2 ? [0, 0] : this.features), RESOLUTION];
  }

  /** Take what the last view brought. */
  take() {
    const { session, map } = this.state;
    if (!session || !map || map === this.drawn || this.sessionOf !== session.id || !isOf(map, this.wanted(session))) return;
    this.drawn = map;
    this.grid = session.dataset.target ? map : { ...map, probabilities: sharesOf(map.probabilities, session.dataset.class_names.length) };
    this.folds = session.dataset.features < 2 || !map.z ? [] : foldsOf(map.z);
  }

  /** Ask for what is wanted and not known. */
  ask() {
    const { session, map, isTraining } = this.state;
    if (!session || !canBeMapped(session) || !this.isWanted) return;
    const { api, inspector } = this.playground;
    void this.known.ask(this.rowsKey(session), async () => ({ ...(await api.getRows(session.id)), session: session.id }));
    if (this.sessionOf !== session.id && (this.isOf(session) || session.dataset.features <= 2)) this.begin(session);
    if (this.sessionOf !== session.id) return;
    const wanted = this.wanted(session);
    inspector.map(wanted);
    if (!isTraining && !isOf(map, wanted)) void this.asking.ask([session.id, session.version, ...wanted].join(), () => inspector.loadMap());
    void this.look(session);
  }

  /** Another session: its features. @param {import("../../state.js").Session} session */
  begin(session) {
    this.sessionOf = session.id;
    const { rows } = this;
    this.features = rows && this.isOf(session) ? tellingFeatures(rows.train.x, rows.train.y.map((y) => labelIn(y, session) ?? 0)) : [0, 1];
  }

  /** Ask for the plane of the unit that is looked at. @param {import("../../state.js").Session} session */
  async look(session) {
    const { lens } = this;
    if (!lens || session.dataset.features < 2) return;
    const [x_feature, y_feature] = this.features;
    const key = [session.id, session.version, this.state.live?.header.step, x_feature, y_feature, nameOfUnit(lens)].join();
    if (this.state.isTraining && performance.now() < this.lookedAt + SHORTEST_PAUSE_MS) return;
    this.lookedAt = performance.now();
    await this.looking.ask(key, async () => {
      const { units } = await this.playground.api.getDecisionMap(session.id, { x_feature, y_feature, resolution: RESOLUTION }, [nameOfUnit(lens)]);
      return units[0] ?? null;
    });
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
    return this.rows?.session === session.id;
  }

  /** Rows change by edits of the data alone. @param {import("../../state.js").Session} session */
  rowsKey({ id, step }) {
    return `${id},${this.state.edits.filter((edit) => edit.step <= step && edit.patch.data).length}`;
  }
}

/** Whether a map is of these features. @param {State["map"]} map @param {number[]} wanted */
const isOf = (map, [x_feature, y_feature]) => map !== null && map.x_feature === x_feature && (map.y_feature ?? 0) === y_feature;

/** Where z of the first layer is zero is a straight line: its values at the four corners tell it exactly. @param {number[][][]} corners @returns {Fold[]} */
function foldsOf(corners) {
  const units = corners[0][0].length;
  if (units > MOST_FOLDS) return [];
  return Array.from({ length: units }, (_, unit) => {
    const z = corners.map((row) => row.map((cell) => cell[unit]));
    return { layer: 1, unit, segments: zeroLine(z), rise: rise(z) };
  });
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
