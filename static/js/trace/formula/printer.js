import { listMark, number } from "../../core/format.js";
import { isTextbook } from "../../core/notation.js";
import { branchesOf } from "./cases.js";
import { fraction, gap, mi, mn, mo, parenthesised, plain, root, row, sub, sup, table, under, withClass } from "./markup.js";
import { ATOM, OVER, SIGNS, writtenSign } from "./signs.js";
import { outputPlace, placeMark, symbol } from "./symbol.js";
import { indexAt, runs, valueOf } from "./value.js";

/**
 * Prints a bound formula as MathML: with symbols, or with the numbers of a trace.
 *
 * @typedef {import("./bind.js").Bound} Bound
 * @typedef {import("./markup.js").Markup} Markup
 * @typedef {import("../program/trace.js").Trace} Trace
 * @typedef {import("./value.js").Running} Running
 * @typedef {import("./cases.js").Branch} Branch
 * @typedef {import("./cases.js").Condition} Condition
 */

/** A sum with more terms shows three of them, and ellipses. */
export const MOST_TERMS = 4;
const SHOWN_TERMS = 3;

const ELLIPSIS = "\u2026";

/** How tightly the question of a formula with cases binds. */
const LOOSEST = 0;

/** @param {Bound} expr */
function tightness(expr) {
  if (expr.kind === "apply") return expr.sign === "if" ? LOOSEST : SIGNS[expr.sign].tightness;
  return expr.kind === "over" ? OVER[expr.sign].tightness : ATOM;
}

/** The terms that add most, the largest first; none, where the usual ones all add something. @param {number[]} values @param {number[]} usual */
function addingMost(values, usual) {
  if (usual.every((at) => values[at] !== 0)) return [];
  return [...values.keys()].filter((at) => values[at] !== 0).sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]));
}

export class Printer {
  /**
   * @param {Trace} trace
   * @param {boolean} hasNumbers cells as their values, or as their symbols
   */
  constructor(trace, hasNumbers) {
    this.trace = trace;
    this.hasNumbers = hasNumbers;
  }

  /**
   * The summands of a formula, each with the sign before it, so that a narrow page can break the line between them.
   * @param {Bound} expr
   * @param {Running} [running]
   * @returns {Markup[]}
   */
  chunks(expr, running = new Map()) {
    if (expr.kind === "over" && expr.sign === "sum" && this.hasNumbers) return this.terms(expr, running);
    if (expr.kind === "apply" && (expr.sign === "+" || expr.sign === "-")) {
      const [left, right] = expr.parts;
      const last = expr.sign === "+" && right.kind === "over" && this.hasNumbers ? this.terms(right, running, true) : [this.added(expr.sign, right, running)];
      return [...this.chunks(left, running), ...last];
    }
    if (expr.kind === "apply" && expr.sign === "neg" && this.hasNumbers && expr.parts[0].kind === "over") {
      const inner = this.chunks(expr.parts[0], running);
      return inner.map((chunk, position) => {
        const opening = position === 0 ? [mo("\u2212", { form: "prefix" }), mo("(", { stretchy: "false" })] : [];
        return row(...opening, chunk, ...(position === inner.length - 1 ? [mo(")", { stretchy: "false" })] : []));
      });
    }
    return [this.print(expr, running)];
  }

  /**
   * A summand with the sign before it; a negative number brings its own sign.
   * @param {string} sign
   * @param {Bound} expr
   * @param {Running} running
   */
  added(sign, expr, running) {
    const minus = "\u2212";
    const text = this.hasNumbers && expr.kind === "cell" ? plain(this.print(expr, running)) : "";
    if (text.startsWith(minus)) {
      const size = { ...this.print(expr, running), children: [text.slice(1)] };
      return row(mo(sign === "+" ? minus : "+", { form: "infix" }), size);
    }
    return row(mo(sign === "+" ? "+" : minus, { form: "infix" }), this.within(expr, sign === "+" ? 1 : 2, running, false));
  }

