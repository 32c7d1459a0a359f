/**
 * The learning curve as one line above the scrubber: the loss of each step, with marks at the current one and at one that is kept to compare.
 *
 * @typedef {{step: number[], loss: unknown[], held_out_loss: unknown[]}} History
 * @typedef {{history: History, step: number, last: number, kept: number | null, width: number, height: number, words: number,
 *   colours: Record<"line" | "heldOut" | "marker" | "surface", string>}} LearningCurveScene step, last and kept count steps from 1; words: how far from the right end words stand over it
 */

/** Room for the marker at both ends, and above and below the line. */
const SIDE = 6;
const TOP = 19;
/** So far down the words over the line go. */
const WORDS = 15;
/** The line has at least this height, the words over it or not. */
const LEAST_LINE = 6;
const BOTTOM = 6;
/** The marker, and how much of a low curve it takes at most; between it and the edge, for its rim. */
const MARKER = 5;
const MARKER_PART = 0.34;
const RIM = 1;
/** So few points are seen one by one. */
const FEW = 12;

/** The step under a pixel. @param {number} x @param {{width: number, last: number}} room */
export const stepAt = (x, { width, last }) => 1 + (Math.min(1, Math.max(0, (x - SIDE) / (width - 2 * SIDE)))) * Math.max(1, last - 1);

/**
 * From which loss to which the curve goes: a first step that takes a good part of the loss is seen to fall, one that takes little is not.
 * @param {number[]} losses
 */
export function reachOf(losses) {
  const high = Math.max(...losses, 1e-9);
  return { low: Math.min(high / 2, ...losses), high };
}

/**
 * What a curve reaches from a place on: its numbers there, and where it comes in.
 * @param {number[]} xs @param {unknown[]} losses @param {number} begin
 */
function highestFrom(xs, losses, begin) {
  const known = losses.flatMap((loss, at) => (typeof loss === "number" && Number.isFinite(loss) ? [{ x: xs[at], loss }] : []));
  const first = known.findIndex(({ x }) => x >= begin);
  if (first < 0) return [];
  const [before, next] = [known[first - 1], known[first]];
  const coming = before ? [next.loss + ((before.loss - next.loss) * (next.x - begin)) / (next.x - before.x)] : [];
  return [...coming, ...known.slice(first).map(({ loss }) => loss)];
}

/** @param {CanvasRenderingContext2D} ctx @param {LearningCurveScene} scene */
export function drawLearningCurve(ctx, scene) {
  const { history, step, last, kept, width, height, words, colours } = scene;
  const x = (/** @type {number} */ at) => SIDE + ((at - 1) / Math.max(1, last - 1)) * (width - 2 * SIDE);
  const numeric = [...history.loss, ...history.held_out_loss].flatMap((loss) => (typeof loss === "number" && Number.isFinite(loss) ? [loss] : []));
  const { low, high } = reachOf(numeric);
  const marker = Math.min(MARKER, height * MARKER_PART);
  const bottom = Math.min(BOTTOM, marker + RIM);
  const whole = marker + RIM;
  const yFrom = (/** @type {number} */ top) => (/** @type {number} */ loss) => height - bottom - ((loss - low) / (high - low)) * (height - top - bottom);
  // The words have their own room only where the curve would run into them: most curves have gone down by there.
  const begin = width - words;
  const isClear = [history.loss, history.held_out_loss].every((losses) => highestFrom(history.step.map(x), losses, begin).every((loss) => yFrom(whole)(loss) >= WORDS));
  const y = yFrom(isClear ? whole : Math.max(whole, Math.min(TOP, height - bottom - LEAST_LINE)));
  ctx.lineJoin = "round";
  const line = (/** @type {unknown[]} */ losses) => {
    ctx.beginPath();
    let isOpen = false;
    losses.forEach((loss, at) => {
      if (typeof loss !== "number" || !Number.isFinite(loss)) return;
      if (isOpen) ctx.lineTo(x(history.step[at]), y(loss));
      else ctx.moveTo(x(history.step[at]), y(loss));
      isOpen = true;
    });
    ctx.stroke();
  };
  ctx.lineWidth = 2;
  ctx.strokeStyle = colours.heldOut;
  ctx.setLineDash([4, 4]);
  line(history.held_out_loss);
  ctx.setLineDash([]);
  ctx.lineWidth = 1.75;
  ctx.strokeStyle = colours.line;
  line(history.loss);
  const dot = (/** @type {number} */ at, /** @type {number} */ loss, /** @type {number} */ radius, /** @type {boolean} */ isFilled) => {
    ctx.beginPath();
    ctx.arc(x(at), y(loss), radius, 0, 2 * Math.PI);
    ctx.fillStyle = isFilled ? colours.marker : colours.surface;
    ctx.fill();
    ctx.stroke();
  };
  const lossAt = (/** @type {number} */ at) => {
    const place = history.step.findIndex((one) => one >= at);
    const loss = history.loss[place < 0 ? history.loss.length - 1 : place];
    return typeof loss === "number" && Number.isFinite(loss) ? loss : 0;
  };
  ctx.lineWidth = 1.5;
  if (history.step.length < FEW) history.step.forEach((at, place) => typeof history.loss[place] === "number" && dot(at, /** @type {number} */ (history.loss[place]), 2, true));
  if (kept !== null) dot(kept, lossAt(kept), marker - 1, false);
  ctx.strokeStyle = colours.surface;
  dot(step, lossAt(step), marker, true);
}
