import { number } from "../../core/format.js";
import { currentLanguage } from "../../core/i18n.js";
import { currentNotation } from "../../core/notation.js";
import { currentTheme } from "../../core/theme.js";
import { Geometry } from "../../draw/geometry.js";
import { withSample } from "../../draw/packets.js";
import { targetOf } from "../../trace/program/measured.js";
import { classOfOutput, isPickedByTarget, labelOf } from "../../trace/program/outcome.js";
import { hasArrived, isConcealed, isKnown } from "../../trace/program/reveal.js";

/**
 * @typedef {{geometry: Geometry, scale: number}} Layout
 * @typedef {{value: number, isGradient: boolean}} EdgeValue
 * @typedef {(state: State, program: import("../../trace/program/program.js").Program, width: number, height: number) => Layout} Measure
 * @typedef {Layout & {key: string, by: Measure}} Measured
 */

/** How much larger the numbers of a small drawing are on a projector, and the lowest units that can hold them, in px. */
const MOST_GROWN = 1.6;
const LEAST_RADIUS = 8.5;
/** Edges with less between their columns, in px of the drawing, run through each other's numbers. */
const CLEAR_GAP = 100;
/** A lower unit has no room for its name below a tab. */
const LEAST_NAMED = 12;

/** A smaller gap beside a bar could not be seen. */
const LEAST_GAP = 1e-4;

/** The last measures of each program: only a change of size or theme makes others. @type {WeakMap<import("../../trace/program/program.js").Program, Measured>} */
const measures = new WeakMap();

/** @param {State} state @param {import("../../trace/program/program.js").Program} program @param {number} width @param {number} height @param {Measure} by @returns {Measured} */
function measured(state, program, width, height, by) {
  const key = [width, height, currentTheme(), state.isPresenting, state.session?.id].join();
  let found = measures.get(program);
  if (found?.key !== key || found.by !== by) measures.set(program, (found = { key, by, ...by(state, program, width, height) }));
  return found;
}

/** A smaller stage is no wall in front of a class; a chain of single units is low. */
const WALL = { width: 820, height: 460, ofAChain: 200 };

/** Whether numbers are read from the last row. @param {Pick<State, "isPresenting">} state @param {number} width @param {number} height @param {number} [least] */
export const isOnAWall = ({ isPresenting }, width, height, least = WALL.height) => isPresenting && width >= WALL.width && height >= least;

/** Columns side by side. @type {Measure} */
function measureColumns(state, program, width, height) {
  const isAChain = Object.values(program.sizes).every((units) => units === 1);
  const isPresenting = isOnAWall(state, width, height, isAChain ? WALL.ofAChain : WALL.height);
  const [wide, high] = isPresenting ? [640, isAChain ? 150 : Math.min(416, Math.max(330, height / 2))] : currentTheme() === "projector" ? [760, 416] : [980, 580];
  const plain = new Geometry(program, width, height, isPresenting);
  for (let scale = Math.min(isPresenting ? 3 : 2, width / wide, height / high); scale > 1; scale -= 0.05) {
    const geometry = new Geometry(program, width / scale, height / scale, isPresenting);
    // In front of a class numbers count for more than names and words.
    if ((isPresenting || (geometry.detail === "full" && geometry.isLossBelow === plain.isLossBelow && geometry.hasNumbers === plain.hasNumbers)) && !geometry.isTight && !(isAChain && geometry.isLossBelow)) return { geometry, scale };
  }
  // On a projector small numbers grow too, as long as none of them gets lost.
  for (let scale = currentTheme() === "projector" ? MOST_GROWN : 1; scale > 1; scale -= 0.05) {
    const geometry = new Geometry(program, width / scale, height / scale, isPresenting);
    if (showsAsMuch(geometry, plain) && geometry.width * scale <= Math.max(plain.width, width + 1) && geometry.height * scale <= height + 1) return { geometry, scale };
  }
  return { geometry: plain, scale: 1 };
}

/** Whether one drawing shows all that another one does, and numbers on edges as clearly. @param {Geometry} one @param {Geometry} other */
const showsAsMuch = (one, other) =>
  one.detail === other.detail && one.isTight === other.isTight && one.hasClassLines === other.hasClassLines && one.isLossBelow === other.isLossBelow && one.hasNumbers === other.hasNumbers &&
  (!other.hasNumbers || one.gap >= Math.min(other.gap, CLEAR_GAP)) && one.r >= LEAST_RADIUS;