  /** @param {Bound & {kind: "over"}} expr @param {Running} running @param {boolean} [isContinued] whether a summand stands before */
  terms(expr, running, isContinued = false) {
    return this.shownOf(expr, running).map((now, position) => {
      const isFirst = position === 0 && !isContinued;
      if (now === null) return isFirst ? mi(ELLIPSIS) : row(mo("+", { form: "infix" }), mi(ELLIPSIS));
      return isFirst ? this.within(expr.body, 2, now) : this.added("+", expr.body, now);
    });
  }

  /**
   * Which terms of a long sum are shown: the first two and the last, unless one of them adds nothing and others do; then the
   * largest, so that nobody sees zeros add up to something. Of a maximum, the largest in any case.
   * @param {Bound & {kind: "over"}} expr @param {Running} running
   * @returns {(Running | null)[]} null: some are left out
   */
  shownOf(expr, running) {
    const all = runs(expr.variables, running);
    if (all.length <= MOST_TERMS) return all;
    const values = all.map((now) => valueOf(expr.body, (tensor, index) => this.trace.at(tensor, index), now));
    const usual = [0, 1, all.length - 1];
    const telling = expr.sign === "sum" ? addingMost(values, usual) : [values.indexOf(Math.max(...values))];
    const shown = [...new Set([...telling, ...usual])].filter((at) => at >= 0).slice(0, SHOWN_TERMS).sort((a, b) => a - b);
    const gapAfter = (/** @type {number} */ at, /** @type {number} */ next) => (next > at + 1 ? [null] : []);
    return [...gapAfter(-1, shown[0]), ...shown.flatMap((at, place) => [all[at], ...gapAfter(at, shown[place + 1] ?? all.length)])];
  }

  /** @param {Bound} expr @param {number} least tightness without parentheses @param {Running} running @param {boolean} [isFirst] @returns {Markup} */
  within(expr, least, running, isFirst = true) {
    const isProduct = expr.kind === "apply" && expr.sign === "*";
    const inner = isProduct ? this.product(expr, running, isFirst) : this.print(expr, running);
    const isNegative = !isFirst && !isProduct && plain(inner).startsWith("\u2212");
    return tightness(expr) < least || isNegative ? parenthesised(inner) : inner;
  }

  /** @param {Bound} expr @param {Running} running @returns {Markup} */
  print(expr, running) {
    if (expr.kind === "number") return mn(number(expr.value));
    if (expr.kind === "cell") return this.cell(expr.tensor, expr.index, running);
    if (expr.kind === "delta") {
      if (this.hasNumbers) return mn(String(valueOf(expr, () => 0, running)));
      return sub(mi("\u03b4"), row(...expr.places.map((place) => placeMark(outputPlace(this.trace.program, place)))));
    }
    if (expr.kind === "over") return this.over(expr, running);
    if (expr.sign === "if") return this.cases(expr, running);
    const [a, b] = expr.parts;
    const text = writtenSign(expr.sign);
    switch (SIGNS[expr.sign].form) {
      case "sum":
        return row(...this.chunks(expr, running));
      case "product":
        return this.product(expr, running, true);
      case "fraction":
        return fraction(this.print(a, running), this.print(b, running));
      case "negative":
        return row(mo("\u2212", { form: "prefix" }), this.within(a, 2, running, false));
      case "call":
        return row(mi(text), parenthesised(this.print(a, running)));
      case "root":
        return root(this.print(a, running));
      case "size":
        return row(mo("|", { stretchy: "false" }), this.print(a, running), mo("|", { stretchy: "false" }));
      case "logarithm":
        return row(mi(text), gap(), this.within(a, ATOM, running, false));
      case "list":
        return row(mi(text), parenthesised(row(this.print(a, running), mo(this.hasNumbers ? listMark() : ","), this.print(b, running))));
      case "relation":
        return row(this.print(a, running), mo(text), this.print(b, running));
    }
  }

