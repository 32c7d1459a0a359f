import { currentLanguage } from "../../core/i18n.js";
import { currentTheme } from "../../core/theme.js";
import { contextOf } from "../../draw/canvas.js";
import { drawDoors } from "../../draw/doors.js";
import { drawPackets, drawWiggle, nearestPacket, WIGGLE_PART } from "../../draw/frame.js";
import { largestIndices, packetsOf, thinned, unitIndices } from "../../draw/packets.js";
import { placeOf } from "../../draw/places.js";
import { drawRipples, ripplesOf } from "../../draw/wave.js";
import { straight } from "../../draw/lanes.js";
import { waveOf } from "../../trace/explain/opening.js";
import { momentAt } from "../../trace/program/timeline.js";
import { Coming } from "./coming.js";
import { gatePlotOf } from "./gate-plot.js";

/** @param {HTMLCanvasElement} canvas @returns {import("../../draw/frame.js").Colours} */
function coloursOf(canvas) {
  const style = getComputedStyle(canvas);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  return { forward: colour("--forward"), backward: colour("--backward"), onSolid: colour("--on-solid"), problem: colour("--problem"), gate: colour("--gate"), font: style.fontFamily };
}

/** The canvas above the drawing: prepared when the state changes, drawn when time does. */
export class Motion {
  /**
   * @param {import("../../playground.js").Playground} playground
   * @param {() => import("./scene.js").Scene | undefined} sceneNow
   */
  constructor(playground, sceneNow) {
    this.playground = playground;
    this.sceneNow = sceneNow;
    /** @type {import("../../draw/frame.js").Traffic} */
    this.traffic = { packets: [], isBackward: false, size: "full", lift: 0, areDots: false };
    /** @type {import("../../draw/doors.js").Door[]} */
    this.doors = [];
    /** @type {any[]} */
    this.wiggling = [];
    /** @type {import("../../draw/wave.js").Ripple[]} */
    this.ripples = [];
    /** @type {unknown[]} */
    this.preparedFor = [];
    /** Whether what moves is that of the operation in play. */
    this.isLoaded = false;
    /** What the canvas was made ready for. @type {unknown[]} */
    this.sizedFor = [];
    /** Whether nothing is on the canvas: whatever touches it, the browser shows all of it again. */
    this.isBlank = true;
    /** What the places of the samples' buttons were measured for. @type {unknown[]} */
    this.measuredFor = [];
    /** @type {{x: number, y: number}[]} */
    this.places = [];
    /** The theme that the colours are of. @type {string | null} */
    this.colouredFor = null;
    /** What moves next. */
    this.coming = new Coming(playground.player.clock);
    this.isReduced = matchMedia("(prefers-reduced-motion: reduce)");
    this.draw = this.draw.bind(this);
    playground.player.onFrame.add(this.draw);
  }

  end() {
    this.playground.player.onFrame.delete(this.draw);
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import("../../state.js").State} state
   */
  prepare(canvas, state) {
    const scene = this.sceneNow();
    if (!scene) return;
    const ratio = devicePixelRatio || 1;
    const { width, height } = scene.geometry;
    const key = [scene.batch, scene.trace, scene.timeline, state.operation, width, height, scene.scale, ratio, currentTheme(), state.caption, state.lab?.concealed, state.samples, state.isOpening, currentLanguage()];
    if (key.every((part, place) => part === this.preparedFor[place])) return;
    this.preparedFor = key;
    const size = [canvas, width, height, scene.scale, ratio];
    if (!size.every((part, place) => part === this.sizedFor[place])) {
      this.sizedFor = size;
      this.context = contextOf(canvas, width, height, scene.scale);
      this.isBlank = true;
    }
    if (this.colouredFor !== currentTheme()) this.colours = coloursOf(canvas);
    this.colouredFor = currentTheme();
    this.isLoaded = false;
    // In the frame in which an operation begins nothing of it moves yet: the drawing has that one for itself.
    if (!state.isPlaying) this.draw(scene.timeline, this.playground.player.clock.position);
  }

  /** What moves in the operation in play. @param {import("./scene.js").Scene} scene */
  load(scene) {
    const { geometry, state } = scene;
    const operation = state.isOpening ? waveOf(scene.timeline, scene.operation, scene.program) : scene.operation;
    const isShown = (/** @type {string} */ name, /** @type {number[]} */ index) => !scene.isConcealed(name, index);
    const secrets = [state.hidden, state.lab?.concealed];
    const ready = () => this.coming.take(operation, scene.trace, geometry, secrets) ?? packetsOf(operation, scene.trace, geometry, isShown);
    const isOnOneRow = !operation.inputs.some((name) => scene.program.tensor(name).role === "W");
    this.traffic = {
      packets: scene.isLive ? [] : operation.segment === "average" ? this.meetings(scene) : operation.segment === "update" ? [] : ready(),
      isBackward: operation.segment === "backward" || operation.segment === "average",
      size: operation.segment === "average" ? "tiny" : geometry.detail,
      lift: isOnOneRow && geometry.r > 24 ? 17 : 0,
      areDots: state.isOpening && operation.nodes.some((node) => node.inputs.some((name) => scene.program.tensor(name).role === "W")),
    };
    this.doors = this.doorsOf(scene);
    this.wiggling = state.caption?.wiggle ? this.gateDots(scene) : [];
    this.ripples = state.isOpening ? ripplesOf(scene.trace, geometry) : [];
    this.isLoaded = true;
    const next = scene.timeline.operations[state.operation + 1];
    if (!scene.isLive && !state.isOpening && next?.scope === "sample") this.coming.prepare(next, scene.trace, geometry, isShown, secrets);
  }

