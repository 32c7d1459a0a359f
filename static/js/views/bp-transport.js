import { html, svg } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { number } from "../core/format.js";
import { t } from "../core/i18n.js";
import { segmentName } from "../trace/explain/words.js";
import { pickTemplate } from "./transport/pick.js";

/** @type {import("../state.js").Granularity[]} */
const GRANULARITIES = ["pass", "layer", "operation", "neuron"];
const SPEEDS = [0.25, 0.5, 1, 2, 4];
/**
 * How a session can be trained: so many steps, or until it is paused; at so many a second, or all that the engine gives.
 * @type {{steps: number | null, speed: number | null}[]}
 */
const TRAININGS = [
  ...[10, 100, 1000].map((steps) => ({ steps, speed: null })),
  ...[1, 10, 100, null].map((speed) => ({ steps: null, speed })),
];

/** Moving through a step: back, play, next, the scrubber with its segments, when to pause, and speed; and training on. */
class TransportElement extends StoreElement {
  training = TRAININGS[1];

  onFrame = (/** @type {import("../trace/program/timeline.js").Timeline} */ timeline, /** @type {number} */ ms) => this.moveHead(timeline, ms);
  onKey = (/** @type {KeyboardEvent} */ event) => this.key(event);
  /** Where the bar of each segment lies: measured when the browser has laid out the page. @type {{left: number, width: number}[]} */
  bars = [];
  resized = new ResizeObserver(() => this.measureAgain());
  /** The segment that the head was in last. */
  place = -1;

