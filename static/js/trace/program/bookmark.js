/**
 * A place in a step by names and not by time, so that it is the same for another speed, granularity or caption.
 *
 * @typedef {import("./timeline.js").Timeline} Timeline
 * @typedef {import("../../core/url-state.js").Bookmark} Bookmark
 */
import { momentAt } from "./timeline.js";

/** @param {Timeline} timeline @param {number} ms @returns {Bookmark} */
export function bookmarkAt(timeline, ms) {
  const { operation, progress } = momentAt(timeline, ms);
  return { scope: operation.scope, output: operation.output, progress: Number(progress.toFixed(4)) };
}

/**
 * @param {Timeline} timeline
 * @param {Bookmark} bookmark
 * @returns {number | null} ms; null where this step has no such operation
 */
export function timeOf(timeline, { scope, output, progress }) {
  const operation = timeline.operations.find((one) => one.scope === scope && one.output === output);
  if (!operation) return null;
  return progress >= 1 ? operation.start + operation.duration : operation.start + progress * operation.motion;
}
