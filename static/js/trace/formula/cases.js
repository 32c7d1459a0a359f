import { writtenSign } from "./signs.js";

/**
 * The cases of a formula that asks questions.
 *
 * @typedef {import("./bind.js").Bound} Bound
 * @typedef {{test: Bound, sign: string, wanted: boolean}} Condition
 * @typedef {{result: Bound, condition: Condition | null}} Branch
 */

/** What is left when some relations of the same two numbers are excluded. @type {Record<string, string>} */
const REMAINING = { ">": "\u2264", "==": "\u2260", ">==": "<" };

/**
 * A chain of ifs as rows; the last row gets the condition that is left over where all rows compare the same numbers.
 * @param {Bound & {kind: "apply"}} expr
 * @returns {Branch[]}
 */
export function branchesOf(expr) {
  /** @type {Branch[]} */
  const branches = [];
  /** @type {Bound} */
  let rest = expr;
  while (rest.kind === "apply" && rest.sign === "if") {
    const [test, then, otherwise] = rest.parts;
    branches.push({ result: then, condition: { test, sign: writtenSign(/** @type {any} */ (test).sign), wanted: true } });
    rest = otherwise;
  }
  const tests = branches.map(({ condition }) => /** @type {Bound & {kind: "apply"}} */ (condition?.test));
  const isOneQuestion = tests.every(({ parts }) => JSON.stringify(parts) === JSON.stringify(tests[0].parts));
  const sign = REMAINING[tests.map((test) => test.sign).join("")];
  // A row that is only reached when all before it failed; its own test need not be asked again.
  branches.push({ result: rest, condition: isOneQuestion && sign ? { test: tests[tests.length - 1], sign, wanted: false } : null });
  return branches;
}
