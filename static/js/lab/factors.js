/** The instrument `factors`: how far a product is opened, and whether its twin is there, in the state's `lab.stage`. */
export class Factors {
  /** @param {Pick<import("./lab.js").Lab, "now" | "show">} lab */
  constructor(lab) {
    this.lab = lab;
  }

  /** Look into what is still closed. @param {number} [layers] how many of them at once */
  open(layers = 1) {
    this.lab.show({ opened: this.lab.now.stage.opened + layers });
  }

  /** The same weights with another activation beside it, or not. */
  turnTwin() {
    this.lab.show({ twin: !this.lab.now.stage.twin });
  }
}

/**
 * The same chain with another activation in every layer, as POST /trace takes it.
 * @param {any} request of the chain itself
 * @param {string} activation
 */
export const twinOf = (request, activation) => ({
  ...request,
  model: {
    ...request.model,
    hidden: request.model.hidden.map(() => ({ units: 1, activation })),
    output: { units: 1, activation },
  },
});
