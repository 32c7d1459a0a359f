import { isPickedByTarget } from "../trace/program/outcome.js";
import { Geometry } from "./geometry.js";
import { straight } from "./lanes.js";

/**
 * Where everything stands in the drawing of a wide network: the input as an image, a row for every unit, the loss below.
 *
 * @typedef {import("./geometry.js").Lane} Lane
 * @typedef {{x: number, y: number, width: number, height: number}} Box
 * @typedef {{box: Box, columns: number, rows: number}} Grid cells of a vector laid out as a picture
 *
 * @typedef {{x: number, room: number, anchor: "start" | "end"}} Digits where the digits of a bar stand, and how wide they may be
 *
 * One layer: x of its parts from the input toward the loss. Numbers stand outside the bars, so that nothing rides over them.
 * @typedef {object} Block
 * @property {number} left
 * @property {number} right
 * @property {number} pitch from row to row
 * @property {number} line height that bars, gate and thumbnail have
 * @property {{x: number, width: number, height: number, columns: number, rows: number}} thumb left edge of the weights into a unit
 * @property {{x: number, width: number} | null} bias
 * @property {{z: number, a: number, zWidth: number, aWidth: number}} bars centres and widths
 * @property {{x: number, size: number}} gate
 * @property {boolean} hasNumbers whether each bar has its digits beside it; else the newest number of the row has the place behind both
 * @property {{z: Digits, a: Digits}} digits
 * @property {boolean} hasTwoLines room for a number and its gradient below each other
 */

/** Room above and below the rows; how far above the first one of a layer its name and the letters of its columns stand; between a thing and its ring. */
const MARGINS = { top: 52, bottom: 28, name: 30, letter: 9, ring: 3 };
/** On a low stage the picture of the weights into one unit gives way. */
const LOW_MARGINS = { top: 36, bottom: 4, name: 21, letter: 6, ring: 1.5 };
/** Between the input and the weights below it, with their name, and from that name to them. */
const BETWEEN_PICTURES = 48;
const LENS_NAME = 11;
/** Lines in the box of the loss, from its middle. */
const LOSS_LINES = { name: -5, value: 15, shift: 0 };
/** A smaller gate has no room for a plot. */
const PLOT = 20;
/** From a gate to the cross of a gradient that has stopped, and half of that. */
const CROSS = { beside: 5, low: 3, size: 3 };
/** A lower row has no room for the letter of its bias. */
const LETTERED_PITCH = 20;
/** Room below the large picture for its switch. */
const SWITCH = 56;
const MAX_PITCH = 44;
/** A row that is lower has no room for digits: the drawing is scrolled. */
const LEAST_PITCH = 10.5;
const PHONE_PITCH = 20;
/** On a phone: as above; what stands between the pictures and the rows, the switch between the two pictures, and how many rows are seen before anybody scrolls. */
const PHONE_MARGINS = { top: 44, bottom: 28, name: 25, letter: 8, ring: 3 };
const PHONE = { under: 48, switch: 136, rows: 8 };
/** Below the outputs: the loss, and air above it. */
const LOSS = { height: 46, air: 14 };
const LOW_LOSS = { height: 42, air: 6 };
const NUMBER = 52;
/** What bars need beside numbers; where there is less, both bars share the digits behind them. */
const LEAST_BARS = 28;
const SHARED_NUMBER = 46;
/** Sizes of the pictures of the input. */
const IMAGE = { least: 64, good: 160, most: 224 };
const LENS = 72;
const GAP = 5;
/** Between digits and what stands before or behind them. */
const AIR = 2;
const NO_NAME = 40;
/** Before the row of a hidden unit, for its number: taken from what is free between two layers, where that is wide. */
const UNIT = 18;

