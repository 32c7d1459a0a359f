import { html, nothing } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { symbol } from "../../trace/formula/symbol.js";
import { math } from "./math.js";

/**
 * A question as a sentence, with the sign of what it asks for.
 * @param {import("../../trace/ask/predict.js").Question} question
 * @param {import("../../trace/explain/subject.js").Subject} subject
 */
export function questionTemplate({ kind }, { trace, target, index }) {
  const [before, after] = t(`predict.ask.${kind}`).split("{name}");
  return html`${before}${after === undefined ? nothing : math(symbol(trace.program, target, index))}${after}`;
}