/**
 * What the drawing shows now: one trace, one row of it, and what of it is known.
 *
 * @typedef {import("../../state.js").State} State
 * @typedef {import("../../trace/program/trace.js").Trace} Trace
 */
export class Scene {
  /**
   * @param {State} state
   * @param {number} width
   * @param {number} height
   * @param {Measure} [measure] the layout
   */
  constructor(state, width, height, measure = measureColumns) {
    this.state = state;
    /** Room on the page; the drawing may be wider. */
    this.room = { width, height };
    this.batch = /** @type {Trace} */ (state.batch);
    this.program = this.batch.program;
    this.timeline = /** @type {import("../../trace/program/timeline.js").Timeline} */ (state.timeline);
    this.operation = this.timeline.operations[state.operation];
    /** What tells which numbers are there, asked for each of them. */
    this.place = { operation: state.operation, arrived: state.arrived, hidden: state.hidden, lab: state.lab };
    this.isLive = state.live !== null;
    /** @type {"sample" | "batch" | "live"} */
    this.scope = this.isLive ? "live" : this.operation.scope;
    const sample = state.samples.get(state.sample) ?? [...state.samples.values()][0];
    /** Trace of the current sample; while training runs, its row of the batch. */
    this.trace = state.live ?? sample;
    this.row = state.live ? Math.min(state.sample, state.live.m - 1) : 0;
    const { geometry, scale } = measured(state, this.program, width, height, measure);
    this.geometry = geometry;
    /** How much larger than its own px the drawing is shown: on a large stage, and more so for a projector. */
    this.scale = scale;
    /** Whether it is scrolled sideways: deeper than the stage is wide. */
    this.isWider = geometry.width * scale > width + 1;
    /** Whether it is scrolled up and down: rows would be too low to read. */
    this.isTaller = geometry.height * scale > height + 1;
    this.depth = this.program.depth;
    this.isAtRest = !state.isPlaying && state.operation === 0;
    /** What everything that stands depends on beside its own numbers: with these and those the same, it is left alone. */
    this.look = [this.geometry, this.program, this.scope, currentLanguage(), currentNotation(), state.session?.dataset, this.hasBiases];
  }

  /**
   * The value of a cell of the current sample, or null while it is not computed. Parameters are always known.
   * @param {string | undefined} name
   * @param {number[]} index without the sample axis
   * @returns {number | null}
   */
  value(name, index) {
    if (!name) return null;
    const tensor = this.program.tensor(name);
    const isParameter = tensor.role === "W" || tensor.role === "b" || tensor.role === "y";
    if (!isParameter && !this.isLive && !isKnown(this.timeline, this.place, "sample", name, index)) return null;
    if (this.isLive && tensor.role.startsWith("d")) return null;
    return this.trace.at(name, withSample(this.trace, name, index, this.row));
  }

  /** Whether all cells of a unit of a tensor are known. @param {"sample" | "batch"} scope @param {string} name @param {number} unit */
  isKnownIn(scope, name, unit) {
    return isKnown(this.timeline, this.place, scope, name, [unit]);
  }

  /** Whether nobody sees a cell of what is on show yet: it is asked for. @param {string} name @param {number[]} index without the sample axis */
  isConcealed(name, index) {
    return isConcealed(this.timeline, this.place, this.operation.scope, name, index);
  }

  /** What a cell of the current sample was before the last change by hand, where that changed it. @param {string} name @param {number[]} index */
  ghost(name, index) {
    const ghost = this.state.ghost?.get(this.state.sample);
    if (!ghost || this.scope !== "sample" || !ghost.program.byName.has(name)) return null;
    const before = ghost.at(name, withSample(ghost, name, index));
    const now = this.value(name, index);
    // The long way comes to the same numbers up to rounding.
    return now !== null && number(before) === number(now) ? null : before;
  }

  /** The value of a role in a layer. @param {string} role @param {number | null} layer @param {number[]} index */
  role(role, layer, index) {
    return this.value(this.program.named(role, layer)?.name, index);
  }

  /** A number of the batch (a mean gradient, a next weight), or null while it is not computed. @param {string} name @param {number[]} index */
  batchValue(name, index) {
    return isKnown(this.timeline, this.place, "batch", name, index) ? this.batch.at(name, index) : null;
  }

  /** A parameter as it stands now: after its update the next value. @param {string} name @param {number[]} index */
  parameter(name, index) {
    if (this.isLive) return this.trace.at(name, index);
    return this.batchValue(`${name}_next`, index) ?? this.batch.at(name, index);
  }