export class RowsGeometry extends Geometry {
  /**
   * @param {import("../trace/program/program.js").Program} program
   * @param {number} width
   * @param {number} height
   * @param {{image_shape?: [number, number] | null, class_names?: string[] | null}} [dataset] rows and columns of the
   *   input as an image, if it is one
   */
  constructor(program, width, height, { image_shape: imageShape = null, class_names: names = null } = {}) {
    super(program, width, height);
    this.width = width;
    this.detail = /** @type {const} */ ("tiny");
    this.hasTabs = false;
    this.mostPackets = 160;
    this.isLossBelow = true;
    this.isInRows = true;
    this.whenIs = /** @type {const} */ ("beside");
    const { depth } = program;
    const inputs = program.units(0);
    const columns = imageShape?.[1] ?? Math.ceil(Math.sqrt(inputs));
    this.isImage = imageShape !== null;
    /** Room for the name of a class before its row, or for the symbol of a number. */
    this.label = names?.length ? Math.min(72, 10 + 7.5 * Math.max(...names.map((name) => name.length))) : NO_NAME;
    const isPhone = width < 560;
    const rows = imageShape?.[0] ?? Math.ceil(inputs / columns);
    const whole = (/** @type {number} */ size) => columns * Math.floor(Math.max(IMAGE.least, Math.min(IMAGE.most, size)) / columns);
    /** Whether there is room for the weights into one unit below the input. */
    this.hasLens = isPhone || height >= MARGINS.top + IMAGE.good + BETWEEN_PICTURES + LENS + SWITCH;
    this.margins = { ...this.margins, ...(isPhone ? PHONE_MARGINS : this.hasLens ? MARGINS : LOW_MARGINS) };
    const { top: above, bottom } = this.margins;
    const side = isPhone ? 12 : 20;
    const room = isPhone ? (width - 2 * side - PHONE.switch) / 2 : !this.hasLens ? Math.min(width * 0.24, height - above - 8) : Math.min(width * 0.19, (height - above - 116) / 2);
    const overRows = height - above - PHONE.under - PHONE.rows * PHONE_PITCH;
    const size = whole(isPhone ? Math.min(room, overRows) : this.hasLens && width >= 720 ? Math.max(IMAGE.good, room) : room);
    // On a phone they stand a little off the rim, for the name of the second one.
    const inset = isPhone ? Math.min(PHONE.switch / 8, Math.max(0, room - size)) : 0;
    const box = { x: side + inset, y: above, width: size, height: (size / columns) * rows };
    /** @type {Grid} */
    this.image = { box, columns, rows };
    const left = height - (above + box.height + BETWEEN_PICTURES) - SWITCH;
    const lens = columns * Math.floor(Math.max(LENS, Math.min(size, left)) / columns);
    /** Where the weights into one unit are shown large. @type {Box} */
    this.lens = isPhone ? { ...box, x: width - side - inset - size, height: size } : { x: side, y: above + box.height + BETWEEN_PICTURES, width: lens, height: (lens / columns) * rows };
    this.isStacked = isPhone;

    const top = isPhone ? above + size + PHONE.under : above;
    const loss = this.hasLens ? LOSS : LOW_LOSS;
    const underOutputs = loss.height + loss.air + 12;
    const heights = Array.from({ length: depth }, (_, above) => program.units(above + 1) * (isPhone ? PHONE_PITCH : LEAST_PITCH) + (above + 1 === depth ? underOutputs : 0));
    this.height = height = Math.max(height, top + bottom + Math.max(...heights));
    const start = isPhone ? side : side + size;
    const gap = isPhone ? 18 : Math.max(24, Math.min(72, width * 0.042));
    const free = width - start - side - gap * (isPhone ? depth - 1 : depth);
    const share = Math.min(340, free / (depth + 0.1));
    const used = share * (depth + 0.1) + gap * (isPhone ? depth - 1 : depth);
    let x = start + Math.max(0, width - start - side - used) / 2;
    /** @type {Block[]} from layer 1 */
    this.blocks = [];
    const tall = height - top - bottom;
    /** Above the rows. */
    this.top = top;
    for (let layer = 1; layer <= depth; layer++) {
      x += layer > 1 || !isPhone ? gap : 0;
      const own = layer === depth ? share * 1.1 : share;
      const pitch = Math.min(layer === depth ? 52 : MAX_PITCH, (layer === depth ? tall - underOutputs : tall) / program.units(layer));
      const isOutput = layer === depth;
      const before = isOutput || isPhone ? 0 : UNIT;
      const has = { label: isOutput ? this.label : UNIT, isOutput, bias: program.named("b", layer) !== undefined, gate: program.hasGate(layer) };
      this.blocks.push(blockAt(x - before, own + before, pitch, layer === 1 ? this.image : null, program.units(layer - 1), has));
      x += own;
    }
    this.columns = [{ z: box.x + box.width / 2, g: 0, a: 0 }, ...this.blocks.map(({ bars, gate }) => ({ z: bars.z, g: gate.x, a: bars.a }))];
    this.rows = Array.from({ length: depth + 1 }, (_, layer) => {
      const units = program.units(layer);
      if (layer === 0) return Array.from({ length: units }, (_, unit) => this.pixel(unit).y);
      const { pitch } = this.blocks[layer - 1];
      const begin = top + (layer === depth ? 0 : Math.max(0, (tall - units * pitch) / 2));
      return Array.from({ length: units }, (_, unit) => begin + (unit + 0.5) * pitch);
    });
    const last = this.blocks[depth - 1];
    this.w = last.bars.zWidth / 2;
    this.r = 6;
    this.gate = this.blocks[0].gate.size;
    this.bar = { width: last.bars.aWidth, height: last.line, round: { back: 2, level: 2 }, over: 3 };
    this.loss = { width: isPickedByTarget(program) ? 84 : 116, height: loss.height, lines: LOSS_LINES };
    this.lossCentre = { x: Math.min(last.bars.a, width - this.loss.width / 2 - 10), y: this.rows[depth][this.rows[depth].length - 1] + last.pitch / 2 + loss.air + this.loss.height / 2 };
    const before = depth > 1 ? this.blocks[depth - 2].right : isPhone ? 0 : box.x + size;
    this.leftOfLoss = this.lossCentre.x - this.loss.width / 2 - before;
  }

