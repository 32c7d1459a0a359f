import { packetsInParts } from "../../draw/packets.js";

/**
 * What will move in the next operation, made ready while this one moves: many packets take longer than a frame has.
 *
 * @typedef {import("../../draw/packets.js").Packet} Packet
 * @typedef {import("../../trace/program/timeline.js").Operation} Operation
 */

/** So much of it at a time, in ms. */
const PART_MS = 1;

export class Coming {
  /** @param {import("../../player/clock.js").Clock} clock */
  constructor(clock) {
    this.clock = clock;
    /** What it is made from. @type {readonly unknown[]} */
    this.from = [];
    /** @type {Packet[] | null} */
    this.packets = null;
  }

  /**
   * Begin to make ready.
   * @param {Operation} operation @param {import("../../trace/program/trace.js").Trace} trace @param {import("../../draw/geometry.js").Geometry} geometry
   * @param {(name: string, index: number[]) => boolean} isShown @param {readonly unknown[]} secrets what that depends on
   */
  prepare(operation, trace, geometry, isShown, secrets) {
    const from = [operation, trace, geometry, ...secrets];
    this.from = from;
    this.packets = null;
    const parts = packetsInParts(operation, trace, geometry, isShown);
    const go = () => {
      if (this.from !== from) return;
      const end = performance.now() + PART_MS;
      let part;
      do part = parts.next();
      while (!part.done && performance.now() < end);
      if (part.done) this.packets = part.value;
      else this.clock.afterNextFrame(go);
    };
    this.clock.afterNextFrame(go);
  }

  /** The packets of an operation, if they are ready. @param {Operation} operation @param {import("../../trace/program/trace.js").Trace} trace @param {import("../../draw/geometry.js").Geometry} geometry @param {readonly unknown[]} secrets */
  take(operation, trace, geometry, secrets) {
    const isIt = [operation, trace, geometry, ...secrets].every((part, at) => part === this.from[at]);
    return isIt ? this.packets : null;
  }
}
