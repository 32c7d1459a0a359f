import { areProbabilities, isPickedByTarget } from "../trace/program/outcome.js";
import { straight } from "./lanes.js";
import {
  MARGINS, UNDER_TITLES, REACH, LARGEST_GATE, ROUND_GATE, CROSS, CROSS_PART, BRACKET, GATE_WORDS, STOP_WORDS,
  AFTER_STOP, RING, NAMED, MORE_LINES, LOSS_LINES, TAB, LEAST_SIDE, ASIDE, LEAST_PITCH, NAMED_PITCH, MAX_PITCH,
  MIN_GAP, PINCHED_GAP, NUMBERED_GAP, LEAST_FULL, FULL_WIDTH, GOOD_GAP, WIDE_GAP, LEGIBLE, LEAST_TIGHT, SMALL, LOW_ROOM, LABEL, LABELLED,
  NAMED_BAR, UNDER_Z, OVER_Z, NEXT, UNDER_GRADIENT, LABELLED_BAR, ROOMY_BAR, LABEL_ABOVE, BESIDE_BOX,
} from "./sizes.js";

/**
 * Where everything stands in the drawing: pure numbers from a program and a size in px.
 *
 * A *place* is a spot with a name: "n0:i" input i, "z1:j" and "a1:j" the circles of layer 1, "g1:j" the gate between
 * them, "p:k" the bar of class k, "loss", "W1:i,j" an edge, "b1:j" a bias tab. A *lane* is the way between two places.
 *
 * @typedef {import("../trace/program/program.js").Program} Program
 * @typedef {import("./lanes.js").Point} Point
 * @typedef {import("./lanes.js").Lane} Lane
 * @typedef {{half: number, corner: number, dot: number, reach: number, cross: {x: number, size: number}, lanes: {before: number, after: number} | null,
 *   hasPlot: boolean, words: number | null, stop: number | null}} GateBox half of its size, of its dot and of what can be hit; lanes: how far from z and a they end; words: how far
 *   below it; stop: how far below its middle the words for a gradient that has stopped stand, where units leave room for them
 * @typedef {{x: number, y: number, width: number, height: number, round: number}} Box its middle, half of its size, its corners
 */

/** Wider than this many units a layer, a network gets the layout of rows. */
export const MAX_UNITS_DRAWN = 16;

/** @param {Program} program */
export const isWide = (program) => Object.values(program.sizes).some((size) => size > MAX_UNITS_DRAWN);