  /** Above the first row of a layer. @param {number} layer */
  over(layer) {
    return layer === 0 ? this.image.box.y : this.rows[layer][0] - this.blocks[layer - 1].pitch / 2;
  }

  /** @override @param {number} layer */
  titleAt(layer) {
    const { box } = this.image;
    const { left, right } = layer === 0 ? { left: box.x, right: box.x + box.width } : this.blocks[layer - 1];
    return { x: (left + right) / 2, y: this.over(layer) - this.margins.name };
  }

  /** The input has a letter that changes. @override @param {number} layer */
  lettersAt(layer) {
    if (layer === 0) return [];
    const { thumb, bias, bars, pitch, hasNumbers, hasTwoLines, digits } = this.blocks[layer - 1];
    const y = this.over(layer) - this.margins.letter;
    const behind = { x: digits.a.x + digits.a.room / 2, y };
    // Where digits are those of a bar or of the gradient on it, they have a letter of their own.
    const ofZ = hasNumbers && !hasTwoLines ? [{ role: "digits of z", x: digits.z.x - digits.z.room / 2, y }] : [];
    // Over its number and its bar; in the phases of the batch a z has no bar.
    const letterOfZ = hasNumbers && hasTwoLines ? (digits.z.x - digits.z.room / 2 + bars.z) / 2 : bars.z;
    const ofA = !hasNumbers ? [{ role: "newest", ...behind }] : hasTwoLines ? [] : [{ role: "digits of a", ...behind }];
    const tab = bias && pitch >= LETTERED_PITCH ? [{ role: "b", x: bias.x + bias.width / 2, y }] : [];
    return [{ role: "W", x: thumb.x + thumb.width / 2, y }, ...tab, ...ofZ, { role: "z", x: letterOfZ, digits: hasNumbers ? digits.z.x - digits.z.room / 2 : bars.z, y }, { role: "a", x: bars.a, y }, ...ofA];
  }

  /** A gate stands on the lane of its row, the cross beside it. @override @param {number} layer @returns {import("./geometry.js").GateBox} */
  gateBox(layer) {
    const { size } = this.blocks[layer - 1].gate;
    const hasPlot = size >= PLOT;
    const cross = { x: size / 2 + (hasPlot ? CROSS.beside : CROSS.low), size: CROSS.size };
    return { half: size / 2, corner: size > PLOT ? 5 : 2.5, dot: 3, reach: size / 2, cross, lanes: null, hasPlot, words: null, stop: null };
  }

  /** How far along a part of the scale of an output is. @param {number} part */
  along(part) {
    const { a, aWidth } = this.blocks[this.program.depth - 1].bars;
    return a + aWidth * (part - 0.5);
  }

  /** Bars of outputs lie. @override @param {number} unit @param {number} from @param {number} to */
  barRect(unit, from, to) {
    const [y, left, right] = [this.rows[this.program.depth][unit], this.along(Math.min(from, to)), this.along(Math.max(from, to))];
    return { x: left, y: y - this.bar.height / 2, width: right - left, height: this.bar.height };
  }

