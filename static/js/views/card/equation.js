import { html, nothing } from "../../vendor/lit.js";
import { mo, row } from "../../trace/formula/markup.js";
import { math } from "./math.js";

const ABOUT = "\u2248";

/** @param {string} sign @param {import("../../trace/formula/markup.js").Markup} markup */
const after = (sign, markup) => row(mo(sign, { form: "infix" }), markup);

/**
 * Symbols, then the same with numbers, then the result; lines break between summands.
 * @param {import("../../trace/explain/explain.js").Explanation} explanation
 */
export function equationTemplate({ equation, subject, isKnown, areInputsKnown }) {
  if (!equation) return nothing;
  const at = subject.trace.at.bind(subject.trace);
  const { left, relation, symbols, numbers, result, isResultAlone, reason, isExact } = equation;
  const [first, ...others] = symbols;
  const [firstNumber, ...otherNumbers] = numbers;
  // A result that has not arrived keeps its place, so that nothing moves when it does.
  const pending = isKnown ? "" : "is-pending";
  const outcome = after(isExact ? "=" : ABOUT, result);
  return html`<div class="equation">
    <span class="left">${math(left)}</span>
    <span class="right">${[after(relation, first), ...others].map((part) => math(part))}</span>
    ${areInputsKnown
      ? html`<span class="right numbers">
          ${isResultAlone
            ? html`<span class=${pending}>${[after("=", result), ...(reason ? [reason] : [])].map((part) => math(part, at))}</span>`
            : html`${[after("=", firstNumber), ...otherNumbers].map((part) => math(part, at))}<span class=${pending}>${math(outcome, at)}</span>`}
        </span>`
      : nothing}
  </div>`;
}