export class Geometry {
  /**
   * @param {Program} program
   * @param {number} width
   * @param {number} height
   * @param {boolean} [isForClass] numbers that are read from the last row: units wide enough for them, and rows that do
   *   not hold a bias and a gradient at the same time
   */
  constructor(program, width, height, isForClass = false) {
    this.program = program;
    this.width = width;
    /** More dots than this are thinned out: of each unit only the largest travel. */
    this.mostPackets = Infinity;
    const depth = program.depth;
    const most = Math.max(...Object.values(program.sizes));
    this.height = height = Math.max(height, MARGINS.tiny.top + MARGINS.tiny.bottom + most * LEAST_PITCH);
    const pitchIn = (/** @type {keyof typeof MARGINS} */ detail) => Math.min(MAX_PITCH, (height - MARGINS[detail].top - MARGINS[detail].bottom) / most);
    /** Whether it is a row for every unit, with weights as pictures: see RowsGeometry. */
    this.isInRows = false;
    // Before a class a chain of layers has no room for words beside numbers of their size.
    const hasWords = !(isForClass && most === 1 && depth > 1);
    /** "full" has names and words, "compact" numbers only, "tiny" no labels under its units. @type {"full" | "compact" | "tiny"} */
    this.detail = hasWords && pitchIn("full") >= 120 && width >= FULL_WIDTH * depth ? "full" : pitchIn("compact") >= 48 ? "compact" : "tiny";
    const pitch = pitchIn(this.detail);
    this.margins = { ...MARGINS[this.detail], under: UNDER_TITLES, ring: RING[this.detail] };
    const { top, bottom } = this.margins;
    const room = height - top - bottom;
    /** Whether its numbers are larger than its details have room for. */
    this.isLarge = isForClass && this.detail !== "full";
    /** Whether every unit has its name above it. */
    this.hasNames = this.detail === "full" || (this.detail === "compact" && pitch >= NAMED_PITCH && !this.isLarge);
    if (this.hasNames && this.detail === "compact") this.margins.above = NAMED;
    /** Whether biases have tabs with their numbers; else they are tints, and units show one number at a time. */
    this.hasTabs = this.detail !== "tiny";
    /** What the gap and its number take to the right of a bar. */
    this.bracketRoom = this.isLarge ? 108 : 84;
    this.bar = { width: this.detail === "full" ? 24 : 18, height: 0, round: { back: 4, level: 3 }, over: 5 };
    // A loss that reads all outputs has a longer formula.
    this.loss = { width: isPickedByTarget(program) ? 92 : 104, height: 60, lines: LOSS_LINES };
    const hasLastGate = program.hasGate(depth);
    /** Half the height of a unit: as large as its row allows, and as small as the width demands. */
    const own = { full: pitch * 0.22, compact: Math.min(pitch * 0.26, (pitch - (this.hasNames ? 50 : 32)) / 2), tiny: this.isLarge ? (pitch - 6) / 2 : Math.min(17, pitch * 0.36, (pitch - 2) / 2) };
    this.r = Math.max(7, Math.min(34, own[this.detail]));
    /** By how much gates are larger than their units ask for. */
    this.grown = 0;
    /** Whether words beside the gates must give way to the width. */
    this.isTight = false;
    /** Whether the gap beside a bar has its number there; else that stands under z, where it is the gradient. */
    this.hasGapNumbers = true;
    let { fixed, step, barGap } = this.measures(this.r);
    const gapWith = (/** @type {number} */ taken) => (width - 24 - taken) / depth;
    // The slope of an output's gate needs its room beside the bar more.
    while (this.detail === "full" && !hasLastGate && this.r > LEAST_FULL && gapWith(fixed) < NUMBERED_GAP.full) {
      this.r = Math.max(LEAST_FULL, this.r - 1);
      ({ fixed, step, barGap } = this.measures(this.r));
    }
    const leastGap = () => (this.hasGapNumbers || this.r <= LEGIBLE ? MIN_GAP : GOOD_GAP);
    const least = Math.min(this.r, LEAST_TIGHT);
    while ((this.r > least || !this.isTight) && gapWith(fixed) < leastGap()) {
      this.isTight = true;
      if (this.r > least) this.r--;
      this.hasGapNumbers = !program.isShortened || this.detail === "tiny" || (room - this.loss.height - 16) / program.units(depth) < 2 * this.r + 64;
      this.bracketRoom = this.hasGapNumbers ? 60 : 32;
      ({ fixed, step, barGap } = this.measures(this.r));
    }
    /** Half the width of a unit: a circle, or where that is too small for a number a pill. */
    this.w = this.measures(this.r).w;
    this.gate = this.measures(this.r).gate;
    // On a low stage the outputs need the height more than the edges the width.
    this.isLossBelow = (width - 56 - fixed - this.loss.width - 16) / depth < (room < LOW_ROOM ? GOOD_GAP : WIDE_GAP);
    /** Where the drawing says whether the loss is from before the update: in its box, where no number comes in its way, or before it. @type {"inside" | "beside"} */
    this.whenIs = "inside";
    if (room >= LOW_ROOM) this.loss.height += MORE_LINES;
    // What edges and rows leave, gates without words take: their plots and pictures are to be read.
    const spare = ((width - (this.isLossBelow ? 24 : 72 + this.loss.width) - fixed) / depth - WIDE_GAP) * (depth / Math.max(1, depth - 1 + Number(hasLastGate)));
    this.grown = this.detail === "full" ? 0 : Math.max(0, Math.min(LARGEST_GATE - this.gate, pitch - this.margins.words - ROUND_GATE - this.gate, spare));
    ({ gate: this.gate, fixed, step, barGap } = this.measures(this.r));
    const side = this.isLossBelow ? 12 : 28;
    const beside = this.isLossBelow ? 0 : this.loss.width + 16;
    // Columns from the input to the loss: fixed parts, and the gaps of the edges share what is left.
    const gapBeside = (/** @type {number} */ air) => (width - 2 * air - fixed - beside) / depth;
    const gap = (this.gap = Math.min(300, Math.max(gapBeside(LEAST_SIDE) < PINCHED_GAP ? MIN_GAP : Math.min(MIN_GAP, gapBeside(LEAST_SIDE)), gapBeside(side))));
    /** Whether the edges have room for numbers. */
    this.hasNumbers = gap >= NUMBERED_GAP[this.detail];
    const used = fixed + beside + gap * depth;
    // Deeper than the screen is wide: the drawing keeps its sizes and is scrolled.
    if (used + 2 * LEAST_SIDE > width) this.width = width = used + 2 * side;
    // The words below the first column are wider than its units; on the other side there is air.
    let x = (width - used) / 2 + this.w + (this.detail === "full" && this.isLossBelow && !hasLastGate ? ASIDE : 0);
    /** Centres of the columns: input, then {z, g, a} of each layer (z and p at the last). */
    this.columns = [{ z: x, g: x, a: x }];
    for (let layer = 1; layer <= depth; layer++) {
      x += this.w + gap + this.w;
      if (layer < depth) {
        this.columns.push({ z: x, g: x + step, a: x + 2 * step });
        x += 2 * step;
      } else {
        this.columns.push({ z: x, g: hasLastGate ? x + step : x, a: x + barGap });
        x += barGap;
      }
    }
    this.lossCentre = this.isLossBelow
      ? { x: x - 10, y: height - bottom - this.loss.height / 2 }
      : { x: x + this.bar.width / 2 + this.bracketRoom + 16 + this.loss.width / 2 - 8, y: top + room / 2 };
    /** What is free before the box of the loss. */
    this.leftOfLoss = 0;
    const outputRoom = this.isLossBelow ? room - this.loss.height - 16 : room;
    const outputPitch = Math.min(MAX_PITCH, outputRoom / program.units(depth));
    /** Whether a bar has the name of its class below it; else that stands in the one label above. */
    this.hasClassLines = outputPitch >= LABELLED_BAR && (this.hasGapNumbers || outputPitch >= 2 * this.r + UNDER_Z + OVER_Z + NEXT);
    const lift = this.hasClassLines ? 0 : LABEL_ABOVE;
    this.rows = Array.from({ length: depth + 1 }, (_, layer) => {
      const units = program.units(layer);
      // A chain stays straight.
      const isLikeOutputs = layer === depth || most === 1;
      const own = isLikeOutputs ? outputRoom - lift : room;
      const apart = Math.min(MAX_PITCH, own / units);
      const middle = Math.min(room / 2, own - (units * apart) / 2);
      return Array.from({ length: units }, (_, unit) => top + (isLikeOutputs ? lift : 0) + middle + (unit - (units - 1) / 2) * apart);
    });
    const underGradient = this.hasGapNumbers || this.hasClassLines ? Infinity : 2 * (outputPitch - this.r - this.margins.below - UNDER_GRADIENT);
    this.bar.height = Math.max(this.hasClassLines ? 16 : 8, Math.min(underGradient, 2 * this.r + 44, outputPitch - (!this.hasClassLines ? LABELLED : program.isShortened || this.detail === "tiny" ? NAMED_BAR : 92)));
  }

