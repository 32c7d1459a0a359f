import { html, nothing } from "../../vendor/lit.js";
import { StoreElement } from "../../core/element.js";
import { t } from "../../core/i18n.js";
import { blockOf } from "../../lab/arrays.js";
import { isOpen } from "../../lab/stage.js";
import { checkTemplate, Finding } from "./checking.js";
import { matrixTemplate } from "./matrix.js";

/**
 * @typedef {import("../../state.js").LabState} LabState
 * @typedef {{id: string, text: string | Record<string, string>, reads: string[], writes: string[], overwrites: Record<string, string>}} Line
 */

/** A learner's own lines: what each reads and makes, and what it writes over. */
class CodeElement extends StoreElement {
  finding = new Finding(this);
  /** The scene in which a line is to be played, or the check to be run. */
  offered = "";

  get code() {
    const { lab } = this.labs;
    if (!lab) throw new Error("There is no lab under way.");
    return lab.instruments.code;
  }

  /** @override @param {import("../../state.js").State} state */
  template({ lab }) {
    if (lab?.stage.name !== "code" || !this.labs.lab) return nothing;
    const { stage, answer } = lab;
    const isUsable = isOpen(lab);
    const lines = linesOf(lab);
    const shown = lines.find(({ id }) => id === stage.line);
    return html`<section class="instrument is-code" aria-label=${t("lab.code.title")}><header><h2>${t("lab.code.title")}</h2></header>
      <div class="code-body" tabindex="0" role="region" aria-label=${t("lab.code.title")}>
        <div class="code-switches">${Object.entries(stage.switches ?? {}).map(([name, positions]) => this.switch(stage, name, positions, isUsable))}</div>
        <div class="code-reading"><ol class="code-lines">${lines.map((line) => html`<li><button type="button" class="code-line ${answer.line === line.id ? "is-bet" : ""}" aria-pressed=${line.id === stage.line} @click=${() => this.code.pick(line.id)}><code>${statementsOf(textOf(line, stage.choice)).map((one) => html`<span>${one}</span>`)}</code></button></li>`)}</ol>
        ${shown && isUsable ? this.arrays(lab, shown) : nothing}</div>
        ${checkTemplate(this.code, lab, isUsable)}
      </div></section>`;
  }

  /** @param {LabState["stage"]} stage @param {string} name @param {string[]} positions @param {boolean} isUsable */
  switch({ choice }, name, positions, isUsable) {
    const words = this.labs.lab?.words.switch ?? {};
    return html`<div class="code-switch" role="group" aria-label=${words[name] ?? name}><span>${words[name] ?? name}</span>
      <span class="choice">${positions.map((position) => html`<button type="button" aria-pressed=${choice[name] === position} ?disabled=${!isUsable} @click=${() => this.code.turn(name, position)}>${words[position] ?? position}</button>`)}</span></div>`;
  }

  /** What a line reads and makes; where it writes over an array, what stood there and what stands there afterwards. @param {LabState} lab @param {Line} line */
  arrays({ lab, at, stage, traces }, { id, reads, writes, overwrites }) {
    const trace = traces[stage.trace];
    if (!trace || reads.length + writes.length === 0) return nothing;
    const isPlayed = stage.played === id;
    const matrix = (/** @type {string} */ tensor, isThere = true) => (isThere ? matrixTemplate(blockOf(trace, lab.scenes[at].traces[stage.trace], tensor).rows) : html`<span class="matrix">…</span>`);
    const array = (/** @type {string} */ tensor, isThere = true) => html`<figure class="array"><figcaption><code>${labelOf(tensor)}</code></figcaption>${matrix(tensor, isThere)}</figure>`;
    const isKept = (/** @type {string} */ tensor) => !(tensor in overwrites);
    return html`<section class="code-arrays" aria-label=${t("lab.code.arrays")}>
      <div class="arrays">${reads.filter(isKept).map((tensor) => array(tensor))}
        ${Object.entries(overwrites).map(([tensor, after]) => html`<figure class="array is-overwritten"><figcaption><code>${labelOf(tensor)}</code> ${t("lab.code.before_after")}</figcaption>
          <span class="before-after">${matrix(tensor)}<span aria-hidden="true">→</span>${matrix(after, isPlayed)}</span></figure>`)}
        ${writes.map((tensor) => array(tensor, isPlayed))}</div>
      <button type="button" class="code-play" @click=${() => this.code.play()}>${t("lab.code.play")}</button></section>`;
  }

  /** @override @param {import("../../state.js").State} state */
  updated({ lab }) {
    // What is to be pressed is in sight from the beginning.
    const scene = lab?.beat === "do" ? lab.lab.scenes[lab.at] : null;
    const button = scene && this.querySelector(JSON.stringify(scene.checkpoint).includes('"stage.played"') ? ".code-play" : ".check-run");
    // Arrays that come between move it down.
    const offered = button ? `${scene.id} ${this.querySelector(".code-arrays") !== null}` : "";
    if (offered !== this.offered && offered !== "") queueMicrotask(() => button?.scrollIntoView({ block: "nearest" }));
    this.offered = offered;
    this.finding.follow(lab && this.labs.lab ? this.labs.lab.instruments.code.rows : null);
  }
}

/** The lines in the positions of the switches. @param {LabState} lab @returns {Line[]} */
function linesOf({ lab, stage: { listing, choice } }) {
  const name = typeof listing === "string" ? listing : Object.entries(listing).find(([position]) => Object.values(choice).includes(position))?.[1];
  return lab.listings[/** @type {string} */ (name)] ?? [];
}

/** @param {Line} line @param {Record<string, string>} choice */
function textOf({ text }, choice) {
  if (typeof text === "string") return text;
  const position = Object.values(choice).find((one) => one in text);
  return text[position ?? Object.keys(text)[0]];
}

/** Statements of a line: it breaks between them rather than in them. @param {string} text */
const statementsOf = (text) => text.split(/(?<=; )/);

/** As the code calls it; the engine's dz holds the division by m already. @param {string} tensor */
const labelOf = (tensor) => (/^dz\d/.test(tensor) ? `dZ${tensor.slice(2)} / m` : /^a\d/.test(tensor) ? `c["A${tensor.slice(1)}"]` : tensor);

customElements.define("bp-code", CodeElement);
