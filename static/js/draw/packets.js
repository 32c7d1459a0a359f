import { assignments, feeders, indexUnder, indices, lettersOf } from "../trace/program/influence.js";
import { term } from "../trace/formula/cell.js";
import { SAMPLE_AXIS } from "../trace/program/program.js";
import { laneBetween, placeOf } from "./places.js";

/**
 * What travels in an operation, read off its letters: no code for any operation by name.
 *
 * @typedef {import("../trace/program/timeline.js").Operation} Operation
 * @typedef {import("../trace/program/trace.js").Trace} Trace
 * @typedef {import("./geometry.js").Geometry} Geometry
 * @typedef {import("./geometry.js").Lane} Lane
 * @typedef {{lane: Lane, value: number, cell: import("../state.js").Cell, unit: number, isStopped: boolean, wall: number | null,
 *   form: "number" | "crossing" | "dot"}} Packet
 *   cell: what it brings about; unit: the part of the operation that it belongs to; a stopped packet goes as far as the x of its wall; one that crosses among
 *   others shows its number in the middle of its way only.
 */

/**
 * @param {Operation} operation
 * @param {Trace} trace in the operation's scope, for a sample with one row
 * @param {Geometry} geometry
 * @param {(name: string, index: number[]) => boolean} [isShown] whether a cell may be seen: a packet tells of the two that it goes between
 * @returns {Packet[]}
 */
export function packetsOf(operation, trace, geometry, isShown) {
  const parts = packetsInParts(operation, trace, geometry, isShown);
  let part = parts.next();
  while (!part.done) part = parts.next();
  return part.value;
}

/**
 * The same, target by target.
 * @param {Operation} operation @param {Trace} trace @param {Geometry} geometry @param {(name: string, index: number[]) => boolean} [isShown]
 * @returns {Generator<undefined, Packet[], undefined>}
 */
export function* packetsInParts(operation, trace, geometry, isShown = () => true) {
  const { program } = trace;
  const output = program.tensor(operation.output);
  const isTrueClass = (/** @type {number} */ unit) => trace.at(/** @type {any} */ (program.named("y")).name, [0, unit]) > 0;
  const each = Math.max(1, Math.floor(geometry.mostPackets / (program.sizes[output.axes.at(-1) ?? ""] ?? 1)));
  const isCrowded = output.axes.length > 0 && geometry.mostPackets < Infinity;
  const targets = (isCrowded ? largestIndices(trace, operation.output, each) : unitIndices(trace, operation.output)).map((index) => ({ index, place: placeOf(program, operation.output, index) }));
  /** @type {Packet[]} */
  const packets = [];
  for (const { name, node } of travellers(operation, trace)) {
    for (const { index, place } of targets) {
      if (!place || !isShown(operation.output, index)) continue;
      for (const source of sources(trace, name, node, operation.output, index)) {
        const from = placeOf(program, name, source.index);
        const lane = from && laneBetween(geometry, from, place, isTrueClass);
        if (!lane || !isShown(name, source.index)) continue;
        const carried = trace.at(name, withSample(trace, name, source.index));
        // Where a gradient has stopped, nothing goes on.
        if (carried === 0 && program.maker.get(name)?.phase === "backward") continue;
        const isStopped = carried !== 0 && trace.at(operation.output, withSample(trace, operation.output, index)) === 0 && isElementwise(trace, node);
        packets.push({
          lane,
          value: isStopped ? carried : (source.term ?? valueShown(trace, operation, name, source.index, index)),
          cell: { tensor: operation.output, index },
          unit: index.at(-1) ?? 0,
          isStopped,
          wall: isStopped ? wallOf(geometry, place, lane) : null,
          form: place.spot === "bias" ? "dot" : place.spot === "edge" || from.layer !== place.layer ? "crossing" : "number",
        });
      }
      yield;
    }
  }
  return thinned(output.axes.length ? packets : packets.slice(0, 1), geometry.mostPackets);
}

/**
 * Where dots are many, at most so many: of each unit the largest, and none that carries nothing.
 * @param {Packet[]} packets
 * @param {number} most
 */