  /** @override @param {AbortSignal} signal */
  whileConnected(signal) {
    document.addEventListener("keydown", this.onKey, { signal });
    this.playground.player.onFrame.add(this.onFrame);
    signal.addEventListener("abort", () => {
      this.playground.player.onFrame.delete(this.onFrame);
      this.resized.disconnect();
    });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.defaultPrevented || target.closest("input, select, textarea, dialog, [role=slider], [role=tablist], [role=menu]")) return;
    if (event.key === " " && !target.closest("button, [role=button]")) {
      event.preventDefault();
      void this.playground.player.toggle();
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z") {
      event.preventDefault();
      void (event.shiftKey ? this.playground.editing.redo() : this.playground.editing.undo());
    }
    if (event.key === "ArrowRight") void this.playground.player.later();
    if (event.key === "ArrowLeft") this.playground.player.earlier();
  }

  /** @override @param {import("../state.js").State} state */
  template({ status, timeline, isPlaying, isTraining, isPreview, hasPlayed, granularity, speed, session }) {
    const { player } = this.playground;
    const isReady = status === "ready" && timeline;
    const isAtTheBeginning = !session || session.step === 0;
    const { steps } = this.training;
    const isFirst = isPreview && !hasPlayed && isAtTheBeginning && !isTraining;
    const play = t(isPlaying || isTraining ? "transport.pause" : isFirst ? "transport.play_whole" : "transport.play");
    return html`<div class="transport">
      <div class="buttons">
        <button class="earlier" ?disabled=${!isReady || isTraining} @click=${() => this.playground.player.earlier()}><span>${t("transport.earlier")}</span></button>
        <button class="play ${isFirst ? "has-words" : ""}" ?disabled=${!isReady} aria-label=${play} title=${play}
          @click=${() => this.playground.player.toggle()}>${svg`<svg viewBox="0 0 24 24" aria-hidden="true"><path d=${isPlaying || isTraining ? "M6.5 5h4v14h-4zM13.5 5h4v14h-4z" : "M8 4.5v15l12-7.5z"}></path></svg>`}${isFirst ? html`<span>${play}</span>` : ""}</button>
        <button class="later" ?disabled=${!isReady || isTraining} @click=${() => this.playground.player.later()}><span>${t("transport.later")}</span></button>
      </div>
      ${timeline ? this.scrubber(timeline, isTraining) : html`<div class="timeline"></div>`}
      <div class="choices">
        ${pickTemplate({
          name: "pause", label: t("transport.step_by"), value: t(`granularity.${granularity}`),
          choices: GRANULARITIES.map((name) => ({ text: t(`granularity.${name}`), isChosen: name === granularity, choose: () => player.setGranularity(name) })),
        })}
        ${pickTemplate({
          name: "speed", label: t("transport.speed"), value: `${number(speed)}×`,
          choices: SPEEDS.map((value) => ({ text: `${number(value)}×`, isChosen: value === speed, choose: () => player.setSpeed(value) })),
        })}
        <button class="restart" ?disabled=${!isReady || isTraining || isAtTheBeginning} title=${t("transport.restart")} @click=${() => this.playground.training.rewindTo(0)}><span>${t("transport.restart")}</span></button>
        <span class="train-split"><button class="train" data-steps=${steps === null ? "\u221e" : number(steps)} title=${said(this.training)} ?disabled=${!isReady || isTraining}
          @click=${() => this.train(this.training)}><span>${steps === null ? t("transport.run") : said(this.training)}</span></button>
        ${pickTemplate({
          name: "train-more", label: t("transport.train_steps"), value: "", isDisabled: !isReady || isTraining,
          choices: TRAININGS.map((training) => ({ text: said(training), isChosen: training === this.training, choose: () => this.train(training) })),
        })}</span>
      </div>
    </div>`;
  }

  /** Train so, and so again at the next press. @param {typeof TRAININGS[number]} training */
  train(training) {
    this.training = training;
    this.update();
    void this.playground.training.start(training.steps, training.speed);
  }

  /**
   * @param {import("../trace/program/timeline.js").Timeline} timeline
   * @param {boolean} isTraining
   */
  scrubber(timeline, isTraining) {
    return html`<div class="timeline"><bp-learning-curve></bp-learning-curve><div class="scrubber ${isTraining ? "is-off" : ""}">
      <div class="segments" @pointerdown=${(/** @type {PointerEvent} */ event) => this.drag(event)} @pointermove=${(/** @type {PointerEvent} */ event) => event.buttons && this.drag(event)}>
        ${timeline.segments.map(
          ({ name }) => html`<div class="segment ${name}">
            <span class="fill"></span><span class="name">${segmentName(this.playground.state, name)}</span></div>`,
        )}
      </div>
      <div class="head" role="slider" tabindex="0" aria-label=${t("transport.position")} aria-valuemin="0" aria-valuemax=${Math.round(timeline.duration)}
        @keydown=${(/** @type {KeyboardEvent} */ event) => this.slide(event)}></div>
    </div></div>`;
  }

  /** @override */
  updated() {
    const { timeline } = this.playground.state;
    if (!timeline) return;
    // The page's security policy allows no style in markup, so the widths are set here.
    this.querySelectorAll(".segment").forEach((segment, place) => {
      const { start, end } = timeline.segments[place];
      /** @type {HTMLElement} */ (segment).style.flexGrow = String(end - start);
      // Told of each, also where it is as wide as before.
      this.resized.observe(segment);
    });
    this.place = -1;
    this.moveHead(timeline, this.playground.player.clock.position);
  }

  measureAgain() {
    const bars = /** @type {HTMLElement[]} */ ([...this.querySelectorAll(".segment")]);
    this.bars = bars.map((bar) => ({ left: bar.offsetLeft, width: bar.offsetWidth }));
    const { timeline } = this.playground.state;
    if (timeline) this.moveHead(timeline, this.playground.player.clock.position);
  }

  /** @param {import("../trace/program/timeline.js").Timeline} timeline @param {number} ms */
  moveHead(timeline, ms) {
    const head = /** @type {HTMLElement | null} */ (this.querySelector(".head"));
    const place = timeline.segments.findIndex(({ end }) => ms <= end);
    if (!head || place < 0) return;
    const { start, end, name } = timeline.segments[place];
    if (place !== this.place) {
      this.place = place;
      head.setAttribute("aria-valuetext", segmentName(this.playground.state, name));
      for (const [index, bar] of this.querySelectorAll(".segment").entries()) {
        bar.classList.toggle("is-past", index < place);
        bar.classList.toggle("is-current", index === place);
      }
    }
    head.setAttribute("aria-valuenow", String(Math.round(ms)));
    const at = this.bars[place];
    if (at) head.style.left = `${at.left + ((ms - start) / (end - start)) * at.width}px`;
  }

  /** @param {PointerEvent} event */
  drag(event) {
    const { timeline } = this.playground.state;
    if (!timeline || this.playground.state.isTraining) return;
    const area = /** @type {HTMLElement} */ (event.currentTarget);
    area.setPointerCapture(event.pointerId);
    const x = event.clientX - area.getBoundingClientRect().x;
    const bars = /** @type {HTMLElement[]} */ ([...area.querySelectorAll(".segment")]);
    const place = Math.max(0, bars.findLastIndex((bar) => bar.offsetLeft - bars[0].offsetLeft <= x));
    const part = (x - (bars[place].offsetLeft - bars[0].offsetLeft)) / bars[place].offsetWidth;
    const { start, end } = timeline.segments[place];
    this.playground.player.seek(start + Math.min(1, Math.max(0, part)) * (end - start));
  }

  /** @param {KeyboardEvent} event */
  slide(event) {
    const { timeline } = this.playground.state;
    if (!timeline) return;
    if (event.key === "ArrowRight" || event.key === "ArrowUp") void this.playground.player.later();
    else if (event.key === "ArrowLeft" || event.key === "ArrowDown") this.playground.player.earlier();
    else if (event.key === "Home") this.playground.player.seek(0);
    else if (event.key === "End") this.playground.player.seek(timeline.duration);
    else return;
    event.preventDefault();
  }
}

/** @param {typeof TRAININGS[number]} training */
function said({ steps, speed }) {
  if (steps !== null) return t("transport.train", { steps: number(steps) });
  return speed === null ? t("transport.run_freely") : t("transport.run_at", { count: speed });
}

customElements.define("bp-transport", TransportElement);
