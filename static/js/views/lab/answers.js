import { html, nothing } from "../../vendor/lit.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";
import "../bp-number.js";
import { nameOf } from "./spelled.js";

/**
 * @typedef {import("../../lab/asking.js").Ask} Ask
 * @typedef {import("../../lab/asking.js").Words} Words
 * @typedef {import("../../state.js").LabState} LabState
 * @typedef {(text: string) => string} Fill
 */

/** The answers to a question: numbered, or typed. */
export class Answers {
  /** @param {import("../bp-lab.js").LabStrip} strip */
  constructor(strip) {
    this.strip = strip;
    /** Options of `many` that are chosen so far, in the scene that they belong to. @type {{of: string, ids: string[]}} */
    this.chosen = { of: "", ids: [] };
  }

  /** @param {LabState} now @param {Fill} fill */
  template(now, fill) {
    const { scene, words, ask } = this.strip.lab;
    if (!ask) return nothing;
    if (ask.kind === "number" || ask.kind === "numbers") return this.typed(ask, scene.id, words, fill);
    if (ask.kind === "line" && !now.answer.line) return nothing;
    return ask.kind === "many" ? this.many(ask, scene.id, words, fill) : this.choice(ask, words, fill);
  }

  /** @param {Ask} ask @param {Words} words @param {Fill} fill */
  choice({ options = [] }, words, fill) {
    return html`<div class="lab-answers" role="group" aria-label=${t("lab.answers")}>
      ${options.map((id, at) => html`<button type="button" class="lab-answer" aria-keyshortcuts=${at + 1} @click=${() => this.strip.lab.answer(id)}
        ><kbd aria-hidden="true">${number(at + 1)}</kbd><span>${fill(nameOf(id, words))}</span></button>`)}</div>`;
  }

  /** @param {Ask} ask @param {string} scene @param {Words} words @param {Fill} fill */
  many({ options = [] }, scene, words, fill) {
    const ids = this.chosenIn(scene);
    return html`<div class="lab-answers" role="group" aria-label=${t("lab.choose_many")}>
      ${options.map((id, at) => html`<button type="button" class="lab-answer" aria-pressed=${ids.includes(id)} aria-keyshortcuts=${at + 1} @click=${() => this.toggle(scene, id)}
        ><kbd aria-hidden="true">${number(at + 1)}</kbd><span>${fill(nameOf(id, words))}</span></button>`)}
      <button type="button" class="primary lab-check" ?disabled=${ids.length === 0} @click=${() => this.strip.lab.answer(ids)}>${t("lab.check")}</button></div>`;
  }

  /** @param {Ask} ask @param {string} scene @param {Words} words @param {Fill} fill */
  typed({ kind, options = [] }, scene, words, fill) {
    const fields = kind === "numbers" ? options.map((id) => fill(nameOf(id, words))) : [t("lab.type")];
    return html`<form class="lab-answers lab-numbers" @submit=${this.onSubmit}>
      ${fields.map((label, at) => html`<bp-number .field=${{ label, value: null, of: `${scene}:${at}` }}></bp-number>`)}
      <button type="submit" class="primary lab-check">${t("lab.check")}</button></form>`;
  }

  onSubmit = (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const fields = /** @type {import("../bp-number.js").NumberField[]} */ ([.../** @type {Element} */ (event.currentTarget).querySelectorAll("bp-number")]);
    const typed = fields.map(({ value }) => value);
    if (typed.some((value) => value === null || Number.isNaN(value))) return;
    const given = /** @type {number[]} */ (typed);
    this.strip.lab.answer(this.strip.lab.ask?.kind === "numbers" ? given : given[0]);
  };

  /** @param {string} scene */
  chosenIn(scene) {
    return this.chosen.of === scene ? this.chosen.ids : [];
  }

  /** @param {string} scene @param {string} id */
  toggle(scene, id) {
    const ids = this.chosenIn(scene);
    this.chosen = { of: scene, ids: ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id] };
    this.strip.update();
  }

  /** The key of a digit. @param {string} key @returns {boolean} whether it was one of an answer */
  press(key) {
    const { lab: now } = this.strip.playground.state;
    if (!now || now.beat !== "ask" || now.isWandering || now.isFolded || !this.strip.lab.ask) return false;
    const { scene, ask: { kind, options = [] } } = /** @type {{scene: import("../../state.js").LabScene, ask: Ask}} */ (this.strip.lab);
    const id = options[Number(key) - 1];
    if (id === undefined || kind === "number" || kind === "numbers" || (kind === "line" && !now.answer.line)) return false;
    if (kind === "many") this.toggle(scene.id, id);
    else this.strip.lab.answer(id);
    return true;
  }
}
