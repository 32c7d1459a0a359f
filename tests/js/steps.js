import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { initialState } from "../../static/js/state.js";
import { Program } from "../../static/js/trace/program/program.js";
import { buildTimeline } from "../../static/js/trace/program/timeline.js";
import { Trace } from "../../static/js/trace/program/trace.js";

/** Recorded steps of the engine. */
export const STEPS = JSON.parse(readFileSync(new URL("fixtures/steps.json", import.meta.url), "utf8"));

/**
 * The state of the page with an operation complete, by its output.
 * @param {string} step @param {string} output @param {Partial<import("../../static/js/state.js").State>} [fields] @param {string} [segment]
 */
export function stateAt(step, output, fields = {}, segment) {
  const { document, batch, samples } = structuredClone(STEPS[step]);
  const program = new Program(document);
  const trace = (/** @type {number[]} */ values, /** @type {number} */ m) => new Trace(program, /** @type {any} */ ({ m }), Float64Array.from(values));
  const timeline = buildTimeline(program, samples.length, "operation");
  const operation = timeline.operations.findIndex((one) => one.output === output && (!segment || one.segment === segment));
  assert.notEqual(operation, -1, output);
  return {
    ...initialState(),
    batch: trace(batch, samples.length),
    samples: new Map(samples.map((/** @type {number[]} */ values, /** @type {number} */ row) => [row, trace(values, 1)])),
    sample: 2,
    timeline,
    operation,
    arrived: timeline.operations[operation].units,
    ...fields,
  };
}