  /** @override @param {number} unit @param {number} part @param {number} over */
  barTick(unit, part, over) {
    const [x, y, half] = [this.along(part), this.rows[this.program.depth][unit], this.bar.height / 2 + over];
    return { x1: x, x2: x, y1: y - half, y2: y + half };
  }

  /** Below the bar. @override @param {number} unit @param {number} from @param {number} to */
  gapPath(unit, from, to) {
    const { pitch, line } = this.blocks[this.program.depth - 1];
    const y = this.rows[this.program.depth][unit] + line / 2 + Math.min(4, pitch / 2 - line / 2 - 3);
    return `M${this.along(from)} ${y - 2}v4H${this.along(to)}v-4`;
  }

  /** A bar, or the cell of a bias. @override @param {import("./places.js").Place} place */
  boxOf(place) {
    const { layer, index: [unit] } = place;
    if (place.spot === "loss") return super.boxOf(place);
    if (layer === 0) return { ...this.pixel(unit), width: this.image.box.width / this.image.columns / 2, height: this.image.box.height / this.image.rows / 2, round: 0 };
    const { bars, line, thumb, bias } = this.blocks[layer - 1];
    if (place.spot === "gate") return { ...this.gateCentre(layer, unit), width: this.gateBox(layer).half, height: this.gateBox(layer).half, round: 2 };
    if (place.spot === "bias") return { ...this.bias(layer, unit), width: (bias?.width ?? 0) / 2, height: thumb.height / 2, round: 0 };
    const [at, width] = place.spot === "sum" ? [this.z(layer, unit), bars.zWidth] : [this.a(layer, unit), bars.aWidth];
    return { ...at, width: width / 2, height: line / 2, round: 2 };
  }

  /** Where the weights into one unit have their name. */
  get lensTitle() {
    return { x: this.lens.x, y: this.isStacked ? this.image.box.y - this.margins.name : this.lens.y - LENS_NAME };
  }

  /** Where the switch of the pictures stands: below the second one, or on a phone between the two. @returns {{x: number, y: number, width: number}} */
  get switchBox() {
    const { image: { box }, lens } = this;
    if (!this.isStacked) return { x: lens.x - 8, y: lens.y + lens.height + 8, width: lens.width + 16 };
    const x = box.x + box.width;
    return { x, y: box.y + box.height / 2 - 16, width: lens.x - x };
  }

  /** @override */
  get looks() {
    return `rows ${this.blocks[0].pitch < 18 ? "low" : ""}`;
  }

  /** Centre of an input's cell. @param {number} unit */
  pixel(unit) {
    const { box, columns, rows } = this.image;
    return { x: box.x + ((unit % columns) + 0.5) * (box.width / columns), y: box.y + (Math.floor(unit / columns) + 0.5) * (box.height / rows) };
  }

  /** @override @param {number} layer @param {number} unit */
  a(layer, unit) {
    return layer === 0 ? this.pixel(unit) : super.a(layer, unit);
  }

  /** From the bar of z to the bar of a, or of p. @override @param {number} layer @param {number} unit */
  throughLane(layer, unit) {
    const { bars } = this.blocks[layer - 1];
    const y = this.rows[layer][unit];
    return straight({ x: bars.z + bars.zWidth / 2, y }, { x: bars.a - bars.aWidth / 2, y });
  }

  /** @override @param {number} layer @param {number} i @param {number} j */
  edge(layer, i, j) {
    const start = layer === 1 ? this.pixel(i) : { x: this.blocks[layer - 2].right, y: this.rows[layer - 1][i] };
    const end = { x: this.blocks[layer - 1].left, y: this.rows[layer][j] };
    // From the image the way goes down beside it, not across what stands below it.
    const { box } = this.image;
    const isBeside = layer === 1 && !this.isStacked;
    const turn = isBeside ? box.x + box.width + (end.x - box.x - box.width) * 0.5 : (start.x + end.x) / 2;
    return { start, c1: { x: turn, y: start.y }, c2: { x: turn, y: end.y }, end };
  }

