import { listed, number } from "../core/format.js";
import { readingTime, t } from "../core/i18n.js";
import { stopsOf } from "../trace/explain/stopped.js";

/** How long the dot of a gate moves to both sides, and then its packet. */
const WIGGLE_MS = 3200;
/** How long an operation moves that has no caption, so that the whole is over soon. */
const BRIEF_MS = 500;

/**
 * What is said while the first step of a lesson plays.
 *
 * @typedef {{output: string, text: string, scope?: string, wiggle?: boolean, ofAStop?: boolean}} Caption text: its key; wiggle: whether
 *   the gates' dots move; ofAStop: whether it speaks of a shut gate at which the sample's gradient stops
 * @typedef {Caption & {values: Record<string, string | number>}} Line with its numbers
 * @typedef {import("../trace/program/timeline.js").Operation} Operation
 * @typedef {import("../trace/program/trace.js").Trace} Trace
 */
export class Captions {
  constructor() {
    /** @type {Caption[]} */
    this.all = [];
    /** The recipe whose numbers they speak of. @type {any} */
    this.recipe = null;
    /** The lines for the current step. @type {Line[]} */
    this.lines = [];
  }

  /** Whether they speak of this recipe's numbers. @param {any} recipe */
  speakOf(recipe) {
    return JSON.stringify(recipe) === JSON.stringify(this.recipe);
  }

  /** Choose the captions of a step. @param {Trace} batch @param {Trace} trace of the current sample */
  prepare(batch, trace) {
    const [stop] = stopsOf(trace);
    const mask = stop && batch.named("mask", stop.layer);
    const open = mask ? Array.from({ length: batch.m }, (_, row) => row).filter((row) => batch.at(mask.name, [row, stop.unit]) !== 0) : [];
    const values = { count: open.length, samples: listed(open.map((row) => number(row + 1))) };
    this.lines = this.all.filter(({ ofAStop }) => !ofAStop || open.length > 0).map((caption) => ({ ...caption, values }));
  }

  /** @param {Operation} operation */
  of(operation) {
    return this.lines.find(
      ({ output, scope = operation.segment === "update" ? "batch" : "sample" }) =>
        scope === operation.scope && (output === operation.output || operation.nodes.some((node) => node.output === output)),
    );
  }
}

/**
 * An operation with a caption lasts until that can be read: 1 s and 0.2 s a word (in Chinese 0.1 s a character). Moving z
 * takes time of its own.
 * @param {Line | undefined} caption
 */
export function paceOf(caption) {
  if (!caption) return { motion: BRIEF_MS };
  return { motion: caption.wiggle ? WIGGLE_MS : undefined, hold: 1000 + readingTime(t(caption.text, caption.values)) };
}
