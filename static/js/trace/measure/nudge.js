import { decimals, precisely, shown } from "../../core/format.js";
import { SAMPLE_AXIS } from "../program/program.js";
import { isKeptBack } from "../program/reveal.js";
import { subjectOf } from "../explain/subject.js";

/**
 * Moving one number and looking at the loss: what is moved, and what the answer of POST /sessions/{id}/slice means. Pure.
 *
 * @typedef {import("../../state.js").State} State
 * @typedef {{tensor: string, layer: number, unit: number, sample: number}} Kink numbers from 0, the layer from 1
 * @typedef {object} Nudge
 * @property {string} tensor a parameter, or x
 * @property {number[]} index all axes in its scope
 * @property {number | null} sample null: the whole batch
 * @property {boolean} isTaken whether the current step has been taken: the server then knows the next one only
 *
 * @typedef {{value: number, loss: number}} MovedTo
 * @typedef {object} Slice
 * @property {number} value
 * @property {number} loss
 * @property {number} gradient
 * @property {number} h
 * @property {MovedTo} below
 * @property {MovedTo} above
 * @property {number} slope
 * @property {number} relative_difference
 * @property {number} best_h
 * @property {"agrees" | "differs" | "skipped"} verdict
 * @property {Kink[]} kinks
 * @property {number} kinks_in_all
 * @property {number[]} values
 * @property {number[]} losses
 * @property {boolean[]} masks_differ
 */

const MOVABLE = ["W", "b", "x"];
const LEADING_TO_ONE = ["dW", "db", "dx", "next"];
const POINTS = 48;
/** A step so many times the best one is small or large enough to be the reason of a difference. */
const FAR = 20;

/**
 * What of the cell in focus can be moved; null: nothing.
 * @param {State} state
 * @returns {Nudge | null}
 */
export function nudgeOf(state) {
  const { batch, session, focus, live } = state;
  // An experiment does not tell the number that is to be predicted.
  if (!batch || !session || !focus || live || isKeptBack(state) || !batch.program.byName.has(focus.tensor)) return null;
  const { program } = batch;
  const tensor = program.tensor(focus.tensor);
  const source = tensor.of && LEADING_TO_ONE.includes(tensor.role) ? program.tensor(tensor.of) : tensor;
  if (!MOVABLE.includes(source.role)) return null;
  const scope = subjectOf(state, null)?.operation.scope;
  const isInput = source.axes[0] === SAMPLE_AXIS;
  return {
    tensor: source.name,
    index: isInput ? [0, ...focus.index] : focus.index,
    sample: scope === "batch" && !isInput ? null : state.sample,
    isTaken: session.step >= batch.header.step,
  };
}

/**
 * Where the loss is wanted for a picture: evenly around the value, so far that the nudge has room.
 * @param {number} value
 * @param {number} h
 * @returns {number[]}
 */
export function placesAround(value, h) {
  const reach = Math.max(1, 1.6 * h);
  return Array.from({ length: POINTS + 1 }, (_, at) => value + reach * ((2 * at) / POINTS - 1));
}

/**
 * What there is to say about the two numbers.
 * @param {Slice} slice
 * @returns {"kink" | "agree" | "bend" | "rounding" | "differ"}
 */
export function storyOf({ verdict, h, best_h: best }) {
  if (verdict === "skipped") return "kink";
  if (verdict === "agrees") return "agree";
  if (h > FAR * best) return "bend";
  return h < best / FAR ? "rounding" : "differ";
}

/** No number of the machine has more digits. */
const MOST_DIGITS = 17;

/**
 * The losses on both sides and what lies between the two places, with as few digits as give a reader's calculator the
 * slope that stands beside them.
 * @param {Pick<Slice, "above" | "below" | "h" | "slope">} slice
 * @returns {{above: string, below: string, width: string}}
 */
export function quotientOf({ above, below, h, slope }) {
  const gap = Math.abs(above.loss - below.loss);
  const first = gap > 0 && Number.isFinite(gap) ? Math.max(1, -Math.floor(Math.log10(gap))) : 1;
  let digits = 3;
  const places = () => Math.min(MOST_DIGITS, first + digits - 1);
  const isEnough = () => {
    const rise = Number(above.loss.toFixed(places())) - Number(below.loss.toFixed(places()));
    return shown(rise / Number((2 * h).toPrecision(digits))) === shown(slope);
  };
  while (Number.isFinite(slope) && digits < MOST_DIGITS && !isEnough()) digits++;
  return { above: decimals(above.loss, places()), below: decimals(below.loss, places()), width: precisely(2 * h, digits) };
}
