import { kept, REACH, snapped } from "../draw/line-plot.js";

/**
 * The instrument `line`: where its handles stand, in the state's `lab.stage`, with what the promise says there.
 *
 * @typedef {import("./lab.js").Lab} Lab
 * @typedef {import("../draw/line-plot.js").Grid} Grid
 */

export class Line {
  /** @param {Pick<Lab, "now" | "show" | "scene">} lab */
  constructor(lab) {
    this.lab = lab;
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
    this.lab.show({ ...place, ...promised(this.lab.now.stage.grid, place) });
  }

  /** Another function, or another slope at the corner. @param {{f?: string, slope?: number}} choice */
  choose(choice) {
    const stage = { ...this.lab.now.stage, ...choice };
    this.lab.show({ ...choice, ...shownOn(this.lab.scene.grids, stage) });
  }
}

/**
 * A function with what its promise says. Where a function has no corner, or none whose slope is a choice, the slope that is chosen says nothing.
 * @param {import("../state.js").LabScene["grids"]} grids all that the scene can show
 * @param {any} stage f, slope, and where the handles stand
 */
export function shownOn(grids, { f, slope, x0, dx }) {
  const found = grids.find((grid) => grid.f === f && (grid.slope === null || grid.slope === slope));
  if (!found) throw new Error(`The scene has no ${f} with the slope ${slope}.`);
  const grid = { x: Float64Array.from(found.x), a: Float64Array.from(found.a), slope: Float64Array.from(found.mask) };
  return { grid, ...promised(grid, { x0, dx }) };
}

/** What the state says of a promise. @param {Grid} grid @param {any} place */
function promised(grid, place) {
  const { value, promise, error } = kept(grid, place);
  return { value, promise, error };
}