  /**
   * Widths that follow from half the height of a unit.
   * @param {number} r
   * @returns {{w: number, gate: number, step: number, barGap: number, fixed: number}}
   */
  measures(r) {
    const { detail, program } = this;
    const w = Math.max(r, this.isLarge ? 34 : this.isTight ? (detail === "tiny" ? 23 : 21) : 27);
    const gate = Math.max(16, Math.min(LARGEST_GATE, 1.45 * r)) + this.grown;
    const step = w + gate / 2 + (this.hasGapNumbers ? Math.max(9, r * (detail === "full" ? 1.25 : 0.6)) : 7);
    const barGap = program.hasGate(program.depth) ? 2 * step - w + this.bar.width / 2 : w + (detail === "full" ? Math.max(56, r * 2) : this.isLarge ? 56 : this.hasGapNumbers ? 34 : 26);
    const fixed = 2 * w + (program.depth - 1) * (2 * step + 2 * w) + w + barGap + this.bracketRoom + this.bar.width / 2;
    return { w, gate, step, barGap, fixed };
  }

  /** Where the name of a layer stands. @param {number} layer @returns {Point} */
  titleAt(layer) {
    const { z, a } = this.columns[layer];
    return { x: layer === 0 ? z : (z + a) / 2, y: this.margins.title };
  }

