/**
 * What a lab waits for: expressions over facts, and whether they hold. Pure. The server checks how they are written
 * (server/lessons/format/expressions.py); docs/LABS.md says what each means.
 *
 * @typedef {any[]} Expression ["=" | "<" | ">", fact, value], ["near", fact, value, tolerance?], ["seen", fact, values] or
 *   ["seen", expression], ["all" | "any", expression, ...], ["not", expression]
 * @typedef {(fact: string) => unknown} Facts the value of a fact now; undefined where there is none
 * @typedef {(key: string) => boolean} Seen whether what has this key (`keyOf`) was so at any time since the scene began
 */

/** @type {Record<string, (parts: any[], facts: Facts, seen: Seen) => boolean>} */
const KINDS = {
  "=": ([fact, value], facts) => isSame(facts(fact), valueOf(value, facts)),
  "<": ([fact, value], facts) => isLess(facts(fact), valueOf(value, facts)),
  ">": ([fact, value], facts) => isLess(valueOf(value, facts), facts(fact)),
  near: ([fact, value, tolerance], facts) => isNear(facts(fact), valueOf(value, facts), tolerance),
  seen: (parts, _, seen) => momentsOf(parts).every((moment) => seen(keyOf(moment))),
  all: (parts, facts, seen) => parts.every((part) => holds(part, facts, seen)),
  any: (parts, facts, seen) => parts.some((part) => holds(part, facts, seen)),
  not: ([part], facts, seen) => !holds(part, facts, seen),
};

/** @param {Expression} expression @param {Facts} facts @param {Seen} [seen] @returns {boolean} */
const holds = ([kind, ...parts], facts, seen = () => false) => KINDS[kind](parts, facts, seen);

/** Watches an expression: what it asks to have been so once is remembered. */
export class Checkpoint {
  /** @param {Expression} expression */
  constructor(expression) {
    this.expression = expression;
    this.moments = momentsIn(expression).map((moment) => ({ moment, key: keyOf(moment) }));
    /** @type {Set<string>} */
    this.seen = new Set();
  }

  /** Look at the facts of now. @param {Facts} facts @returns {boolean} whether it holds */
  look(facts) {
    for (const { moment, key } of this.moments) if (!this.seen.has(key) && holds(moment, facts)) this.seen.add(key);
    return holds(this.expression, facts, (key) => this.seen.has(key));
  }

  /** What has been done of the several things that it waits for, in their order; nothing where it is one. @param {Facts} facts @returns {boolean[]} */
  parts(facts) {
    const parts = partsOf(this.expression);
    return parts.length < 2 ? [] : parts.map((part) => holds(part, facts, (key) => this.seen.has(key)));
  }
}

/** What all has to be so. @param {Expression} expression @returns {Expression[]} */
function partsOf([kind, ...parts]) {
  if (kind === "all") return parts.flatMap(partsOf);
  // What must not be so is nothing to do.
  if (kind === "not") return [];
  return kind === "seen" && parts.length === 2 ? parts[1].map((/** @type {unknown} */ value) => ["seen", parts[0], [value]]) : [[kind, ...parts]];
}

/** All that an expression asks to have been so once: each an expression of now. @param {Expression} expression @returns {Expression[]} */
function momentsIn([kind, ...parts]) {
  if (kind === "seen") return momentsOf(parts);
  return ["all", "any", "not"].includes(kind) ? parts.flatMap(momentsIn) : [];
}

/** @param {any[]} parts behind "seen" @returns {Expression[]} */
const momentsOf = ([what, values]) => (values ? values.map((/** @type {unknown} */ value) => ["=", what, value]) : [what]);

/** @param {Expression} moment */
const keyOf = (moment) => JSON.stringify(moment);

/** A value as it is written, or another fact, times a number, plus a number. @param {any} value @param {Facts} facts @returns {any} */
function valueOf(value, facts) {
  if (typeof value !== "object" || value === null || !("fact" in value)) return value;
  const { fact, times = 1, plus = 0 } = value;
  const other = facts(fact);
  const isCalculated = "times" in value || "plus" in value;
  if (!isCalculated) return other;
  return isNumber(plain(other)) ? times * plain(other) + plus : undefined;
}

/** @param {unknown} value @returns {value is number} */
const isNumber = (value) => typeof value === "number";

/** @param {unknown} one @param {unknown} other */
function isLess(one, other) {
  const [low, high] = [plain(one), plain(other)];
  return isNumber(low) && isNumber(high) && low < high;
}

/** Equal, cell by cell. @param {any} found @param {any} wanted @returns {boolean} */
function isSame(found, wanted) {
  if (found === undefined || wanted === undefined) return false;
  if (typeof found !== "object" || typeof wanted !== "object" || found === null || wanted === null) return plain(found) === plain(wanted);
  const names = Object.keys(wanted);
  return Array.isArray(found) === Array.isArray(wanted) && Object.keys(found).length === names.length && names.every((name) => isSame(found[name], wanted[name]));
}

/** @param {any} found @param {any} wanted @param {number} [tolerance] @returns {boolean} */
function isNear(found, wanted, tolerance) {
  if (Array.isArray(wanted)) return Array.isArray(found) && found.length === wanted.length && wanted.every((value, at) => isNear(found[at], value, tolerance));
  const [one, other] = [plain(found), plain(wanted)];
  return isNumber(one) && isNumber(other) && (one === other || Math.abs(one - other) <= (tolerance ?? halfOfTheFourthDigit(other)));
}

/** Of 0 it is the fourth place behind the point. @param {number} value */
const halfOfTheFourthDigit = (value) => (value === 0 ? 5e-5 : (1 + 1e-9) * 0.5 * 10 ** (Math.floor(Math.log10(Math.abs(value))) - 3));

/** What JSON has no number for is written as a word. @param {any} value */
const plain = (value) => (value === "NaN" || value === "Infinity" || value === "-Infinity" ? Number(value) : value);
