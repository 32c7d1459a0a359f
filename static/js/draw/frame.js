import { signed } from "../core/format.js";
import { unitProgress } from "../trace/program/timeline.js";

/**
 * Draws what moves, for one moment. Pure: (context, what, when) -> pixels.
 *
 * @typedef {import("./packets.js").Packet} Packet
 * @typedef {import("../trace/program/timeline.js").Timeline} Timeline
 * @typedef {import("../trace/program/timeline.js").Moment} Moment
 * @typedef {{forward: string, backward: string, onSolid: string, problem: string, gate: string, font: string}} Colours
 * @typedef {{packets: Packet[], isBackward: boolean, size: "full" | "compact" | "tiny", lift: number, areDots: boolean}} Traffic
 *   areDots: whether packets that cross show no numbers
 */

/** The part of an operation's motion in which gates' dots move, where a caption asks for it. */
export const WIGGLE_PART = 0.55;

/** A smaller dot would not be seen, in px. */
const LEAST_DOT = 3;
/** A shorter way than this has no room for a number beside the circles at its ends. */
const NUMBER_ROOM = 40;

/** More packets than this are dots: their numbers could not be read. */
const MAX_NUMBERS = 16;

/**
 * A spot that stays on its side of a wall, with room for what is drawn there.
 * @param {{x: number, y: number}} spot @param {number | null} wall @param {number} heading @param {number} room
 */
function behindWall(spot, wall, heading, room) {
  if (wall === null) return spot;
  return { x: heading < 0 ? Math.max(spot.x, wall + room) : Math.min(spot.x, wall - room), y: spot.y };
}

/** A dot by the logarithm of what it carries, in px: 5 for 0.1, 2.5 more for ten times as much. @param {number} value */
export const radiusOf = (value) => (Number.isFinite(value) ? Math.min(9, Math.max(LEAST_DOT, 7.5 + 2.5 * Math.log10(Math.abs(value)))) : 9);

/** Slow at both ends. @param {number} t */
export const ease = (t) => t * t * (3 - 2 * t);

/** How much of its way a packet has gone, in time. @param {Packet} packet @param {Timeline} timeline @param {Moment} moment @param {boolean} isLate */
function timeOf(packet, timeline, moment, isLate) {
  const raw = unitProgress(timeline, moment, packet.unit);
  return isLate ? Math.max(0, (raw - WIGGLE_PART) / (1 - WIGGLE_PART)) : raw / 0.88;
}

/** A packet that arrived is the value now; one that was stopped stays until its operation is over. @param {Packet} packet @param {number} time */
const isSeen = ({ isStopped }, time) => time > 0 && (time < 1 || isStopped);

/** So near is a finger to what it means, in px. */
const NEAR = 18;

/**
 * The packet that is nearest to a point, and near enough to be meant.
 * @param {Traffic} traffic @param {Timeline} timeline @param {Moment} moment @param {boolean} isLate @param {{x: number, y: number}} point
 * @returns {Packet | null}
 */
export function nearestPacket(traffic, timeline, moment, isLate, point) {
  let [best, least] = [/** @type {Packet | null} */ (null), NEAR];
  for (const packet of traffic.packets) {
    const time = timeOf(packet, timeline, moment, isLate);
    if (!isSeen(packet, time) || (moment.progress >= 1 && !packet.isStopped)) continue;
    const { x, y } = behindWall(packet.lane(ease(Math.min(1, time))), packet.wall, packet.lane(1).x < packet.lane(0).x ? -1 : 1, 4);
    const distance = Math.hypot(x - point.x, y - (packet.form === "number" ? traffic.lift : 0) - point.y);
    if (distance < least) [best, least] = [packet, distance];
  }
  return best;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Traffic} traffic
 * @param {Timeline} timeline
 * @param {Moment} moment
 * @param {Colours} colours
 * @param {boolean} isLate whether packets wait until gates' dots have moved
 * @returns {boolean} whether any packet is on its way
 */
