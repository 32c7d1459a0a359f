import { Geometry, isWide } from "../../draw/geometry.js";
import { withSample } from "../../draw/packets.js";
import { RowsGeometry } from "../../draw/rows-geometry.js";
import { isKnown } from "../../trace/reveal.js";

/**
 * What the drawing shows now: one trace, one row of it, and what of it is known.
 *
 * @typedef {import("../../state.js").State} State
 * @typedef {import("../../trace/trace.js").Trace} Trace
 */
export class Scene {
  /**
   * @param {State} state
   * @param {number} width
   * @param {number} height
   */
  constructor(state, width, height) {
    this.state = state;
    /** Room on the page; the drawing may be wider. */
    this.room = { width, height };
    this.batch = /** @type {Trace} */ (state.batch);
    this.program = this.batch.program;
    this.timeline = /** @type {import("../../trace/timeline.js").Timeline} */ (state.timeline);
    this.operation = this.timeline.operations[state.operation];
    this.isLive = state.live !== null;
    /** @type {"sample" | "batch" | "live"} */
    this.scope = this.isLive ? "live" : this.operation.scope;
    const sample = state.samples.get(state.sample) ?? [...state.samples.values()][0];
    /** Trace of the sample on show; while training runs, its row of the batch. */
    this.trace = state.live ?? sample;
    this.row = state.live ? Math.min(state.sample, state.live.m - 1) : 0;
    this.geometry = isWide(this.program) ? new RowsGeometry(this.program, width, height, state.session?.dataset) : new Geometry(this.program, width, height);
    /** How much larger than its own px the drawing is shown: on a large stage, and more so for a projector. */
    this.scale = 1;
    const [wide, high] = state.theme === "projector" ? [760, 470] : [980, 620];
    for (let scale = Math.min(2, width / wide, height / high); scale > 1 && !isWide(this.program); scale -= 0.05) {
      const enlarged = new Geometry(this.program, width / scale, height / scale);
      if (enlarged.detail !== "full" || enlarged.isTight) continue;
      this.geometry = enlarged;
      this.scale = scale;
      break;
    }
    this.depth = this.program.depth;
    this.isAtRest = !state.isPlaying && state.operation === 0;
  }

  /**
   * The value of a cell of the sample on show, or null while it is not computed. Parameters are always known.
   * @param {string | undefined} name
   * @param {number[]} index without the sample axis
   * @returns {number | null}
   */
  value(name, index) {
    if (!name) return null;
    const tensor = this.program.tensor(name);
    const isParameter = tensor.role === "W" || tensor.role === "b" || tensor.role === "y";
    if (!isParameter && !this.isLive && !isKnown(this.timeline, this.state, "sample", name, index.at(-1) ?? 0)) return null;
    if (this.isLive && tensor.role.startsWith("d")) return null;
    return this.trace.at(name, withSample(this.trace, name, index, this.row));
  }

  /** Whether a unit of a tensor has been computed. @param {"sample" | "batch"} scope @param {string} name @param {number} unit */
  isKnownIn(scope, name, unit) {
    return isKnown(this.timeline, this.state, scope, name, unit);
  }

  /** The value of a role in a layer. @param {string} role @param {number | null} layer @param {number[]} index */
  role(role, layer, index) {
    return this.value(this.program.named(role, layer)?.name, index);
  }

  /** A number of the batch (a mean gradient, a next weight), or null while it is not computed. @param {string} name @param {number[]} index */
  batchValue(name, index) {
    return isKnown(this.timeline, this.state, "batch", name, index.at(-1) ?? 0) ? this.batch.at(name, index) : null;
  }

  /** A parameter as it stands now: after its update the next value. @param {string} name @param {number[]} index */
  parameter(name, index) {
    if (this.isLive) return this.trace.at(name, index);
    return this.batchValue(`${name}_next`, index) ?? this.batch.at(name, index);
  }

  /** Whether the target of the sample on show is this class. @param {number} unit */
  isTrueClass(unit) {
    return (this.role("y", null, [unit]) ?? 0) > 0.5;
  }

  /** Whether the operation in play reads or writes this tensor, or makes its gradient or next value. @param {string} name */
  isInPlay(name) {
    const { output, inputs } = this.operation;
    const outputs = [output, this.program.tensor(output).of];
    return !this.isLive && (outputs.includes(name) || inputs.includes(name) || this.operation.nodes.some((node) => node.output === name));
  }
}
