import { svg } from "../vendor/lit.js";

/** Of the picture, in px, and what of it stays free around the curve. */
const WIDTH = 48;
const HEIGHT = 36;
const INSET = 3;
/** What the picture shows of z and a: every activation in the same window, so that they can be compared. */
const ACROSS = [-3, 3];
const UP = [-1.5, 3];

/** @param {number} z */
const xOf = (z) => INSET + ((z - ACROSS[0]) / (ACROSS[1] - ACROSS[0])) * (WIDTH - 2 * INSET);
/** @param {number} a */
const yOf = (a) => HEIGHT - INSET - ((Math.max(UP[0], Math.min(UP[1], a)) - UP[0]) / (UP[1] - UP[0])) * (HEIGHT - 2 * INSET);

/** The points of a polyline. @param {[number, number][]} curve */
export const pointsOf = (curve) => curve.filter(([, a]) => a >= UP[0] && a <= UP[1]).map(([z, a]) => `${xOf(z).toFixed(1)},${yOf(a).toFixed(1)}`).join(" ");

/** An activation as the engine computes it, over its two axes. @param {[number, number][]} curve */
export const activationPicture = (curve) => svg`<svg class="activation-picture" viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} width=${WIDTH} height=${HEIGHT} aria-hidden="true">
  <path class="axes" d=${`M${INSET} ${yOf(0)}H${WIDTH - INSET}M${xOf(0)} ${INSET}V${HEIGHT - INSET}`}/><polyline points=${pointsOf(curve)}/></svg>`;
