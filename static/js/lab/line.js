import { kept, places, REACH, snapped } from "../draw/line-plot.js";

/**
 * The instrument `line`: where its handles stand, in the state's `lab.stage`, with what the promise says there.
 *
 * @typedef {import("./lab.js").Lab} Lab
 * @typedef {import("../draw/line-plot.js").Grid} Grid
 */

/** Functions whose slope at the corner is a choice. */
const WITH_A_CHOICE = ["relu", "max_eps"];

/** The network whose hidden unit is the function of its input, its rows the grid. @param {string} f @param {number} slope */
export const requestOf = (f, slope) => ({
  model: {
    inputs: 1,
    hidden: [{ units: 1, activation: f, ...(WITH_A_CHOICE.includes(f) ? { derivative_at_zero: slope } : {}) }],
    output: { units: 1, activation: "identity" },
    loss: "half_squared_error",
  },
  parameters: { W1: [[1]], b1: [0], W2: [[1]], b2: [0] },
  batch: { x: places().map((x) => [x]), y: places().map(() => 0) },
});

/** @param {import("../trace/trace.js").Trace} trace @returns {Grid} */
export const gridOf = (trace) => {
  const [x, a, slope] = ["x", "a1", "mask1"].map((name) => Float64Array.from(trace.cells(name)));
  return { x, a, slope };
};

export class Line {
  /** @param {Pick<Lab, "now" | "show" | "playground">} lab */
  constructor(lab) {
    this.lab = lab;
    /** Each function is asked for once. @type {Map<string, Promise<Grid>>} */
    this.grids = new Map();
    /** Everything that was chosen in this scene is on show. @type {Promise<unknown>} */
    this.last = Promise.resolve();
    /** The scene that choices are made in. @type {object} */
    this.scene = {};
  }

  /** Put the promise at a place of the grid; the step away from it stays, as far as there is room. @param {number} x */
  stand(x) {
    const { dx } = this.lab.now.stage;
    const x0 = snapped(x);
    this.put({ x0, dx: snapped(x0 + dx) - x0 });
  }

  /** Go so far away from it. @param {number} dx */
  step(dx) {
    const { x0 } = this.lab.now.stage;
    this.put({ x0, dx: snapped(x0 + Math.min(2 * REACH, Math.max(-2 * REACH, dx))) - x0 });
  }

  /** @param {{x0: number, dx: number}} place */
  put(place) {
    const { grid } = this.lab.now.stage;
    if (grid) this.lab.show({ ...place, ...promised(grid, place) });
  }

  /**
   * Another function, or another slope at the corner: each is shown, also where the next one is pressed before it is there.
   * @param {{f?: string, slope?: number}} [choice]
   */
  choose(choice = {}) {
    const { scene } = this;
    const chosen = this.last.then(() => (scene === this.scene ? this.lab.playground.attempt(() => this.have(choice)) : false));
    this.last = chosen;
    return chosen;
  }

  /** @param {{f?: string, slope?: number}} choice */
  async have(choice) {
    const { scene } = this;
    const { f, slope } = /** @type {{f: string, slope: number}} */ ({ ...this.lab.now.stage, ...choice });
    const grid = await this.grid(f, slope);
    if (scene === this.scene) this.lab.show({ f, slope, grid, ...promised(grid, this.lab.now.stage) });
  }

  /** What is still on its way is for another scene. */
  forget() {
    this.scene = {};
    this.last = Promise.resolve();
  }

  /** @param {string} f @param {number} slope @returns {Promise<Grid>} */
  grid(f, slope) {
    const request = requestOf(f, slope);
    const key = JSON.stringify(request.model);
    let grid = this.grids.get(key);
    if (!grid) {
      const { api, model } = this.lab.playground;
      grid = api.traceFrame(request).then((buffer) => model.frame(buffer)).then(gridOf);
      this.grids.set(key, grid);
      // What could not be had now may be had later.
      grid.catch(() => this.grids.delete(key));
    }
    return grid;
  }
}

/** What the state says of a promise. @param {Grid} grid @param {any} place */
function promised(grid, place) {
  const { value, promise, error } = kept(grid, place);
  return { value, promise, error };
}