  /** Whether biases have tabs. In the phases of the batch a low unit has no number of its own: it stands for its bias, as it does where there are none. */
  get hasTabs() {
    return this.geometry.hasTabs && (this.scope !== "batch" || this.geometry.r >= LEAST_NAMED);
  }

  /** Whether a row has room for its bias and the words of its gate: large numbers leave none beside gradients, unless the bias is in play, or a parameter is to be nudged. */
  get hasBiases() {
    const { of } = this.program.tensor(this.operation.output);
    const inPlay = of === null ? "" : this.program.tensor(of).role;
    return !this.geometry.isLarge || this.operation.segment !== "backward" || inPlay === "b" || (inPlay === "W" && this.state.isNudging);
  }

  /** Whether the gradient of the current sample has come to the gate of a unit, and has stopped there. @param {number} layer @param {number} unit */
  hasStopped(layer, unit) {
    if (this.scope !== "sample" || this.operation.segment !== "backward" || !this.program.hasGate(layer)) return false;
    if (this.role("dz", layer, [unit]) !== 0 || this.role("mask", layer, [unit]) !== 0) return false;
    const arrived = this.role("da", layer, [unit]);
    // One that is kept back stops nowhere: the mark would tell it.
    return arrived !== null && arrived !== 0;
  }

  /** The classes of the data, by label; none where the targets are numbers. @returns {string[]} */
  get classNames() {
    return this.state.session?.dataset?.class_names ?? [];
  }

  /** The number that a regression learns, with its scale; null where classes are learned. */
  get target() {
    return targetOf(this.state);
  }

  /** The class of the current sample; null where its targets are numbers. */
  get label() {
    const targets = Array.from({ length: this.program.units(this.depth) }, (_, unit) => this.role("y", null, [unit]) ?? 0);
    return labelOf(targets, this.classNames.length);
  }

  /** Whether the target of the current sample is the class of this output. @param {number} unit */
  isTrueClass(unit) {
    return this.label !== null && this.classOf(unit) === this.label;
  }

  /** The class that an output stands for, or null. @param {number} unit */
  classOf(unit) {
    return classOfOutput(unit, this.program.units(this.depth), this.classNames.length);
  }

  /** Outputs that the loss reads: of probabilities that compete, the one of the true class alone. */
  get readByTheLoss() {
    const outputs = Array.from({ length: this.program.units(this.depth) }, (_, unit) => unit);
    return isPickedByTarget(this.program) ? outputs.filter((unit) => this.isTrueClass(unit)) : outputs;
  }

  /** How far an output is from its target: where the loss takes the difference it is that, else the gradient of z. @param {number} unit */
  gap(unit) {
    return this.program.named("error") ? this.role("error", null, [unit]) : this.role("dz", this.depth, [unit]);
  }

  /** Whether the gap of an output is large enough to be drawn. @param {number} unit */
  hasGap(unit) {
    return Math.abs(this.gap(unit) ?? 0) >= LEAST_GAP;
  }

  /**
   * What the edges of a layer stand for now: their weights, or in the backward pass and the mean their gradients, once
   * these have come and while no packet needs the weights. Where a gradient is kept back, its weight stays.
   * @param {number} layer @param {string} name of the weights
   * @returns {{isGradient: boolean, at: (index: number[]) => EdgeValue}} isGradient: whether they are gradients, those kept back excepted
   */
  edgeValues(layer, name) {
    const { segment, inputs } = this.operation;
    const gradient = `d${name}`;
    const isBatch = this.scope === "batch";
    const scope = isBatch ? "batch" : "sample";
    const isGradient = !this.isLive && (segment === "backward" || segment === "average") && !inputs.includes(name) && hasArrived(this.timeline, this.place, scope, gradient, this.program.units(layer) - 1);
    const values = isBatch ? this.batch : this.trace;
    return {
      isGradient,
      at: (index) => (isGradient && !this.isConcealed(gradient, index) ? { value: values.at(gradient, index), isGradient } : { value: this.parameter(name, index), isGradient: false }),
    };
  }

  /** Whether the operation in play reads or writes this tensor, or makes its gradient or next value. @param {string} name */
  isInPlay(name) {
    const { output, inputs } = this.operation;
    const outputs = [output, this.program.root(output)];
    return !this.isLive && (outputs.includes(name) || inputs.includes(name) || this.operation.nodes.some((node) => node.output === name));
  }
}
