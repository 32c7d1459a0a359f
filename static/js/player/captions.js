import { readingTime, t } from "../core/i18n.js";

/** How long the dot of a gate moves to both sides, and then its packet. */
const WIGGLE_MS = 3200;

/**
 * What is said while the first step of a lesson plays.
 *
 * @typedef {{output: string, text: string, scope?: string, wiggle?: boolean}} Caption text: its key; wiggle: whether the gates' dots move
 * @typedef {import("../trace/timeline.js").Operation} Operation
 */
export class Captions {
  constructor() {
    /** @type {Caption[]} */
    this.all = [];
    /** The recipe whose numbers they speak of. @type {any} */
    this.recipe = null;
  }

  /** Whether they speak of this recipe's numbers. @param {any} recipe */
  speakOf(recipe) {
    return JSON.stringify(recipe) === JSON.stringify(this.recipe);
  }

  /** @param {Operation} operation */
  of(operation) {
    return this.all.find(
      ({ output, scope = operation.segment === "update" ? "batch" : "sample" }) =>
        scope === operation.scope && (output === operation.output || operation.nodes.some((node) => node.output === output)),
    );
  }
}

/** An operation with a caption lasts until that can be read: 1.2 s and 0.25 s a word (in Chinese 0.12 s a character). Moving z takes time of its own. @param {Caption | undefined} caption */
export function paceOf(caption) {
  if (!caption) return {};
  return { motion: caption.wiggle ? WIGGLE_MS : undefined, hold: 1200 + readingTime(t(caption.text)) };
}
