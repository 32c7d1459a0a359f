import { html, nothing, render } from "../../vendor/lit.js";
import { number, numbers } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import { feedback } from "../../lab/asking.js";
import { factsOf } from "../../lab/facts.js";
import { filled } from "../../lab/words.js";
import { nameOf, spelled } from "./spelled.js";

/**
 * A scene on paper: its question and the network with empty cells, and on a second page the numbers and the answer.
 *
 * @typedef {import("../../lab/asking.js").Ask} Ask
 * @typedef {import("../../lab/asking.js").Words} Words
 */

export class Sheet {
  /** @param {import("../bp-lab.js").LabStrip} strip */
  constructor(strip) {
    this.strip = strip;
    this.paper = document.createElement("div");
    this.paper.className = "lab-sheet";
    // Paper is white.
    this.paper.dataset.theme = "light";
  }

  /** @param {AbortSignal} signal ends it */
  listen(signal) {
    addEventListener("beforeprint", this.lay, { signal });
    addEventListener("afterprint", this.take, { signal });
    signal.addEventListener("abort", this.take);
  }

  lay = () => {
    const { lab: now } = this.strip.playground.state;
    const scene = now && !now.isFolded ? now.lab.scenes[now.at] : null;
    if (!now || !scene) return;
    const words = now.lab.words.scenes[scene.id];
    const fill = (/** @type {string} */ text) => filled(text, factsOf(this.strip.playground.state));
    const place = t("lab.question", { number: number(now.at + 1), total: number(now.lab.scenes.length) });
    render([this.questions(now.lab.words.title, place, scene.ask, words, fill), this.answers(scene.ask, words, fill)], this.paper);
    document.body.append(this.paper);
  };

  take = () => this.paper.remove();

  /** @param {string} title @param {string} place @param {Ask | null} ask @param {Words} words @param {(text: string) => string} fill */
  questions(title, place, ask, words, fill) {
    const { kind, options = [] } = ask ?? {};
    const isTyped = kind === "number" || kind === "numbers";
    return html`<section class="sheet-page is-empty"><p class="sheet-place">${title} \u00b7 ${place}</p>
      <h1>${fill(words.ask ?? words.do ?? "")}</h1>
      ${isTyped ? html`<ul class="sheet-blanks">${(kind === "numbers" ? options : [""]).map((id) => html`<li>${id === "" ? nothing : fill(nameOf(id, words))} <span></span></li>`)}</ul>` : html`<ol>${options.map((id) => html`<li>${fill(nameOf(id, words))}</li>`)}</ol>`}
      ${drawingOnShow()}${listTemplate(this.strip.playground.state, givenNames)}</section>`;
  }

  /** @param {Ask | null} ask @param {Words} words @param {(text: string) => string} fill */
  answers(ask, words, fill) {
    return html`<section class="sheet-page"><h1>${t("lab.answers")}</h1>
      ${ask ? html`<p><b>${t("lab.right_is", { answer: fill(spelled(ask, ask.right, words)) })}</b></p>` : nothing}
      <p>${feedback(ask, null, words).map(fill)}</p>${drawingOnShow()}
      ${listTemplate(this.strip.playground.state, foundNames)}</section>`;
  }
}

/** @param {import("../../trace/program/program.js").Program} program */
const layersOf = ({ depth }) => Array.from({ length: depth }, (_, below) => below + 1);

/** What one begins with: the sample and the parameters. @param {import("../../trace/program/program.js").Program} program */
const givenNames = (program) => [program.named("x"), program.named("y"), ...layersOf(program).flatMap((layer) => [program.named("W", layer), program.named("b", layer)])];

/** What comes of it, forward and then back. @param {import("../../trace/program/program.js").Program} program */
const foundNames = (program) => [
  ...layersOf(program).flatMap((layer) => [program.named("z", layer), program.named("a", layer)]),
  ...layersOf(program).toReversed().flatMap((layer) => [program.named("dz", layer), program.named("da", layer - 1 || null)]),
];

/**
 * Numbers of the current sample, a line a tensor; none where an instrument shows steps of its own.
 * @param {import("../../state.js").State} state
 * @param {(program: import("../../trace/program/program.js").Program) => (import("../../trace/program/program.js").Tensor | null | undefined)[]} namesIn
 */
function listTemplate({ samples, sample }, namesIn) {
  const trace = samples.get(sample);
  if (!trace || document.documentElement.dataset.stage) return nothing;
  const rowsOf = (/** @type {string} */ name) => {
    const cells = [...trace.cells(name)];
    const width = trace.shape(name).at(-1) ?? 1;
    return Array.from({ length: Math.max(1, cells.length / width) }, (_, row) => `(${numbers(cells.slice(row * width, (row + 1) * width))})`).join(", ");
  };
  return html`<ul class="sheet-numbers">${namesIn(trace.program).flatMap((tensor) => (tensor ? [html`<li><code>${tensor.name}</code> = ${rowsOf(tensor.name)}</li>`] : []))}</ul>`;
}

/** What stands on the screen, as ink; nothing where an instrument has its place. */
function drawingOnShow() {
  const drawing = document.documentElement.dataset.stage === "drawing" ? null : document.querySelector("svg.drawing");
  return drawing?.cloneNode(true) ?? nothing;
}
