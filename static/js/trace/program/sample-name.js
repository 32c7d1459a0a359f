import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";

/**
 * What a sample is called. Where a step sees only some of the training samples, "sample 1" is another one in each step.
 *
 * @typedef {Pick<import("../../state.js").State, "batch" | "live" | "samples" | "session">} State
 */

/** Which of all samples to train on it is, counted from 1; null where its number in the batch says that, or nobody knows. @param {State} state @param {number} sample */
export function placeInData({ batch, live, samples, session }, sample) {
  const place = live ? null : (samples.get(sample)?.header.place ?? null);
  const m = batch?.m ?? 0;
  return place === null || m >= (session?.dataset?.rows ?? m) ? null : place + 1;
}

/** "3", or "3 (training sample 961)". @param {State} state @param {number} sample */
export function sampleName(state, sample) {
  const place = placeInData(state, sample);
  return place === null ? number(sample + 1) : t("scope.sample_of_data", { sample: number(sample + 1), place: number(place) });
}
