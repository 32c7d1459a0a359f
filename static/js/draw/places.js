import { isPickedByTarget } from "../trace/program/outcome.js";
import { polyline, reversed } from "./lanes.js";

/**
 * Which spot of the drawing a cell belongs to, and the lanes between spots. The program says both.
 *
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {import("./geometry.js").Lane} Lane
 * @typedef {import("../trace/program/program.js").Program} Program
 * @typedef {{spot: NonNullable<import("../trace/program/program.js").Tensor["spot"]> | "gate", layer: number, index: number[]}} Place
 *   unit: a (or x); sum: z; output: the bar of p; gate: between z and a. edge: [i, j]. bias: [j].
 */

/**
 * The place of one cell; index without the sample axis. Null for what the drawing does not show.
 * @param {Program} program
 * @param {string} name
 * @param {number[]} index
 * @returns {Place | null}
 */
export function placeOf(program, name, index) {
  const { spot } = program.tensor(name);
  if (spot === null) return null;
  if (spot === "loss") return { spot, layer: program.depth, index: [] };
  return { spot, layer: spot === "output" ? program.depth : (program.tensor(program.root(name)).layer ?? 0), index };
}

/**
 * The way from one place to another, or null where the drawing has none.
 * @param {Geometry} geometry
 * @param {Place} from
 * @param {Place} to
 * @param {(unit: number) => boolean} isTrueClass
 * @returns {Lane | null}
 */
export function laneBetween(geometry, from, to, isTrueClass) {
  const way = laneToward(geometry, from, to, isTrueClass);
  if (way) return way;
  const back = laneToward(geometry, to, from, isTrueClass);
  return back && reversed(back);
}

/**
 * Lanes in the direction of the loss.
 * @param {Geometry} g
 * @param {Place} from
 * @param {Place} to
 * @param {(unit: number) => boolean} isTrueClass
 * @returns {Lane | null}
 */
function laneToward(g, from, to, isTrueClass) {
  const [i, j] = [from.index[0], to.index[0]];
  if (from.spot === "unit" && to.spot === "sum" && to.layer === from.layer + 1) return g.edgeLane(to.layer, i, j);
  if (from.spot === "sum" && (to.spot === "unit" || to.spot === "output") && from.layer === to.layer && i === j) return g.throughLane(to.layer, j);
  const isOutput = from.spot === "output" || (from.spot === "sum" && from.layer === g.program.depth);
  if (isOutput && to.spot === "loss" && (isTrueClass(i) || !isPickedByTarget(g.program))) return polyline(g.lossWay(i));
  // The gap beside a bar becomes the gradient of the output.
  if (from.spot === "output" && to.spot === "output" && i === j) return g.gapLane(i);
  // A gradient of z drops onto the edge that it passes, and onto its bias.
  if (from.spot === "edge" && to.spot === "sum" && from.layer === to.layer && from.index[1] === j) return g.dropLane(to.layer, from.index[0], j);
  if (from.spot === "bias" && to.spot === "sum" && from.layer === to.layer && i === j) return g.biasLane(to.layer, j);
  return null;
}
