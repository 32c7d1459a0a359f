import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { number } from "../core/format.js";
import { t } from "../core/i18n.js";
import { colour, currentTheme } from "../core/theme.js";
import { ramp } from "../draw/tiles.js";
import { areNamed, drawWall, sampleAt } from "../draw/wall.js";
import { areProbabilities, labelOf } from "../trace/program/outcome.js";
import { isKeptBack } from "../trace/program/reveal.js";
import { sampleName } from "../trace/program/sample-name.js";
import { channels, sharp } from "./palette.js";
import { isSameRoom, pictureRoom, pictureSize } from "./picture-size.js";

/** More samples of a batch come one wall after the other. */
const MOST = 25;

/** Data without a plane: the samples of the batch, and what the network says of each. */
export class Wall extends StoreElement {
  /** @override */
  static mayFollow = true;

  /** Null: to be measured. @type {import("./picture-size.js").PictureRoom | null} */
  room = null;
  /** What the picture was drawn from. @type {unknown[]} */
  drawnFrom = [];
  /** What stands on it now. @type {{first: number, exhibits: import("../draw/wall.js").Exhibit[]}} */
  shown = { first: 0, exhibits: [] };

  /** @override @param {AbortSignal} signal */
  whileConnected(signal) {
    this.onResize(signal, () => {
      const room = pictureRoom(this);
      if (isSameRoom(room, this.room)) return;
      this.room = room;
      this.update();
    });
  }

  get size() {
    return pictureSize(this.playground.state, (this.room ??= pictureRoom(this)));
  }

  /** @override @param {import("../state.js").State} state */
  template(state) {
    const trace = state.live ?? state.batch;
    if (!trace || !state.session) return nothing;
    const { first, exhibits } = (this.shown = this.exhibits(state, trace));
    const isOfClasses = exhibits[0].isRight !== null;
    const right = exhibits.filter(({ isRight }) => isRight).length;
    const own = exhibits[state.sample - first];
    // Where no words stand below the samples, the bars alone tell.
    const hasWords = areNamed(exhibits.length, this.size);
    const sign = (/** @type {string} */ kind, /** @type {string} */ before) => (hasWords ? html`<b class=${kind}>${before}${exhibits[0].said}</b>` : html`<span class="wall-bar ${kind}" aria-hidden="true"></span>`);
    return html`<div class="map">
      <canvas role="slider" tabindex="0" aria-label=${t("gates.slider")} aria-valuemin="1" aria-valuemax=${trace.m} aria-valuenow=${state.sample + 1}
        aria-valuetext=${t("wall.sample", { sample: sampleName(state, state.sample), said: own?.said ?? "?" })} aria-disabled=${state.live !== null}
        @click=${this.choose} @keydown=${this.onKey}></canvas>
      <div class="key">
        <p class="quiet wall-count">${isOfClasses ? t("wall.right_of", { right: number(right), count: exhibits.length }) : nothing}</p>
        <ul class="legend">
          ${isOfClasses ? html`<li>${sign("wall-right", "")}${t("wall.right")}</li><li>${sign("wall-wrong", "✕")}${t("wall.wrong")}</li>` : html`<li>${t("map.answer")}</li>`}
          ${isOfClasses ? html`<li class="wall-share"><span aria-hidden="true"></span>${t("wall.share")}</li>` : nothing}
        </ul>
      </div>
    </div>`;
  }

  /**
   * The samples on the wall, the current one among them.
   * @param {import("../state.js").State} state @param {import("../trace/program/trace.js").Trace} trace in batch scope
   * @returns {{first: number, exhibits: import("../draw/wall.js").Exhibit[]}}
   */
  exhibits(state, trace) {
    const { session, sample, live } = state;
    const { program, m } = trace;
    const { class_names: names, target } = /** @type {import("../state.js").Session} */ (session).dataset;
    const cellsOf = (/** @type {string} */ role, /** @type {number | null} */ layer) => trace.cells(program.named(role, layer)?.name ?? "");
    const [x, a, y] = [cellsOf("x", null), cellsOf("a", program.depth), cellsOf("y", null)];
    const [inputs, outputs] = [program.units(0), program.units(program.depth)];
    const first = MOST * Math.floor(Math.min(sample, m - 1) / MOST);
    const exhibits = Array.from({ length: Math.min(MOST, m - first) }, (_, at) => {
      const row = first + at;
      const [own, wanted] = [a.subarray(row * outputs, (row + 1) * outputs), y.subarray(row * outputs, (row + 1) * outputs)];
      const isShown = !live && row === sample;
      const place = { cells: x, offset: row * inputs, isShown };
      if (target) return { ...place, said: number(own[0]), isRight: null, share: null };
      const [guess, label] = [outputs === 1 ? Number(own[0] > 0.5) : own.indexOf(Math.max(...own)), labelOf(wanted, names.length) ?? 0];
      const share = areProbabilities(program) ? (outputs > 1 ? own[label] : label === 1 ? own[0] : 1 - own[0]) : null;
      // The answer to a question is not given away.
      if (isKeptBack(state) && isShown) return { ...place, said: "?", isRight: null, share: null };
      return { ...place, said: names[guess] ?? "?", isRight: guess === label, share };
    });
    return { first, exhibits };
  }

  /** @override @param {import("../state.js").State} state */
  updated(state) {
    const trace = state.live ?? state.batch;
    const canvas = this.querySelector("canvas");
    const { size } = this;
    if (!canvas || !trace || size === 0) return;
    const from = [canvas, trace, state.live ? null : state.sample, isKeptBack(state), size, currentTheme(), devicePixelRatio];
    if (from.every((part, at) => part === this.drawnFrom[at])) return;
    this.drawnFrom = from;
    const { exhibits } = this.shown;
    const shape = state.session?.dataset.image_shape;
    const count = trace.program.units(0);
    const columns = shape?.[1] ?? Math.ceil(Math.sqrt(count));
    const scale = Array.from(exhibits[0].cells).reduce((most, cell) => (Number.isFinite(cell) ? Math.max(most, Math.abs(cell)) : most), 0) || 1;
    const of = (/** @type {string} */ role) => ramp(channels(colour(role)));
    const colours = {
      positive: of("positive"), negative: of("negative"), ink: of("ink"), paper: colour("surface"), broken: colour("problem"), line: colour("line"),
      right: colour("gate"), wrong: colour("problem"), quiet: colour("surface-quiet"), text: colour("ink"),
    };
    drawWall(sharp(canvas, size, size), exhibits, { size, count, columns, rows: shape?.[0] ?? Math.ceil(count / columns), scale, isInk: shape != null }, colours);
  }

  /** @param {PointerEvent} event */
  choose = (event) => {
    const { first, exhibits } = this.shown;
    const at = sampleAt(exhibits.length, this.size, event.offsetX, event.offsetY);
    if (at !== null) this.show(first + at);
  };

  /** @param {KeyboardEvent} event */
  onKey = (event) => {
    const { sample, batch } = this.playground.state;
    const last = (batch?.m ?? 1) - 1;
    const next = { ArrowRight: sample + 1, ArrowDown: sample + 1, ArrowLeft: sample - 1, ArrowUp: sample - 1, Home: 0, End: last }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (next >= 0 && next <= last) this.show(next);
  };

  /** @param {number} sample */
  show(sample) {
    if (!this.playground.state.live) void this.playground.inspector.showSample(sample);
  }
}

customElements.define("bp-wall", Wall);
