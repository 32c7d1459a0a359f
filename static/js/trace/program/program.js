/**
 * The program of a step as the server sends it, with what the page looks up often.
 *
 * @typedef {{name: string, axes: string[], role: string, layer: number | null, of: string | null,
 *   symbol: import("../formula/symbol.js").Written, spot: "unit" | "sum" | "edge" | "bias" | "output" | "loss" | null, divisor: boolean, offset: [number, number]}} Tensor
 * @typedef {{op: string, inputs: string[], output: string, phase: "forward" | "backward" | "update" | "measure",
 *   layer: number | null, group: string[], part: string | null, code: string}} Node
 * @typedef {any[] | number} Expr
 * @typedef {{indices: string, cell: Expr, selects: boolean}} Primitive
 * @typedef {{tensors: Tensor[], nodes: Node[], sizes: Record<string, number>, primitives: Record<string, Primitive>}} Document
 */

/** The axis that counts the samples. */
export const SAMPLE_AXIS = "n";

export class Program {
  /** @param {Document} document */
  constructor(document) {
    this.tensors = document.tensors;
    this.nodes = document.nodes;
    this.sizes = document.sizes;
    this.primitives = document.primitives;
    /** Number of layers with weights. */
    this.depth = Math.max(...document.tensors.map((tensor) => tensor.layer ?? 0));
    this.byName = new Map(document.tensors.map((tensor) => [tensor.name, tensor]));
    /** The first tensor of a role, by layer. @type {Map<string, Map<number | null, Tensor>>} */
    this.byRole = new Map();
    for (const tensor of document.tensors) {
      const own = this.byRole.get(tensor.role) ?? new Map();
      this.byRole.set(tensor.role, own.set(tensor.layer, own.get(tensor.layer) ?? tensor));
    }
    /** How the tensors lie in the flat vector, by the number of samples. @type {Map<number, {offsets: Map<string, number>, shapes: Map<string, number[]>}>} */
    this.layouts = new Map();
    /** The node that makes a tensor; inputs have none. */
    this.maker = new Map(document.nodes.map((node) => [node.output, node]));
  }

  /** @param {string} name @returns {Tensor} */
  tensor(name) {
    const tensor = this.byName.get(name);
    if (!tensor) throw new Error(`The program has no tensor ${name}.`);
    return tensor;
  }

  /** The first tensor with this role in this layer. @param {string} role @param {number | null} [layer] */
  named(role, layer = null) {
    return this.byRole.get(role)?.get(layer);
  }

  /**
   * Whether the gradient of a layer passes a gate: not where a shorter way leads from the loss to its z.
   * @param {number} layer
   */
  hasGate(layer) {
    return this.named("mask", layer) !== undefined && this.named("da", layer) !== undefined;
  }

  /** Whether the way from the loss to the last z is shortened, past the gradient of what the last layer gives. */
  get isShortened() {
    return this.named("da", this.depth) === undefined;
  }

  /** What a gradient, a memory or a next value is of in the end: a parameter, or the tensor itself. @param {string} name @returns {string} */
  root(name) {
    const { of } = this.tensor(name);
    return of ? this.root(of) : name;
  }

  /** All tensors with this role. @param {string} role */
  with(role) {
    return this.tensors.filter((tensor) => tensor.role === role);
  }

  /**
   * Units of a layer, 0 being the input.
   * @param {number} layer
   */
  units(layer) {
    return this.sizes[String(layer)];
  }

  /**
   * Sizes of a tensor's axes for m samples.
   * @param {Tensor} tensor
   * @param {number} m
   */
  shape(tensor, m) {
    return tensor.axes.map((axis) => (axis === SAMPLE_AXIS ? m : this.sizes[axis]));
  }

  /** Whether there is such a cell; as everywhere on the page, its index has no place for the sample. @param {string} name @param {readonly number[]} index */
  hasCell(name, index) {
    const tensor = this.byName.get(name);
    const sizes = tensor?.axes.filter((axis) => axis !== SAMPLE_AXIS).map((axis) => this.sizes[axis]);
    return sizes !== undefined && index.every((at, axis) => at < (sizes[axis] ?? 1)) && sizes.every((_, axis) => axis in index);
  }

  /** First cell of every tensor in the flat vector for m samples, and its shape. @param {number} m */
  layout(m) {
    let layout = this.layouts.get(m);
    if (!layout) {
      const offsets = new Map(this.tensors.map(({ name, offset: [a, b] }) => [name, a + b * m]));
      const shapes = new Map(this.tensors.map((tensor) => [tensor.name, this.shape(tensor, m)]));
      this.layouts.set(m, (layout = { offsets, shapes }));
    }
    return layout;
  }
}