  /**
   * Every sample's gradient on its way to the mean: from the sample's button to the edge or bias.
   * @param {import("./scene.js").Scene} scene
   * @returns {import("../../draw/packets.js").Packet[]}
   */
  meetings(scene) {
    const { operation, geometry, state, program } = scene;
    const buttons = this.placesOfSamples(scene);
    const indicesOf = geometry.mostPackets < Infinity ? largestIndices : unitIndices;
    const packets = [...state.samples].slice(0, 16).flatMap(([row, trace]) => {
      const from = buttons[row] ?? { x: 40 + row * 24, y: 0 };
      return indicesOf(trace, operation.output).flatMap((index) => {
        const place = placeOf(program, operation.output, index);
        if (!place || scene.isConcealed(operation.output, index)) return [];
        const value = trace.at(operation.output, index);
        const to = place.spot === "edge" ? geometry.edgeSpot(place.layer, index[0], index[1]) : geometry.bias(place.layer, index[0]);
        return value === 0 ? [] : [{ lane: straight(from, to), value, cell: { tensor: operation.output, index }, unit: index.at(-1) ?? 0, isStopped: false, wall: null, form: /** @type {const} */ ("dot") }];
      });
    });
    return thinned(packets, geometry.mostPackets);
  }

  /** Below the middle of every sample's button. Kept for the next operation, for to measure makes the browser lay out the page. @param {import("./scene.js").Scene} scene */
  placesOfSamples({ batch, geometry, scale }) {
    const key = [batch, geometry, scale, currentLanguage()];
    if (!key.every((part, place) => part === this.measuredFor[place])) {
      const box = this.context?.canvas.getBoundingClientRect() ?? { x: 0, y: 0 };
      const buttons = [...document.querySelectorAll("bp-network .sample")].map((button) => button.getBoundingClientRect());
      this.places = buttons.map(({ x, width, bottom }) => ({ x: (x + width / 2 - box.x) / scale, y: (bottom - box.y + 8) / scale }));
      this.measuredFor = key;
    }
    return this.places;
  }

  /** Where a gradient passes gates: a door at each, toward the loss. @param {import("./scene.js").Scene} scene @returns {import("../../draw/doors.js").Door[]} */
  doorsOf(scene) {
    const { operation, program, geometry, trace, scope } = scene;
    const mask = operation.segment === "backward" && scope === "sample" && operation.inputs.find((name) => program.tensor(name).role === "mask");
    const { layer } = program.tensor(operation.output);
    if (!mask || layer === null || !program.hasGate(layer)) return [];
    const half = geometry.gate / 2;
    return [...trace.cells(mask)].flatMap((slope, unit) => {
      const { x, y } = geometry.gateCentre(layer, unit);
      return scene.isConcealed(mask, [unit]) ? [] : [{ x: x + half, y, half, slope }];
    });
  }

  /** The shut gates of the layer in play, as dots that can move. @param {import("./scene.js").Scene} scene */
  gateDots(scene) {
    const layer = scene.program.tensor(scene.operation.output).layer ?? 0;
    const shape = gatePlotOf(scene, layer);
    if (!shape) return [];
    const half = scene.geometry.gate / 2;
    return Array.from({ length: scene.program.units(layer) }, (_, unit) => unit).flatMap((unit) => {
      const z = scene.role("z", layer, [unit]);
      if (z === null || scene.role("mask", layer, [unit]) !== 0) return [];
      const { x, y } = scene.geometry.gateCentre(layer, unit);
      const plot = (/** @type {number} */ input, /** @type {number} */ output) => {
        const spot = shape.at(input, output);
        return { x: x + spot.x * half, y: y + spot.y * half };
      };
      return [{ z, f: shape.f, reach: shape.range * 0.16, plot, half }];
    });
  }

  /** What a packet brings about that is near a point now. @param {{x: number, y: number}} point in px of the drawing @returns {import("../../state.js").Cell | null} */
  packetAt(point) {
    const { timeline } = this.playground.state;
    if (!timeline || this.isReduced.matches) return null;
    return nearestPacket(this.traffic, timeline, momentAt(timeline, this.playground.player.clock.position), this.wiggling.length > 0, point)?.cell ?? null;
  }

  /**
   * @param {import("../../trace/program/timeline.js").Timeline} timeline
   * @param {number} ms
   */
  draw(timeline, ms) {
    const { context, colours } = this;
    const scene = this.sceneNow();
    if (!context || !colours || !scene) return;
    if (!this.isBlank) context.clearRect(0, 0, scene.geometry.width, scene.geometry.height);
    this.isBlank = true;
    const moment = momentAt(timeline, ms);
    if (moment.operation !== scene.operation || this.isReduced.matches || this.playground.state.hidden) return;
    if (!this.isLoaded) this.load(scene);
    const isWiggling = drawWiggle(context, this.wiggling, moment.progress, colours);
    const isOpening = drawDoors(context, this.doors, moment.progress, colours, this.wiggling.length > 0 ? WIGGLE_PART : 0);
    const isTravelling = drawPackets(context, this.traffic, timeline, moment, colours, this.wiggling.length > 0);
    const isRippling = drawRipples(context, this.ripples, this.playground.player.opening.clock.position, colours);
    this.isBlank = !isWiggling && !isOpening && !isTravelling && !isRippling;
  }
}
