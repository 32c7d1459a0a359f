import { averageOf } from "./average.js";
import { isKnown } from "../program/reveal.js";

/**
 * The samples' gradients of one parameter, each beginning where the one before it ended: the last ends at the gradient
 * of the batch.
 *
 * @typedef {{sample: number, value: number, from: number, to: number}} Part value: the sample's own gradient; from, to: its part of the batch's
 * @typedef {{parts: Part[], result: number, isMean: boolean, isResultKnown: boolean, parameter: string, place: number[]}} Stack
 */

/**
 * @param {{sample: number, value: number}[]} gradients
 * @param {boolean} isMean whether every sample counts 1/m
 * @returns {Part[]}
 */
export function stacked(gradients, isMean) {
  let end = 0;
  return gradients.map(({ sample, value }) => {
    const from = end;
    end += isMean ? value / gradients.length : value;
    return { sample, value, from, to: end };
  });
}

/**
 * The stack of the parameter that the card is about: in the average, and wherever its gradient is known.
 * @param {import("../../state.js").State} state
 * @param {import("./subject.js").Subject} subject
 * @returns {Stack | null}
 */
export function stackOf(state, { target, place, operation }) {
  const { batch, timeline, focus } = state;
  if (!batch || !timeline || batch.m < 2) return null;
  const { program } = batch;
  const name = operation.segment === "average" ? target : (focus?.tensor ?? "");
  const index = operation.segment === "average" ? place : (focus?.index ?? []);
  const tensor = program.byName.get(name);
  const parameter = tensor && program.byName.get(tensor.of ?? tensor.name);
  if (!parameter || !["W", "b"].includes(parameter.role) || parameter.axes.length !== index.length) return null;
  const gradient = program.tensors.find(({ of, role }) => of === parameter.name && role === `d${parameter.role}`);
  const isKnownIn = (/** @type {"sample" | "batch"} */ scope) => gradient !== undefined && isKnown(timeline, state, scope, gradient.name, index);
  if (!gradient || !(isKnownIn("sample") || operation.segment === "average")) return null;
  const average = averageOf(state, /** @type {any} */ ({ trace: batch, target: gradient.name, place: index, index }));
  if (!average) return null;
  const { gradients, result, isMean } = average;
  return { parts: stacked(gradients, isMean), result, isMean, isResultKnown: isKnownIn("batch"), parameter: parameter.name, place: index };
}
