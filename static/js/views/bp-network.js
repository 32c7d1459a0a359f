import { html, svg } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { nameOf, t } from "../core/i18n.js";
import { number } from "../core/format.js";
import { isWide } from "../draw/geometry.js";
import { askedOf } from "../trace/asked.js";
import { areProbabilities } from "../trace/outcome.js";
import { captionTemplate } from "./network/caption.js";
import { edgeLabelsTemplate } from "./network/edge-labels.js";
import { areOnCanvas, edgeAt, Edges } from "./network/edges.js";
import { widthIn } from "./network/fonts.js";
import { gatesTemplate } from "./network/gates.js";
import { headerTemplate } from "./network/header.js";
import { legendTemplate } from "./network/legend.js";
import { markTemplate } from "./network/mark.js";
import { follow, hiddenOf, moreTemplate, NOTHING_HIDDEN } from "./network/more.js";
import { Motion } from "./network/motion.js";
import { outputsTemplate } from "./network/outputs.js";
import { partingTemplate } from "./network/parting.js";
import { Scene } from "./network/scene.js";
import { UnitPictures } from "./network/unit-pictures.js";
import { titleTemplate } from "./network/title.js";
import { unitsTemplate } from "./network/units.js";

/** The drawing of the network: what stands is SVG, what moves is one canvas above it. */
class NetworkElement extends StoreElement {
  isMeasuring = false;
  /** The layout of wide networks, once there is one. @type {typeof import("./network/rows.js") | null} */
  rows = null;
  /** Room for the drawing; null: to be measured, which makes the browser lay out the page. @type {{width: number, height: number} | null} */
  room = null;
  /** The element that the room was measured of. @type {Element | null} */
  stage = null;
  edges = new Edges();
  pictures = new UnitPictures();
  /** What of the drawing is out of sight. */
  outOfSight = NOTHING_HIDDEN;
  /** The operation that was scrolled to. @type {unknown} */
  followed = null;

  /** @override */
  connectedCallback() {
    // Before the first update, which may already have a stage to observe.
    this.observer = new ResizeObserver(() => this.resize());
    super.connectedCallback();
    this.motion = new Motion(this.playground, () => this.scene);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.observer?.disconnect();
    this.motion?.end();
  }

  /** The stage has another size now, or is looked at for the first time. */
  resize() {
    const { stage, room } = this;
    if (!stage) return;
    this.room = sizeOf(stage);
    if (this.room.width !== room?.width || this.room.height !== room.height) this.update();
  }

  async loadRows() {
    this.rows = await import("./network/rows.js");
    this.update();
  }

  /** @override @param {import("../state.js").State} state */
  template(state) {
    if (!state.batch || !state.timeline) return html`<p class="waiting">${t(state.status === "failed" ? "problem.unreachable" : "app.loading")}</p>`;
    const stage = this.querySelector(".stage");
    // A stage has to stand before its room is known: nothing is drawn until then.
    const { width, height } = stage ? this.roomOf(stage) : LEAST_ROOM;
    this.scene = new Scene(state, width, height);
    const onSelect = (/** @type {import("../state.js").Cell} */ cell) => this.playground.inspector.explain(askedOf(this.playground.state, cell));
    const isInRows = isWide(this.scene.program);
    if (isInRows && !this.rows) void this.loadRows();
    if (isInRows || !this.querySelector("svg.drawing")) this.edges.clear();
    return html`
      ${headerTemplate(this.scene, this.playground)}
      <div class="stage ${this.scene.isTaller ? "is-taller" : ""}" @scroll=${this.onScroll} @click=${{ handleEvent: this.onPacket, capture: true }}>
        <canvas class="below" aria-hidden="true"></canvas>
        <canvas class="pictures" aria-hidden="true"></canvas>
        ${!stage ? "" : isInRows ? this.rows?.rowsTemplate(this.scene, onSelect, this.playground) : drawingTemplate(this.scene, this.edges, onSelect, this.playground)}
        <canvas class="above" aria-hidden="true"></canvas>
      </div>
      <div class="below-stage">${moreTemplate(this.outOfSight, this.go)}${legendTemplate(this.scene, isInRows)}</div>
      ${captionTemplate(state, this.playground)}`;
  }

  onScroll = () => this.look();

  /** What is out of sight now. */
  look() {
    const hidden = this.scene && this.stage ? hiddenOf(this.scene, this.stage) : NOTHING_HIDDEN;
    if (Object.values(hidden).join() === Object.values(this.outOfSight).join()) return;
    this.outOfSight = hidden;
    this.update();
  }

  /** @param {{left?: number, top?: number}} way in stages */
  go = ({ left = 0, top = 0 }) => {
    const { width, height } = this.room ?? { width: 0, height: 0 };
    this.stage?.scrollBy({ left: left * width, top: top * height, behavior: "smooth" });
  };

  /** A packet on its way answers before what lies below it, and waits. @param {MouseEvent} event */
  onPacket = (event) => {
    const canvas = this.querySelector("canvas.above")?.getBoundingClientRect();
    const scale = this.scene?.scale ?? 1;
    const cell = canvas && this.motion?.packetAt({ x: (event.clientX - canvas.x) / scale, y: (event.clientY - canvas.y) / scale });
    if (!cell) return;
    event.stopPropagation();
    this.playground.player.clock.pause();
    this.playground.inspector.explain(cell);
  };