export function thinned(packets, most) {
  if (most === Infinity) return packets;
  /** @type {Map<number, Packet[]>} */
  const byUnit = new Map();
  for (const packet of packets) {
    if (packet.value === 0) continue;
    const own = byUnit.get(packet.unit);
    if (own) own.push(packet);
    else byUnit.set(packet.unit, [packet]);
  }
  const each = Math.max(1, Math.floor(most / byUnit.size));
  return [...byUnit.values()].flatMap((own) => own.sort((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, each));
}

/**
 * The inputs that travel: those of the sample (not labels), and on the way back the gradients alone.
 * @param {Operation} operation
 * @param {Trace} trace
 */
function travellers(operation, trace) {
  const { program } = trace;
  const moving = operation.inputs.filter((name) => {
    const tensor = program.tensor(name);
    return tensor.axes.includes(SAMPLE_AXIS) && tensor.role !== "y" && tensor.role !== "mask";
  });
  const gradients = moving.filter((name) => program.maker.get(name)?.phase === "backward");
  return (gradients.length ? gradients : moving).map((name) => ({
    name,
    node: /** @type {import("../trace/program/program.js").Node} */ (operation.nodes.find((node) => node.inputs.includes(name))),
  }));
}

/**
 * The cells of a traveller that feed one output cell, with the term that each adds where the node sums.
 * @param {Trace} trace
 * @param {string} name
 * @param {import("../trace/program/program.js").Node} node the one that reads the traveller
 * @param {string} output
 * @param {number[]} index of the output, without the sample axis
 * @returns {{index: number[], term: number | null}[]}
 */
function sources(trace, name, node, output, index) {
  const { program } = trace;
  const operand = node.inputs.indexOf(name);
  const isDirect = program.tensor(node.output).axes.join() === program.tensor(output).axes.join();
  if (isDirect) {
    const full = withSample(trace, node.output, index);
    const letters = lettersOf(program, node).inputs[operand];
    const sums = assignments(program, node, full, trace.m);
    const { cell } = program.primitives[node.op];
    if (Array.isArray(cell) && cell[0] === "sum") {
      return sums.map((assignment) => ({ index: withoutSample(trace, name, indexUnder(letters, assignment)), term: term(trace, node, assignment) }));
    }
    return feeders(program, node, full, trace.m)[operand].cells.map((cell) => ({ index: withoutSample(trace, name, cell), term: null }));
  }
  // Through micro-steps that are not drawn: the cell of the same unit, or every cell where the units are summed.
  const axis = program.tensor(name).axes.at(-1);
  const isShared = program.tensor(output).axes.at(-1) === axis;
  return unitIndices(trace, name)
    .filter((cell) => !isShared || cell.at(-1) === index.at(-1))
    .map((cell) => ({ index: cell, term: null }));
}

/**
 * The side of the gate on which a stopped packet stays.
 * @param {Geometry} geometry @param {import("./places.js").Place} place @param {Lane} lane
 */
function wallOf(geometry, place, lane) {
  const heading = lane(1).x < lane(0).x ? -1 : 1;
  return geometry.gateCentre(place.layer, place.index[0]).x - (heading * geometry.gate) / 2;
}

/**
 * The number on a packet that is no term of a sum: where the way back begins, the gradient itself; for a micro-step that
 * is not drawn, the number that stands at its place; else what travels.
 * @param {Trace} trace @param {Operation} operation @param {string} name @param {number[]} index @param {number[]} target
 */
function valueShown(trace, operation, name, index, target) {
  const { program } = trace;
  const isTurn = operation.segment === "backward" && program.maker.get(name)?.phase !== "backward";
  if (isTurn) return trace.at(operation.output, withSample(trace, operation.output, target));
  const place = placeOf(program, name, index);
  const isOnTheWay = place?.spot === "output" || program.tensor(operation.output).role === "sample_loss";
  const drawn = isOnTheWay ? program.named("a", program.depth)?.name : undefined;
  return trace.at(drawn ?? name, withSample(trace, name, index));
}

/** @param {Trace} trace @param {import("../trace/program/program.js").Node} node */
const isElementwise = (trace, node) => lettersOf(trace.program, node).output[0] === "...";

/** Every index of a tensor, without the sample axis. @param {Trace} trace @param {string} name */
export function unitIndices(trace, name) {
  const axes = trace.program.tensor(name).axes.filter((axis) => axis !== SAMPLE_AXIS);
  return indices(axes.map((axis) => trace.program.sizes[axis]));
}

/**
 * Of each unit of a tensor the indices of its largest cells, without the sample axis.
 * @param {Trace} trace
 * @param {string} name
 * @param {number} [each] how many of a unit
 */
export function largestIndices(trace, name, each = 1) {
  const sizes = trace.program.tensor(name).axes.filter((axis) => axis !== SAMPLE_AXIS).map((axis) => trace.program.sizes[axis]);
  const units = sizes.at(-1) ?? 1;
  const count = sizes.reduce((product, size) => product * size, 1);
  const cells = trace.cells(name);
  /** Of each unit its largest cells so far, the largest first. @type {number[][]} */
  const byUnit = Array.from({ length: units }, () => []);
  for (let cell = 0; cell < count; cell++) {
    const own = byUnit[cell % units];
    const size = Math.abs(cells[cell]);
    let place = own.length;
    while (place > 0 && size > Math.abs(cells[own[place - 1]])) place--;
    if (place === each) continue;
    own.splice(place, 0, cell);
    if (own.length > each) own.pop();
  }
  return byUnit.flat().map((cell) => indexOf(cell, sizes));
}

/** The index of a cell by its number. @param {number} cell @param {number[]} sizes */
function indexOf(cell, sizes) {
  const index = [];
  for (let axis = sizes.length - 1; axis >= 0; axis--) {
    index.unshift(cell % sizes[axis]);
    cell = Math.floor(cell / sizes[axis]);
  }
  return index;
}

/** An index with the sample axis put in, row 0. @param {Trace} trace @param {string} name @param {number[]} index @param {number} [row] */
export function withSample(trace, name, index, row = 0) {
  return trace.program.tensor(name).axes[0] === SAMPLE_AXIS ? [row, ...index] : index;
}

/** @param {Trace} trace @param {string} name @param {number[]} index */
function withoutSample(trace, name, index) {
  return trace.program.tensor(name).axes[0] === SAMPLE_AXIS ? index.slice(1) : index;
}
