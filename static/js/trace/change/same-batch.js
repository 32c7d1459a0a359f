import { nested } from "./exchange.js";

/**
 * The batch of a step once more, with the weights that the step has led to: pure, from its trace to what the server is asked.
 *
 * @typedef {import("../program/trace.js").Trace} Trace
 */

/**
 * The body of POST /trace; null where a number is one that JSON cannot hold.
 * @param {Trace} batch in batch scope, with its update
 * @param {any} model
 */
export function sameBatchRequest(batch, model) {
  const { program } = batch;
  const parameters = [...program.with("W"), ...program.with("b")].filter(({ name }) => program.byName.has(`${name}_next`));
  const [x, y] = ["x", "y"].map((role) => program.with(role)[0].name);
  const isSayable = [x, y, ...parameters.map(({ name }) => `${name}_next`)].every((name) => batch.cells(name).every(Number.isFinite));
  if (!isSayable) return null;
  return {
    model,
    parameters: Object.fromEntries(parameters.map(({ name }) => [name, nested(batch, `${name}_next`)])),
    batch: { x: nested(batch, x), y: nested(batch, y) },
  };
}
