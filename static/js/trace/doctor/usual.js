/**
 * What is taken as usual until somebody says otherwise.
 *
 * @typedef {import("./paper.js").Kinds} Kinds
 * @typedef {import("./paper.js").Case} Case
 * @typedef {import("./paper.js").Run} Run
 */

/** @type {import("./notebook.js").Names} */
export const USUAL_NAMES = { x: "X", y: "y", W: "W1", b: "b1", dW: "dW1", db: "db1" };

/** @type {Kinds} */
export const USUAL_KINDS = {
  hidden: { activation: "relu", numbers: {} },
  output: { activation: "softmax", numbers: {} },
  loss: "cross_entropy",
  reduction: "mean",
  layout: "rows",
  l2: 0,
  depth: 1,
  targets: "labels",
};

/** Nothing pasted yet. @param {Case | null} [asked] @returns {Run} */
export const emptyRun = (asked = null) => ({ asked, text: "", answers: {}, reading: null });