  /** The cell of a weight in the thumbnail of its unit. @override @param {number} layer @param {number} i @param {number} j */
  edgeSpot(layer, i, j) {
    const { thumb } = this.blocks[layer - 1];
    const column = i % thumb.columns;
    const row = Math.floor(i / thumb.columns);
    return { x: thumb.x + ((column + 0.5) / thumb.columns) * thumb.width, y: this.rows[layer][j] - thumb.height / 2 + ((row + 0.5) / thumb.rows) * thumb.height };
  }

  /** @override @param {number} layer @param {number} i @param {number} j @returns {Lane} */
  dropLane(layer, i, j) {
    const { bars } = this.blocks[layer - 1];
    return straight(this.edgeSpot(layer, i, j), { x: bars.z, y: this.rows[layer][j] });
  }

  /** @override @param {number} layer @param {number} unit */
  bias(layer, unit) {
    const { bias, left } = this.blocks[layer - 1];
    return { x: bias ? bias.x + bias.width / 2 : left, y: this.rows[layer][unit] };
  }

  /** @override @param {number} layer @param {number} unit @returns {Lane} */
  biasLane(layer, unit) {
    return straight(this.bias(layer, unit), this.z(layer, unit));
  }

  /** Down along the right end of the rows. @override @param {number} unit */
  lossWay(unit) {
    const { right } = this.blocks[this.program.depth - 1];
    const { x, y } = this.lossCentre;
    const row = this.rows[this.program.depth][unit];
    const beside = Math.min(right + 10, this.width - 6);
    const edge = x + this.loss.width / 2;
    const end = beside > edge ? [{ x: beside, y }, { x: edge, y }] : [{ x: beside, y: y - this.loss.height / 2 }];
    return [{ x: right, y: row }, { x: beside, y: row }, ...end];
  }
}

/**
 * @param {number} left @param {number} width @param {number} pitch
 * @param {Grid | null} image how a column of weights is laid out; null: as a strip
 * @param {number} above units of the layer above
 * @param {{label: number, isOutput: boolean, bias: boolean, gate: boolean}} has label: room for a class's name, or for the number of a unit
 * @returns {Block}
 */
function blockAt(left, width, pitch, image, above, { label, isOutput, bias: hasBias, gate: hasGate }) {
  const line = Math.max(5, Math.min(14, pitch * 0.62));
  const side = Math.max(8, Math.min(40, pitch - 2.5, width * 0.16));
  const columns = image ? image.columns : above;
  const rows = image ? image.rows : 1;
  const thumb = { x: left + label, columns, rows, width: image ? (side * columns) / Math.max(columns, rows) : Math.max(24, Math.min(64, width * 0.16)), height: image ? (side * rows) / Math.max(columns, rows) : Math.min(16, side) };
  const bias = hasBias ? { x: thumb.x + thumb.width + 3, width: Math.min(8, Math.max(5, thumb.height)) } : null;
  const from = thumb.x + thumb.width + 3 + (bias ? bias.width : 0) + GAP;
  const gate = Math.min(width < 240 ? 20 : 30, Math.max(9, pitch - 4));
  const middle = !hasGate ? Math.min(22, width * 0.07) : gate + 2 * Math.max(4, Math.min(10, width * 0.03));
  const rest = left + width - from - middle;
  const hasNumbers = rest >= 2 * NUMBER + LEAST_BARS;
  const bars = Math.min(200, rest - (hasNumbers ? 2 * NUMBER : SHARED_NUMBER));
  const zWidth = bars * (isOutput ? 0.36 : 0.5);
  const aWidth = bars - zWidth;
  const z = from + (hasNumbers ? NUMBER : 0) + zWidth / 2;
  const a = z + zWidth / 2 + middle + aWidth / 2;
  const behind = hasNumbers ? NUMBER : SHARED_NUMBER;
  const digits = { x: a + aWidth / 2 + GAP, room: behind - GAP - AIR, anchor: /** @type {"start" | "end"} */ ("start") };
  return {
    left, pitch, line, thumb, bias,
    right: a + aWidth / 2 + behind,
    bars: { z, a, zWidth, aWidth },
    gate: { x: z + zWidth / 2 + middle / 2, size: gate },
    hasNumbers,
    digits: { z: hasNumbers ? { ...digits, x: z - zWidth / 2 - GAP, anchor: "end" } : digits, a: digits },
    hasTwoLines: pitch >= 28,
  };
}