  /** What stands below the name of a layer: where each letter is, by the role of what is drawn under it. @param {number} layer @returns {(Point & {role: string, digits?: number})[]} digits: over its numbers */
  lettersAt(layer) {
    const { z, a } = this.columns[layer];
    return this.hasNames || layer === 0 ? [] : [{ role: "z", x: z, y: this.margins.subtitle }, { role: "a", x: a, y: this.margins.subtitle }];
  }

  /** What it is for the style sheets. */
  get looks() {
    return `drawing ${this.detail} ${this.r > 24 ? "roomy" : ""} ${this.isLarge ? "large" : ""}`;
  }

  /** @param {number} layer @param {number} unit */
  z(layer, unit) {
    return { x: this.columns[layer].z, y: this.rows[layer][unit] };
  }

  /** The circle of a (of x in layer 0), or the bar of p. @param {number} layer @param {number} unit */
  a(layer, unit) {
    return { x: this.columns[layer].a, y: this.rows[layer][unit] };
  }

  /** From the middle of a bar up to its name and down to its class: out of the way of what stands around z. */
  get barLabels() {
    const half = this.bar.height / 2;
    // Where the last layer has an activation of its own, the tab on its z comes close to the bar.
    const [first, second = Infinity] = this.rows[this.program.depth];
    const overTab = this.detail === "compact" && !this.program.isShortened && second - first >= ROOMY_BAR ? this.r + 20 : 0;
    // Between the ticks of two bars, where no line of a class stands below the first one.
    const above = half + (this.hasClassLines ? 10 : 12);
    return this.hasGapNumbers ? { above: Math.max(above, overTab), below: half + 19 } : { above: Math.max(above, this.r + OVER_Z), below: Math.max(half + 19, this.r + UNDER_Z) };
  }

  /** From the middle of a bar to where labels end that have no room to be centred. */
  get endOfLabels() {
    return this.bar.width / 2 + this.bracketRoom - 10;
  }

  /** Whether an output has room for its gradient below its z: over the next z, and over the label of the next bar. */
  get hasGradientsOfOutputs() {
    const [first, second = Infinity] = this.rows[this.program.depth];
    const over = Math.max(this.r + (this.hasNames ? this.margins.above : 0), this.barLabels.above + LABEL);
    return this.detail === "full" || (!this.isLarge && second - first >= this.r + this.margins.below + over);
  }

  /** How high a part of the scale of a bar is, from 0 to 1. @param {number} unit @param {number} part */
  barLevel(unit, part) {
    return this.rows[this.program.depth][unit] + this.bar.height * (0.5 - part);
  }

  /** Of a bar what lies between two parts of its scale. @param {number} unit @param {number} from @param {number} to */
  barRect(unit, from, to) {
    const { width, height } = this.bar;
    return { x: this.columns[this.program.depth].a - width / 2, y: this.barLevel(unit, Math.max(from, to)), width, height: Math.abs(from - to) * height };
  }

  /** A line across a bar, and a little over it. @param {number} unit @param {number} part @param {number} over */
  barTick(unit, part, over) {
    const [{ a }, y] = [this.columns[this.program.depth], this.barLevel(unit, part)];
    return { x1: a - this.bar.width / 2 - over, x2: a + this.bar.width / 2 + over, y1: y, y2: y };
  }

