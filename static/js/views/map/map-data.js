import { Task } from "../../tasks.js";
import { rise, zeroLine } from "../../trace/measure/contour.js";
import { MAP_RESOLUTION, MOST_MAPPED, planeOf } from "../../session/model.js";
import { rowsAreTheData } from "../../trace/change/editable.js";
import { nameOfUnit } from "../../trace/measure/lens.js";
import { labelOf } from "../../trace/program/outcome.js";
import { shownMap, shownStep } from "../../trace/measure/shown-map.js";

/**
 * What a map is drawn from: the answers of the network, which come with every view while somebody looks at them, the rows,
 * and the plane of a unit that is looked at.
 *
 * @typedef {import("../../state.js").State} State
 * @typedef {import("../../trace/measure/lens.js").Lens} Lens
 * @typedef {{x: number[][], y: (number | number[])[]}} Rows
 * @typedef {Lens & {z: number[][], a?: number[][]}} Plane of a unit, on the grid; z of the first layer is flat: its four corners say all
 * @typedef {Lens & {segments: import("../../trace/measure/contour.js").Segment[], rise: [number, number] | null}} Fold
 * @typedef {{x: number[], y: number[], probabilities: number[][][]}} Grid y is empty along the only feature
 */

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
    /** Whether somebody chose them, or a map has come. */
    this.areChosen = false;
    /** @type {Lens | null} */
    this.lens = null;
    /** What of its unit is looked at. @type {"z" | "a"} */
    this.quantity = "z";
    /** The session whose map it is. @type {string | null} */
    this.sessionOf = null;
    /** @type {{batch: import("../../trace/program/trace.js").Trace, train: Rows, held_out: null} | null} */
    this.ofTheBatch = null;
    this.isWanted = false;
    /** What the grid is made of. @type {State["map"]} */
    this.drawn = null;
    /** When a plane was asked for last, as performance.now(). */
    this.lookedAt = -SHORTEST_PAUSE_MS;
  }

  get state() {
    return this.playground.state;
  }

  /** The rows of the session that was looked at last; where its batch is all of them, nobody need be asked. */
  get rows() {
    const { session, batch } = this.state;
    if (!session || !batch || !this.areInTheBatch(session)) return this.known.value;
    if (this.ofTheBatch?.batch !== batch) this.ofTheBatch = { batch, train: rowsOf(batch, session), held_out: null };
    // The session that came with the page gets its id later.
    return { ...this.ofTheBatch, session: session.id };
  }

  /** Whether every step sees all rows as they are. @param {import("../../state.js").Session} session */
  areInTheBatch(session) {
    return rowsAreTheData({ session }) && session.dataset.held_out_rows === 0 && this.state.batch?.header.dtype === "float64";
  }

  /** z and a of the unit that is looked at. @returns {Plane | null} */
  get plane() {
    const { lens } = this;
    if (!lens) return null;
    const { z } = shownMap(this.state) ?? {};
    // Until the plane of other weights is there the one before stands; where it cannot be had, none.
    const { value, problem } = this.looking;
    const known = problem === null && value?.layer === lens.layer && value.unit === lens.unit ? value : null;
    if (lens.layer > 1 || !z) return known;
    return { ...lens, z: z.map((row) => row.map((cell) => cell[lens.unit])), a: known?.a };
  }

  /** The features that are mapped, as views name them. @param {import("../../state.js").Session} session */
  wanted({ dataset }) {
    return this.areChosen && dataset.features > 1 ? [...this.features, MAP_RESOLUTION] : planeOf(dataset.features);
  }

  /** @param {[number, number]} features */
  choose(features) {
    this.features = features;
    this.areChosen = true;
  }

  /** Take what the last view brought. */
  take() {
    const { session } = this.state;
    const map = shownMap(this.state);
    if (session && this.sessionOf !== session.id) {
      this.sessionOf = session.id;
      this.areChosen = false;
    }
    if (!session || !map || map === this.drawn || !canBeMapped(session)) return;
    if (!this.areChosen && map.y_feature !== null) this.choose([map.x_feature, map.y_feature]);
    if (!isOf(map, this.features) && session.dataset.features > 1) return;
    this.drawn = map;
    this.grid = session.dataset.target ? map : { ...map, probabilities: sharesOf(map.probabilities, session.dataset.class_names.length) };
    this.folds = session.dataset.features < 2 || !map.z ? [] : foldsOf(map.z);
  }

  /** Ask for what is wanted and not known. */
  ask() {
    const { session, isTraining } = this.state;
    const map = shownMap(this.state);
    const { api, inspector } = this.playground;
    if (!session || !canBeMapped(session)) return;
    // The small pictures of the units are drawn from it, whether somebody looks at the large one or not.
    if (!this.isWanted && session.dataset.features !== 2) return inspector.map(null);
    if (this.isWanted && !this.areInTheBatch(session)) void this.known.ask(this.rowsKey(session), async () => ({ ...(await api.getRows(session.id)), session: session.id }));
    const wanted = this.wanted(session);
    inspector.map(wanted);
    if (!isTraining && wanted && (!map || (this.areChosen && !isOf(map, this.features)))) {
      const step = shownStep(this.state);
      void this.asking.ask([session.id, session.version, step, ...wanted].join(), () => inspector.loadMap(step));
    }
    if (this.isWanted) void this.look(session);
  }

  /** Ask for the plane of the unit that is looked at, where it is not known. @param {import("../../state.js").Session} session */
  async look(session) {
    const { lens } = this;
    if (!lens || session.dataset.features < 2 || (lens.layer === 1 && this.quantity === "z")) return;
    const [x_feature, y_feature] = this.features;
    const step = shownStep(this.state);
    const key = [session.id, session.version, step, x_feature, y_feature, nameOfUnit(lens)].join();
    if (this.state.isTraining && performance.now() < this.lookedAt + SHORTEST_PAUSE_MS) return;
    this.lookedAt = performance.now();
    await this.looking.ask(key, async () => {
      const query = { x_feature, y_feature, resolution: MAP_RESOLUTION, ...(step > session.step ? {} : { step }) };
      const { units } = await this.playground.api.getDecisionMap(session.id, query, [nameOfUnit(lens)]);
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

  /** Whether the rows shown are those of this session. @param {import("../../state.js").Session} session */
  isOf(session) {
    return this.rows?.session === session.id;
  }

  /** Rows change by edits of the data alone. @param {import("../../state.js").Session} session */
  rowsKey({ id, step }) {
    return `${id},${this.state.edits.filter((edit) => edit.step <= step && edit.patch.data).length}`;
  }
}

/** The rows of a batch as the server answers rows. @param {import("../../trace/program/trace.js").Trace} batch @param {import("../../state.js").Session} session @returns {Rows} */
function rowsOf(batch, { targets, dataset }) {
  const [x, y] = ["x", "y"].map((role) => {
    const { name } = /** @type {import("../../trace/program/program.js").Tensor} */ (batch.named(role));
    const cells = [...batch.cells(name)];
    const columns = cells.length / batch.m;
    return Array.from({ length: batch.m }, (_, row) => cells.slice(row * columns, (row + 1) * columns));
  });
  return { x, y: targets === "classes" ? y.map((row) => labelOf(row, dataset.class_names.length) ?? 0) : y };
}

/** Whether a map is of these features. @param {import("../../api/view.js").DecisionMap} map @param {number[]} features */
const isOf = (map, [x_feature, y_feature]) => map.x_feature === x_feature && map.y_feature === y_feature;

/** Where z of the first layer is zero is a straight line: its values at the four corners tell it exactly. @param {number[][][]} corners @returns {Fold[]} */
function foldsOf(corners) {
  const units = corners[0][0].length;
  if (units > MOST_FOLDS) return [];
  return Array.from({ length: units }, (_, unit) => {
    const z = corners.map((row) => row.map((cell) => cell[unit]));
    return { layer: 1, unit, segments: zeroLine(z), rise: rise(z) };
  });
}

/** Two features span a plane, of some more two can be chosen, and along a single one a number to learn can be drawn. @param {import("../../state.js").Session} session */
export const canBeMapped = ({ dataset }) => (dataset.features > 1 && dataset.features <= MOST_MAPPED) || (dataset.features === 1 && dataset.target !== null);

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