export function drawPackets(context, traffic, timeline, moment, colours, isLate) {
  const colour = traffic.isBackward ? colours.backward : colours.forward;
  let isAny = false;
  for (const packet of traffic.packets) {
    const time = timeOf(packet, timeline, moment, isLate);
    if (!isSeen(packet, time)) continue;
    isAny = true;
    const way = ease(Math.min(1, time));
    const heading = packet.lane(1).x < packet.lane(0).x ? -1 : 1;
    const spot = behindWall(packet.lane(way), packet.wall, heading, 4);
    const room = Math.abs((packet.wall ?? packet.lane(1).x) - packet.lane(0).x);
    const isDot = traffic.size === "tiny" || traffic.areDots || (packet.form === "number" && room < NUMBER_ROOM) || traffic.packets.length > MAX_NUMBERS || packet.form === "dot" || (packet.form === "crossing" && (way < 0.2 || way > 0.8));
    // Before a wall it stays off the unit that it comes from.
    const most = packet.wall === null ? Infinity : Math.max(LEAST_DOT, room / 2);
    if (isDot) drawDot(context, spot, Math.min(most, radiusOf(packet.value)), colour);
    else drawNumber(context, spot, heading, packet, traffic, colour, colours);
  }
  return isAny;
}

/** @param {CanvasRenderingContext2D} context @param {{x: number, y: number}} spot @param {number} radius @param {string} colour */
function drawDot(context, spot, radius, colour) {
  context.fillStyle = colour;
  context.beginPath();
  context.arc(spot.x, spot.y, radius, 0, 7);
  context.fill();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number}} spot
 * @param {number} heading 1 toward the loss, -1 toward the input
 * @param {Packet} packet
 * @param {Traffic} traffic
 * @param {string} colour
 * @param {Colours} colours
 */
function drawNumber(context, spot, heading, packet, traffic, colour, colours) {
  const isFull = traffic.size === "full";
  const text = signed(packet.value);
  context.font = `600 ${isFull ? 14 : 11}px ${colours.font}`;
  const width = context.measureText(text).width + 14;
  const height = isFull ? 21 : 17;
  const y = spot.y - traffic.lift;
  // It leaves and arrives with its whole length outside of the circles.
  const [low, high] = [packet.lane(0).x, packet.lane(1).x].sort((a, b) => a - b);
  const inset = width / 2 + 8;
  const free = high - low > 2 * inset ? Math.min(high - inset, Math.max(low + inset, spot.x)) : (low + high) / 2;
  const { x } = behindWall({ x: free, y }, packet.wall, heading, inset);
  const nose = x + (heading * width) / 2;
  context.fillStyle = colour;
  context.beginPath();
  context.roundRect(x - width / 2, y - height / 2, width, height, height / 2);
  context.moveTo(nose - heading * 2, y - 6);
  context.lineTo(nose + heading * 7, y);
  context.lineTo(nose - heading * 2, y + 6);
  context.fill();
  context.fillStyle = colours.onSolid;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillText(text, x, y + 0.5);
}

/**
 * The dots of gates moving a little to both sides of z.
 * @param {CanvasRenderingContext2D} context
 * @param {{z: number, plot: (z: number, a: number) => {x: number, y: number}, f: (z: number) => number, reach: number, half: number}[]} dots
 * @param {number} progress of the operation
 * @param {Colours} colours
 * @returns {boolean} whether any dot moves
 */
export function drawWiggle(context, dots, progress, colours) {
  if (progress <= 0 || progress >= WIGGLE_PART) return false;
  const swing = Math.sin((progress / WIGGLE_PART) * 4 * Math.PI);
  for (const { z, plot, f, reach, half } of dots) {
    const moved = z + swing * reach;
    const spot = plot(moved, f(moved));
    const floor = plot(0, f(moved));
    context.strokeStyle = colours.backward;
    context.lineWidth = 2;
    context.setLineDash([3, 3]);
    context.beginPath();
    context.moveTo(floor.x - half, spot.y);
    context.lineTo(floor.x + half + 10, spot.y);
    context.stroke();
    context.setLineDash([]);
    context.fillStyle = colours.backward;
    context.beginPath();
    context.arc(spot.x, spot.y, 6, 0, 7);
    context.fill();
  }
  return dots.length > 0;
}