  /** @param {Bound & {kind: "apply"}} expr @param {Running} running @param {boolean} isFirst whether nothing stands before it @returns {Markup} */
  product(expr, running, isFirst) {
    const [a, b] = expr.parts;
    if (JSON.stringify(a) === JSON.stringify(b)) return sup(this.base(a, running), mn("2"));
    const [left, right] = isTextbook() && this.isSwapped(a, b) ? [b, a] : [a, b];
    return row(this.within(left, 2, running, isFirst), mo("\u00b7"), this.within(right, 2, running, false));
  }

  /** In textbooks the weight stands first, and a gradient before what came in. @param {Bound} a @param {Bound} b */
  isSwapped(a, b) {
    if (a.kind !== "cell" || b.kind !== "cell") return false;
    const [left, right] = [a, b].map(({ tensor }) => this.trace.program.tensor(tensor));
    return right.role === "W" || (["a", "x"].includes(left.role) && right.of !== null);
  }

  /** What stands under a power. @param {Bound} expr @param {Running} running */
  base(expr, running) {
    const inner = this.print(expr, running);
    return inner.tag === "mn" && !plain(inner).startsWith("\u2212") ? inner : parenthesised(inner);
  }

  /** @param {string} tensor @param {import("./symbol.js").Place[]} places @param {Running} running */
  cell(tensor, places, running) {
    if (!this.hasNumbers) return symbol(this.trace.program, tensor, places);
    const index = indexAt(places, running);
    const cell = mn(number(this.trace.at(tensor, index)));
    return { ...withClass(cell, tensor.startsWith("d") && this.trace.program.tensor(tensor).of ? "gradient" : "value"), cell: { tensor, index } };
  }

  /** A sum or a maximum over letters. @param {Bound & {kind: "over"}} expr @param {Running} running */
  over(expr, running) {
    if (this.hasNumbers && expr.sign === "sum") return row(...this.terms(expr, running));
    if (this.hasNumbers) {
      const list = this.shownOf(expr, running).flatMap((now, position) => {
        const entry = now ? this.print(expr.body, now) : mi(ELLIPSIS);
        return position ? [mo(listMark(), { separator: "true" }), entry] : [entry];
      });
      return row(mi(OVER[expr.sign].text), parenthesised(row(...list)));
    }
    const letters = row(...expr.variables.map(({ letter }) => mi(letter)));
    const sign = mo(OVER[expr.sign].text, { ...OVER[expr.sign].attributes, movablelimits: "false" });
    return row(under(sign, letters), this.within(expr.body, 2, running));
  }

  /** @param {Bound & {kind: "apply"}} expr @param {Running} running */
  cases(expr, running) {
    const at = (/** @type {string} */ tensor, /** @type {number[]} */ index) => this.trace.at(tensor, index);
    const branches = branchesOf(expr);
    if (this.hasNumbers && Number.isNaN(valueOf(expr, at, running))) return mn(number(NaN));
    if (this.hasNumbers) {
      const applying = branches.find(({ condition }) => condition === null || valueOf(condition.test, at, running) === Number(condition.wanted));
      const { result, condition } = /** @type {Branch} */ (applying);
      const reason = condition && row(mo("[", { stretchy: "false" }), this.condition(condition, running), mo("]", { stretchy: "false" }));
      return reason ? row(this.print(result, running), mo("\u2002"), withClass(reason, "reason")) : this.print(result, running);
    }
    const rows = branches.map(({ result, condition }) => [this.print(result, running), condition ? this.condition(condition, running) : mi("")]);
    return row(mo("{", { stretchy: "true", form: "prefix" }), table(rows));
  }

  /** @param {Condition} condition @param {Running} running */
  condition({ test, sign }, running) {
    const [left, right] = /** @type {Bound & {kind: "apply"}} */ (test).parts;
    const actual = this.hasNumbers ? this.relation(left, right, running) : sign;
    return row(this.print(left, running), mo(actual), this.print(right, running));
  }

  /** How two numbers really compare. @param {Bound} left @param {Bound} right @param {Running} running */
  relation(left, right, running) {
    const [a, b] = [left, right].map((part) => valueOf(part, (tensor, index) => this.trace.at(tensor, index), running));
    return a > b ? ">" : a < b ? "<" : a === b ? "=" : "\u2260";
  }
}