  /** The bracket of the gap between two parts of its scale, beside a bar. @param {number} unit @param {number} from @param {number} to */
  gapPath(unit, from, to) {
    return `M${this.columns[this.program.depth].a + this.bar.width / 2 + BRACKET} ${this.barLevel(unit, from)}h${BRACKET}V${this.barLevel(unit, to)}h${-BRACKET}`;
  }

  /** @param {number} layer @param {number} unit */
  gateCentre(layer, unit) {
    return { x: this.columns[layer].g, y: this.rows[layer][unit] };
  }

  /** What a gate of a layer can hold. @param {number} layer @returns {GateBox} */
  gateBox(layer) {
    const half = this.gate / 2;
    const cross = Math.min(CROSS, half * CROSS_PART);
    const { g, a } = this.columns[layer];
    // It covers no number of what stands behind the gate.
    const behind = a - g - half - (layer < this.program.depth ? this.w : this.bar.width / 2);
    return {
      half,
      corner: Math.min(9, half / 2),
      dot: this.detail === "full" ? 4.5 : 3,
      reach: Math.max(half, REACH),
      cross: { x: half - Math.max(0, cross + 2 - behind), size: cross },
      lanes: { before: this.w, after: layer < this.program.depth ? this.w : this.bar.width / 2 },
      hasPlot: true,
      // Beside an output stand the words of its bar.
      stop: this.detail === "full" && layer < this.program.depth && this.isFreeBelow(layer, this.r + STOP_WORDS + AFTER_STOP) ? this.r + STOP_WORDS : null,
      words: this.detail === "full" || (this.detail === "compact" && !this.isTight) ? GATE_WORDS[this.detail] : null,
    };
  }

  /** Whether the units of the next row, with their names, begin no less far down. @param {number} layer @param {number} down from the middle of a row */
  isFreeBelow(layer, down) {
    const [first, second = Infinity] = this.rows[layer];
    return second - first - this.r - this.margins.above >= down;
  }

  /** Where a bias stands: on the top of its circle. @param {number} layer @param {number} unit */
  bias(layer, unit) {
    const { x, y } = this.z(layer, unit);
    return { x, y: y - this.r - (this.isLarge || this.r <= SMALL ? 5 : 0) };
  }

  /**
   * Where a cell is drawn: its middle, half of its size, its corners.
   * @param {import("./places.js").Place} place an edge has none
   * @returns {Box}
   */
  boxOf({ spot, layer, index: [unit] }) {
    const { w, r, bar } = this;
    const circle = { width: w, height: r, round: r };
    if (spot === "output") return { ...this.a(layer, unit), width: bar.width / 2, height: bar.height / 2, round: 4 };
    if (spot === "sum") return { ...this.z(layer, unit), ...circle };
    if (spot === "gate") return { ...this.gateCentre(layer, unit), width: this.gate / 2, height: this.gate / 2, round: 8 };
    if (spot === "loss") return { ...this.lossCentre, width: this.loss.width / 2, height: this.loss.height / 2, round: 10 };
    if (spot !== "bias") return { ...this.a(layer, unit), ...circle };
    const { x, y } = this.bias(layer, unit);
    return { x, y: y - 2, width: w, height: TAB, round: TAB };
  }

  /**
   * The edge from unit i of the layer above to unit j, as a cubic curve from port to port.
   * @param {number} layer @param {number} i @param {number} j
   */
  edge(layer, i, j) {
    const from = this.a(layer - 1, i);
    const to = this.z(layer, j);
    const spread = (/** @type {number} */ unit, /** @type {number} */ units) =>
      units > 1 ? (unit / (units - 1) - 0.5) * Math.min(1.1 * this.r, 11 * (units - 1)) : 0;
    const start = { x: from.x + this.w, y: from.y + spread(j, this.rows[layer].length) };
    const end = { x: to.x - this.w, y: to.y + spread(i, this.rows[layer - 1].length) };
    const reach = (end.x - start.x) * 0.42;
    return { start, c1: { x: start.x + reach, y: start.y }, c2: { x: end.x - reach, y: end.y }, end };
  }

