import { decodeFrame } from "../../api/decode.js";

/** The values of one run of a program. */
export class Trace {
  /**
   * @param {import("./program.js").Program} program
   * @param {import("../../api/decode.js").FrameHeader} header
   * @param {Float64Array | Float32Array} vector
   */
  constructor(program, header, vector) {
    this.program = program;
    this.header = header;
    this.m = header.m;
    this.vector = vector;
    const { offsets, shapes } = program.layout(header.m);
    this.offsets = offsets;
    this.shapes = shapes;
  }

  /**
   * @param {ArrayBuffer} buffer a binary frame
   * @param {(fingerprint: string) => Promise<import("./program.js").Program>} programOf
   */
  static async fromFrame(buffer, programOf) {
    const { header, vector } = decodeFrame(buffer);
    return new Trace(await programOf(header.program), header, vector);
  }

  /** @param {string} name */
  shape(name) {
    const shape = this.shapes.get(name);
    if (!shape) throw new Error(`The program has no tensor ${name}.`);
    return shape;
  }

  /**
   * One cell of a tensor.
   * @param {string} name
   * @param {readonly number[]} index one number an axis
   */
  at(name, index = []) {
    const shape = this.shape(name);
    let cell = 0;
    for (let axis = 0; axis < shape.length; axis++) cell = cell * shape[axis] + index[axis];
    return this.vector[/** @type {number} */ (this.offsets.get(name)) + cell];
  }

  /** All cells of a tensor, row by row. @param {string} name */
  cells(name) {
    const offset = /** @type {number} */ (this.offsets.get(name));
    return this.vector.subarray(offset, offset + this.shape(name).reduce((product, size) => product * size, 1));
  }

  /** The tensor with this role in this layer, if the program has one. @param {string} role @param {number | null} [layer] */
  named(role, layer = null) {
    return this.program.named(role, layer);
  }
}
