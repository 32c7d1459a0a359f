import { html } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t, withAllTexts } from "../core/i18n.js";
import { brought } from "../core/version.js";
import { isWide } from "../draw/geometry.js";
import { askedOf } from "../trace/ask/asked.js";
import { captionTemplate } from "./network/caption.js";
import { drawingTemplate } from "./network/drawing.js";
import { Edges } from "./network/edges.js";
import { headerTemplate } from "./network/header.js";
import { legendTemplate } from "./network/legend.js";
import { follow, headsDown, hiddenOf, moreTemplate, NOTHING_HIDDEN } from "./network/more.js";
import { Motion } from "./network/motion.js";
import { pointOn } from "./network/press.js";
import { Scene } from "./network/scene.js";
import { titlesOf } from "./network/titles.js";
import { UnitPictures } from "./network/unit-pictures.js";

/** The drawing of the network: what stands is SVG, what moves is one canvas above it. */
class NetworkElement extends StoreElement {
  isMeasuring = false;
  /** The layout of wide networks, once there is one. @type {typeof import("./network/rows.js") | null} */
  rows = null;
  /** With which the network is changed on the drawing, once somebody comes near. @type {import("./network/hands.js").Hands | null} */
  hands = null;
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
    for (const coming of ["pointerover", "focusin"]) this.addEventListener(coming, this.loadHands, { once: true });
    // A finger is not seen coming.
    if (matchMedia("(hover: none)").matches) this.playground.player.clock.afterNextFrame(this.loadHands);
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

  loadHands = async () => {
    // Without them the drawing is as it was, and the settings do the same.
    const hands = await brought(withAllTexts(() => import("./network/hands.js"))).catch(() => null);
    if (hands) this.hands ??= new hands.Hands(this.playground, () => this.update());
  };

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
    const isInRows = isWide(state.batch.program);
    if (isInRows && !this.rows) void this.loadRows();
    this.scene = new Scene(state, width, height, isInRows ? this.rows?.measureRows : undefined);
    const onSelect = (/** @type {import("../state.js").Cell} */ cell) => this.playground.inspector.explain(askedOf(this.playground.state, cell));
    if (isInRows || !this.querySelector("svg.drawing")) this.edges.clear();
    const titles = titlesOf(this.scene);
    return html`
      ${headerTemplate(this.scene, this.playground)}
      <div class="stage ${this.scene.isTaller ? "is-taller" : ""} ${this.outOfSight.before ? "has-before" : ""} ${this.outOfSight.after ? "has-after" : ""} ${this.outOfSight.below ? "has-below" : ""}" @scroll=${this.onScroll} @click=${{ handleEvent: this.onPacket, capture: true }}>
        <canvas class="below" aria-hidden="true"></canvas>
        <canvas class="pictures" aria-hidden="true"></canvas>
        ${!stage || (isInRows && !this.rows) ? "" : drawingTemplate(this.scene, titles, isInRows ? this.rows : null, this.edges, onSelect, this.playground, this.outOfSight.areHeadsAway)}
        ${stage && !isInRows ? this.hands?.template(this.scene, titles) : ""}
        <canvas class="above" aria-hidden="true"></canvas>
      </div>
      <div class="below-stage">${moreTemplate(this.outOfSight, this.go)}${legendTemplate(this.scene)}</div>
      ${captionTemplate(state, this.playground)}`;
  }

  onScroll = () => this.look();

  /** What is out of sight now. */
  look() {
    const hidden = this.scene && this.stage ? hiddenOf(this.scene, this.stage) : NOTHING_HIDDEN;
    if (hidden.areHeadsAway && this.scene) /** @type {HTMLElement} */ (this.stage).style.setProperty("--heads", `${headsDown(this.scene, /** @type {Element} */ (this.stage))}px`);
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
    const canvas = this.querySelector("canvas.above");
    const cell = canvas && this.motion?.packetAt(pointOn(event, canvas, this.scene?.scale ?? 1));
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
    if (this.scene.geometry.isInRows) this.edges.wipe(below);
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

customElements.define("bp-network", NetworkElement);