  /** The stage's size, measured once until the browser tells of another. @param {Element} stage */
  roomOf(stage) {
    if (stage !== this.stage) {
      this.stage = stage;
      this.room = null;
      this.observer?.observe(stage);
    }
    return (this.room ??= sizeOf(stage));
  }

  /** @override @param {import("../state.js").State} state */
  updated(state) {
    const stage = this.querySelector(".stage");
    if (!stage || !this.scene) return;
    // By their place: a selector would look through the whole drawing.
    const [below, pictures, above] = /** @type {HTMLCanvasElement[]} */ ([...stage.children].filter((child) => child.localName === "canvas"));
    const isNew = stage !== this.stage;
    const { width, height } = this.roomOf(stage);
    const isStale = this.scene.room.width !== width || this.scene.room.height !== height;
    if ((isNew || isStale) && !this.isMeasuring) {
      this.isMeasuring = true;
      this.update();
      this.isMeasuring = false;
      return;
    }
    if (isWide(this.scene.program)) this.edges.wipe(below);
    else this.edges.paint(below, this.scene);
    this.pictures.paint(pictures, this.scene);
    this.motion?.prepare(above, state);
    if (this.followed !== this.scene.operation) follow(this.scene, stage);
    this.followed = this.scene.operation;
    this.look();
  }
}

/** A drawing in less room would not be read; where there is none, it can be scrolled. */
const LEAST_ROOM = { width: 300, height: 120 };

/** Room for the drawing. @param {Element} stage */
const sizeOf = (stage) => ({ width: Math.max(LEAST_ROOM.width, stage.clientWidth), height: Math.max(LEAST_ROOM.height, stage.clientHeight) });

/**
 * @param {Scene} scene
 * @param {Edges} edges
 * @param {(cell: import("../state.js").Cell) => void} onSelect
 * @param {import("../playground.js").Playground} playground
 */
function drawingTemplate(scene, edges, onSelect, playground) {
  const { geometry } = scene;
  const onStage = (/** @type {PointerEvent} */ event) => {
    const cell = event.target === event.currentTarget && areOnCanvas(scene) ? edgeAt(scene, { x: event.offsetX / scene.scale, y: event.offsetY / scene.scale }) : null;
    if (cell) onSelect(cell);
  };
  return svg`<svg class="${geometry.looks} ${scene.scope}" viewBox=${`0 0 ${geometry.width} ${geometry.height}`}
      width=${geometry.width * scene.scale} height=${geometry.height * scene.scale} @click=${onStage} role="group" aria-label=${t("network.label", { shape: Object.values(scene.program.sizes).join(" – ") })}>
    <defs><pattern id="hatching" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch" width="2" height="6"></rect></pattern></defs>
    ${titlesTemplate(scene, playground)}
    ${edges.template(scene, onSelect)}
    ${markTemplate(scene)}
    ${outputsTemplate(scene, onSelect)}
    ${gatesTemplate(scene, onSelect)}
    ${unitsTemplate(scene, onSelect)}
    ${partingTemplate(scene)}
    ${edgeLabelsTemplate(scene, onSelect)}
  </svg>`;
}

/** Between two titles, in px. */
const TITLE_AIR = 10;

/** What stands over the columns, as much of it as there is room for: "hidden 3 · ReLU", "3 · ReLU", "3". @param {Scene} scene @param {import("../playground.js").Playground} playground */
function titlesTemplate(scene, playground) {
  const { geometry, depth, state } = scene;
  const { title, subtitle } = geometry.margins;
  const { hidden = [], output } = state.session?.model ?? {};
  const places = geometry.columns.map((column, layer) => ({ column, layer, x: layer === 0 ? column.z : (column.z + column.a) / 2 }));
  const titles = places.map(({ layer }) => {
    if (layer === 0) return [t("network.input")];
    const activation = nameOf("activation", (layer < depth ? hidden[layer - 1] : output)?.activation ?? "");
    const key = layer === depth ? "network.output" : depth > 2 ? "network.hidden_layer" : "network.hidden";
    return [t(key, { layer: number(layer), activation }), ...(depth > 2 && layer < depth ? [`${number(layer)} · ${activation}`, number(layer)] : [activation])];
  });
  const textAt = (/** @type {number} */ layer, /** @type {number} */ brevity) => titles[layer][Math.min(brevity, titles[layer].length - 1)];
  const halfOf = (/** @type {number} */ layer, /** @type {number} */ brevity) => widthIn(scene, "title", textAt(layer, brevity)) / 2;
  const fits = (/** @type {number} */ brevity) => places.every(({ x }, layer) => layer === 0 || halfOf(layer - 1, brevity) + halfOf(layer, brevity) + TITLE_AIR <= x - places[layer - 1].x);
  const brevity = [0, 1].find(fits) ?? 2;
  return places.map(({ column, layer, x }) => {
    const half = halfOf(layer, brevity);
    return svg`${titleTemplate(scene, layer, textAt(layer, brevity), { x: Math.min(Math.max(x, half + 4), geometry.width - half - 4), y: title }, playground)}
      ${geometry.hasNames || layer === 0 ? "" : svg`<text class="subtitle" x=${column.z} y=${subtitle}>z</text><text class="subtitle" x=${column.a} y=${subtitle}>${layer < depth || !areProbabilities(scene.program) ? "a" : "p"}</text>`}`;
  });
}

customElements.define("bp-network", NetworkElement);
