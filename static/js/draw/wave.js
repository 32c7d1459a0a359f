import { stopsOf } from "../trace/explain/stopped.js";
import { BEATS } from "../trace/explain/opening.js";
import { ease, radiusOf } from "./frame.js";
import { straight } from "./lanes.js";

/**
 * What the opening shows beside the operations of the step: the gaps on their way to the last units, before these send
 * anything on, and gradients that come to a shut gate again and again while the words say that they end there.
 *
 * @typedef {import("./geometry.js").Lane} Lane
 * @typedef {{lane: Lane, radius: number, from: number, to: number, ends: boolean}} Ripple from, to: ms of the opening; ends: whether it goes out where its lane ends
 */

/** How often a gradient comes to a shut gate while this is told. */
const TIMES = 2;
/** A shorter way to a gate has no room for a dot that comes: it would cover the mark of what has stopped. */
const LEAST_WAY = 20;
/** The part of its way in which what ends goes out. */
const GOING_OUT = 0.3;

/**
 * @param {import("../trace/program/trace.js").Trace} trace in sample scope
 * @param {import("./geometry.js").Geometry} geometry
 * @returns {Ripple[]}
 */
export function ripplesOf(trace, geometry) {
  const { program } = trace;
  if (geometry.isInRows) return [];
  const { depth } = program;
  const gradient = (/** @type {string} */ role, /** @type {number} */ layer, /** @type {number} */ unit) => trace.cells(/** @type {any} */ (trace.named(role, layer)).name)[unit];
  const gaps = Array.from({ length: program.units(depth) }, (_, unit) => {
    const [bar, z] = [geometry.a(depth, unit), geometry.z(depth, unit)];
    const lane = straight({ x: bar.x + geometry.bar.width / 2, y: bar.y }, { x: z.x + geometry.w, y: z.y });
    return { lane, radius: radiusOf(gradient("dz", depth, unit)), from: BEATS.gone, to: BEATS.packets, ends: false };
  });
  const last = (BEATS.still - BEATS.again) / TIMES;
  const stops = stopsOf(trace).flatMap(({ layer, unit }) => {
    const [a, gate] = [geometry.a(layer, unit), geometry.gateCentre(layer, unit)];
    const [start, end] = [a.x - geometry.w, gate.x + geometry.gate / 2];
    if (start - end < LEAST_WAY) return [];
    const lane = straight({ x: start, y: a.y }, { x: end, y: gate.y });
    const radius = radiusOf(gradient("da", layer, unit));
    return Array.from({ length: TIMES }, (_, time) => ({ lane, radius, from: BEATS.again + time * last, to: BEATS.again + (time + 1) * last, ends: true }));
  });
  return [...gaps, ...stops];
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Ripple[]} ripples
 * @param {number} ms of the opening
 * @param {import("./frame.js").Colours} colours
 * @returns {boolean} whether any of them is on its way
 */
export function drawRipples(context, ripples, ms, colours) {
  let isAny = false;
  context.fillStyle = colours.backward;
  for (const { lane, radius, from, to, ends } of ripples) {
    const time = (ms - from) / (to - from);
    if (time <= 0 || time >= 1) continue;
    isAny = true;
    const { x, y } = lane(ease(time));
    context.globalAlpha = ends ? Math.min(1, (1 - time) / GOING_OUT) : 1;
    context.beginPath();
    context.arc(x, y, radius, 0, 7);
    context.fill();
  }
  context.globalAlpha = 1;
  return isAny;
}
