import { html, nothing, svg } from "../../vendor/lit.js";
import { exactly, number, shown } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { stackOf } from "../../trace/explain/stack.js";

/** The picture's own units; it is scaled to the width of the card. */
const WIDTH = 300;
const HEIGHT = 80;
/** Room for the numbers above the bars and for the samples below them. */
const [ABOVE, BELOW] = [16, 20];
/** From so many samples on only the result has its number over it, and from so many on only the result its name below it. */
const [MOST_NUMBERS, MOST_NAMES] = [5, 20];
/** Slots between the last sample and the result. */
const GAP = 0.6;
/** A bar of 0 is still a line. */
const LOWEST = 1.5;

/**
 * The samples' gradients as bars that stack into the gradient of the batch.
 * @param {import("../../state.js").State} state
 * @param {import("../../trace/explain/subject.js").Subject} subject
 */
export function stackTemplate(state, subject) {
  const stack = stackOf(state, subject);
  if (!stack) return nothing;
  const { parts, result, isMean, isResultKnown, parameter, place } = stack;
  const ends = [0, result, ...parts.map(({ to }) => to)].filter(Number.isFinite);
  const [low, high] = [Math.min(...ends), Math.max(...ends)];
  const up = (/** @type {number} */ value) => HEIGHT - BELOW - ((value - low) / (high - low || 1)) * (HEIGHT - ABOVE - BELOW);
  const slot = WIDTH / (parts.length + 1 + GAP);
  const width = Math.min(28, slot * 0.8);
  const middle = (/** @type {number} */ at) => (at + 0.5) * slot;
  const last = middle(parts.length + GAP);
  /** @param {number} x @param {number} from @param {number} to @param {string} kind @param {string} title */
  const bar = (x, from, to, kind, title) => {
    const height = Math.max(LOWEST, Math.abs(up(from) - up(to)));
    return svg`<rect class=${kind} x=${x - width / 2} y=${Math.min(up(from), up(to))} width=${width} height=${height}><title>${title}</title></rect>`;
  };
  /** The number over a bar, if any, and the name below it. @param {number} x @param {{from: number, to: number}} ends @param {number | null} value @param {string} below @param {string} kind */
  const labels = (x, { from, to }, value, below, kind) => [
    value === null ? "" : svg`<text class="length" x=${x} y=${Math.min(up(from), up(to)) - 4}>${number(value)}</text>`,
    below === "" ? "" : svg`<text class=${kind} x=${x} y=${HEIGHT - 4}>${below}</text>`,
  ];
  const numberOver = (/** @type {number} */ value) => (parts.length > MOST_NUMBERS ? null : isMean ? value / parts.length : value);
  const name = `d${parameter}[${place.join(", ")}]`;
  const isOnShow = (/** @type {number} */ sample) => (sample === state.sample ? "is-shown" : "");
  return html`<figure class="stack">
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label=${t(isMean ? "card.stack.label" : "card.stack.label_sum", { name, values: parts.map(({ value }) => number(value)).join("; ") })}>
      <line class="zero" x1="0" y1=${up(0)} x2=${WIDTH} y2=${up(0)}></line>
      ${parts.map(({ to }, at) => svg`<line class="join" x1=${middle(at)} y1=${up(to)} x2=${at + 1 < parts.length ? middle(at + 1) : last} y2=${up(to)}/>`)}
      ${parts.map(({ sample, value, from, to }, at) => bar(middle(at), from, to, `part ${isOnShow(sample)}`, `${t("card.sample", { sample: sample + 1 })}: ${exactly(value)}`))}
      ${bar(last, 0, result, isResultKnown ? "result" : "result is-open", isResultKnown ? exactly(result) : t("card.not_computed"))}
      ${parts.map(({ sample, value, from, to }, at) => labels(middle(at), { from, to }, numberOver(value), parts.length > MOST_NAMES ? "" : String(sample + 1), isOnShow(sample)))}
      ${labels(last, { from: 0, to: result }, isResultKnown ? result : null, t(isMean ? "card.average.mean" : "card.average.sum"), "")}
    </svg>
    <figcaption class="quiet">${t(isMean ? "card.stack.mean" : "card.stack.sum", { count: parts.length })} ${isMean ? exampleOf(stack, state.sample) : nothing}</figcaption>
  </figure>`;
}

/** How the bar of the current sample comes about, in numbers. @param {import("../../trace/explain/stack.js").Stack} stack @param {number} sample */
function exampleOf({ parts }, sample) {
  const part = parts.find((one) => one.sample === sample);
  if (!part || part.value === 0 || !Number.isFinite(part.value)) return nothing;
  const m = parts.length;
  const sign = shown(shown(part.value) / m) === shown(part.value / m) ? "=" : "\u2248";
  return `(${t("card.sample", { sample: sample + 1 })}: ${number(part.value)}\u2009/\u2009${m} ${sign} ${number(part.value / m)})`;
}