  /** SVG path data of an edge. @param {number} layer @param {number} i @param {number} j */
  edgePath(layer, i, j) {
    const { start, c1, c2, end } = this.edge(layer, i, j);
    return `M${start.x} ${start.y}C${c1.x} ${c1.y} ${c2.x} ${c2.y} ${end.x} ${end.y}`;
  }

  /**
   * @param {number} layer @param {number} i @param {number} j
   * @returns {Lane}
   */
  edgeLane(layer, i, j) {
    const { start, c1, c2, end } = this.edge(layer, i, j);
    return (t) => {
      const s = 1 - t;
      const [k0, k1, k2, k3] = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
      return {
        x: k0 * start.x + k1 * c1.x + k2 * c2.x + k3 * end.x,
        y: k0 * start.y + k1 * c1.y + k2 * c2.y + k3 * end.y,
      };
    };
  }

  /** Where a gradient stays on an edge. @param {number} layer @param {number} i @param {number} j */
  edgeSpot(layer, i, j) {
    return this.edgeLane(layer, i, j)(0.5);
  }

  /**
   * From there to the z below.
   * @param {number} layer @param {number} i @param {number} j
   * @returns {Lane}
   */
  dropLane(layer, i, j) {
    const lane = this.edgeLane(layer, i, j);
    return (t) => lane(0.5 + t / 2);
  }

  /**
   * From z to a, or to the bar of p.
   * @param {number} layer @param {number} unit
   * @returns {Lane}
   */
  throughLane(layer, unit) {
    const inset = layer < this.program.depth ? this.w : this.bar.width / 2 + 2;
    const [start, end] = [this.z(layer, unit), this.a(layer, unit)];
    return straight({ x: start.x + this.w, y: start.y }, { x: end.x - inset, y: end.y });
  }

  /**
   * From a bias to its z: around the circle, so that its number stays free.
   * @param {number} layer @param {number} unit
   * @returns {Lane}
   */
  biasLane(layer, unit) {
    const { x, y } = this.z(layer, unit);
    return (t) => ({ x: x - (this.w + 10) * Math.sin(t * Math.PI), y: y - (this.r + 12) * Math.cos(t * Math.PI) });
  }

  /**
   * From the gap beside a bar to the bar.
   * @param {number} unit
   * @returns {Lane}
   */
  gapLane(unit) {
    const { x, y } = this.a(this.program.depth, unit);
    return straight({ x: x + this.bar.width / 2, y }, { x: x + this.bracketRoom, y });
  }

  /**
   * The way from the number of the true class to the loss, around the gaps of the bars.
   * @param {number} unit
   * @returns {Point[]} corners, from the number to the loss
   */
  lossWay(unit) {
    const from = this.a(this.program.depth, unit);
    const start = { x: from.x + (!this.hasGapNumbers ? this.endOfLabels + 4 : this.isLarge ? 64 : this.detail === "full" ? 46 : 40) + (areProbabilities(this.program) ? 0 : 12), y: from.y - this.barLabels.above - 4 };
    const { x, y } = this.lossCentre;
    const half = this.loss.height / 2;
    if (!this.isLossBelow && Math.abs(start.y - y) < half + BESIDE_BOX) {
      // It comes in at the side: a way along the box's edge would look like a part of it.
      const left = x - this.loss.width / 2;
      const side = Math.min(y + half - BESIDE_BOX, Math.max(y - half + BESIDE_BOX, start.y));
      return side === start.y ? [start, { x: left, y: side }] : [start, { x: left - BESIDE_BOX, y: start.y }, { x: left - BESIDE_BOX, y: side }, { x: left, y: side }];
    }
    if (!this.isLossBelow) return [start, { x, y: start.y }, { x, y: y + (start.y < y ? -1 : 1) * half }];
    const right = from.x + this.bar.width / 2 + this.bracketRoom;
    return [start, { x: right, y: start.y }, { x: right, y }, { x: x + this.loss.width / 2, y }];
  }
}
