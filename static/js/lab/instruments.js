import { Code } from "./code.js";
import { Factors } from "./factors.js";
import { Line } from "./line.js";
import { Runs } from "./runs.js";

/** What a lab's instruments do: each part is the only writer of what its instrument shows. */
export class Instruments {
  /** @param {import("./lab.js").Lab} lab */
  constructor(lab) {
    this.lab = lab;
    this.runs = new Runs(lab);
    this.line = new Line(lab);
    this.factors = new Factors(lab);
    this.code = new Code(lab);
  }

  /** They may be used from now on, or may not: have what they show. */
  use() {
    if (this.lab.now.stage.name === "code") this.code.look();
  }

  /** Another scene comes. */
  leave() {
    this.runs.stop();
    this.code.checking.forget();
  }
}
