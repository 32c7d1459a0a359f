import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";
import { number } from "../core/format.js";
import { factsOf } from "../lab/facts.js";
import { filled } from "../lab/words.js";
import { Answers } from "./lab/answers.js";
import { chipsTemplate } from "./lab/chips.js";
import { endTemplate, onwardTemplate } from "./lab/end.js";
import { Sheet } from "./lab/sheet.js";
import { spelled } from "./lab/spelled.js";
import { listTemplate } from "./lab/list.js";
import { partsTemplate } from "./lab/parts.js";
import { answeredTemplate } from "./lab/told.js";
import { verdictsTemplate } from "./lab/verdicts.js";
import "./lab/styles.js";

/** The strip below the drawing in which a lab asks, says what to do, and tells what it was about. */
export class LabStrip extends StoreElement {
  answers = new Answers(this);

  /** The scene on paper, for printing. */
  sheet = new Sheet(this);

  /** The scene that was shown last: a new one takes the focus. */
  shown = "";

  get lab() {
    const { lab } = this.labs;
    if (!lab) throw new Error("There is no lab under way.");
    return lab;
  }

  /** @override @param {AbortSignal} signal */
  whileConnected(signal) {
    this.addEventListener("keydown", this.onKey, { signal });
    this.sheet.listen(signal);
  }

  /** @override @param {import("../state.js").State} state */
  template(state) {
    const { lab: now } = state;
    if (!now) return nothing;
    const isEnd = now.at >= now.lab.scenes.length;
    if (now.isFolded) return this.folded(now);
    const { title } = now.lab.words;
    return html`<section class="lab ${now.beat} ${now.another ? "is-another" : ""}" aria-label=${t("lab.strip", { title })}>
      <div class="lab-body ${isEnd ? "lab-end" : ""}">${isEnd ? endTemplate(now, this.lead) : this.scene(now)}</div>
      ${this.foot(now, state)}
    </section>`;
  }

  /** @param {import("../state.js").LabState} now */
  scene(now) {
    const { words, scene, ask } = this.lab;
    const { beat, isWandering } = now;
    const fill = (/** @type {string} */ text) => filled(text, factsOf(this.playground.state));
    const said = beat === "do" ? this.act(now) : beat === "ask" ? this.question(now) : "";
    const isTold = beat === "told";
    const { rounds } = ask ?? {};
    // Of several steps, which one is asked about.
    const round = rounds && rounds.length > 1 && !isTold ? [this.named(now), t("lab.round", { number: number(now.round + 1), total: number(rounds.length) })].join(" ") : "";
    const title = words.title || round ? html`<small class="lab-title">${words.title} ${round}</small> ` : nothing;
    // What is to be heard comes into an element that is there already: a new one need not be announced.
    const isHeard = isTold || (rounds && now.told !== null);
    return html`<h2 class="lab-text ${isHeard ? "visually-hidden" : ""}" tabindex="-1">${title}${fill(isTold ? (words.ask ?? words.do ?? "") : said)}</h2>
      <p class=${isHeard ? "lab-text lab-told" : "visually-hidden"} role="status">${isHeard ? [round ? title : nothing, this.lab.feedback().map((text) => html`<span>${fill(text)} </span>`)] : nothing}</p>
      ${isTold ? answeredTemplate(now, this.lab, fill) : nothing}
      ${beat === "do" ? [verdictsTemplate(now, this.lab, fill), scene.switch.length === 0 ? partsTemplate(now) : nothing] : nothing}
      ${now.areHandsUp && beat === "ask" ? html`<p class="lab-hands" role="status">${t("lab.hands_up")}</p>` : nothing}
      ${this.wandering(isWandering)}
      ${isWandering ? nothing : beat === "ask" ? this.answers.template(now, fill) : beat === "do" && scene.switch.length > 0 ? chipsTemplate(now, this.lab) : nothing}`;
  }

  /** Who bets on a line first does that. @param {import("../state.js").LabState} now */
  question({ answer }) {
    const { words, ask } = this.lab;
    return ask?.kind === "line" && !answer.line ? (words.bet ?? t("lab.choose_line")) : (words.ask ?? "");
  }

  /** What the step before was named, which was right. @param {import("../state.js").LabState} now */
  named({ answer, round, told }) {
    const isNamed = round > 0 && told === null && answer.given !== undefined;
    return isNamed ? t("lab.round_right", { answer: spelled(this.lab.scene.ask, /** @type {any} */ (answer.given), this.lab.words) }) : "";
  }

  /** What is to be done, beginning with what was answered. @param {import("../state.js").LabState} now */
  act({ answer }) {
    const { words, scene } = this.lab;
    const isEach = scene.ask?.kind === "numbers";
    const said = answer.given !== undefined && scene.ask && !isEach ? `${t("lab.now_try", { answer: spelled(scene.ask, answer.given, words) })} ` : "";
    return said + (words.do ?? "");
  }

  /** @param {boolean} isWandering */
  wandering(isWandering) {
    return html`<div class=${isWandering ? "lab-wandering" : "visually-hidden"}><p role="status">${isWandering ? t("lab.wandering") : nothing}</p>
      ${isWandering ? html`<button type="button" class="lab-back" @click=${() => this.lab.comeBack()}>${t("lab.back")}</button>` : nothing}</div>`;
  }

  /** Something else is on show: the lab waits as a chip. @param {import("../state.js").LabState} now */
  folded({ lab }) {
    return html`<section class="lab is-folded" aria-label=${t("lab.strip", { title: lab.words.title })}>
      <b>${lab.words.title}</b><button type="button" class="lab-back" @click=${() => this.lab.comeBack()}>${t("lab.back")}</button>
      <button type="button" class="icon" aria-label=${t("lab.leave")} title=${t("lab.leave")} @click=${() => this.labs.leave()}>✕</button></section>`;
  }

  /** @param {import("../state.js").LabState} now @param {import("../state.js").State} state */
  foot(now, state) {
    const { lab, at, beat, done } = now;
    const { scenes } = lab;
    const isEnd = at >= scenes.length;
    const place = t("lab.question", { number: number(Math.min(at + 1, scenes.length)), total: number(scenes.length) });
    return html`<footer class="lab-foot">
      <button type="button" class="lab-previous" ?disabled=${at === 0} @click=${() => this.lab.previous()}><span>${t("lab.previous")}</span></button>
      <span class="lab-place"><b>${lab.words.title}</b>${listTemplate(now, (place) => this.lab.goTo(place))}
        <span class="lab-dots" role="img" aria-label=${isEnd ? t("lab.say") : place}>${scenes.map(({ id }, place) => html`<i class="${place === at ? "is-here" : ""} ${done.includes(id) ? "is-done" : ""}"></i>`)}</span>
        <span class="lab-count" aria-hidden="true">${isEnd ? nothing : `${number(at + 1)} / ${number(scenes.length)}`}</span></span>
      <button type="button" class="icon lab-leave" aria-label=${t("lab.leave")} title=${t("lab.leave")} @click=${() => this.labs.leave()}>✕</button>
      ${isEnd ? onwardTemplate(state, this.labs) : html`<button type="button" class="lab-next ${beat === "told" ? "primary" : ""}" @click=${() => this.lab.next()}>${t(beat === "told" ? "lab.continue" : "lab.skip")}</button>`}
    </footer>`;
  }

  /** @override */
  refresh() {
    const focused = document.activeElement;
    const isMine = this.contains(focused);
    super.refresh();
    // What was pressed is gone: one goes on where it stood.
    if (isMine && !focused?.isConnected) this.focusText();
  }

  /** Where words lead: to a scene, "small/back", or to the instrument for one's own numbers. @param {string} to */
  lead = (to) => {
    const [lab, scene] = to.split("/");
    if (lab !== "doctor") return void this.labs.enter(lab, scene);
    this.labs.leave();
    this.playground.showDoctor(true);
  };

  /** Out of the lab it goes to where labs are found. */
  focusText() {
    /** @type {HTMLElement | null} */ (this.querySelector("h2") ?? document.querySelector(".labs-button"))?.focus({ preventScroll: true });
  }

  /** @override @param {import("../state.js").State} state */
  updated({ lab }) {
    const root = document.documentElement;
    if (lab) root.dataset.lab = lab.isFolded ? "folded" : "open";
    else delete root.dataset.lab;
    const scene = lab && !lab.isFolded ? JSON.stringify([lab.lab.id, lab.at]) : "";
    if (scene !== "" && scene !== this.shown) this.focusText();
    this.shown = scene;
    // What does not fit can be scrolled by keys.
    const body = this.querySelector(".lab-body");
    if (body && body.scrollHeight > body.clientHeight + 1) body.setAttribute("tabindex", "0");
    else body?.removeAttribute("tabindex");
  }

  /** Digits answer while the strip has the focus; in front of a class hands come first. @param {KeyboardEvent} event */
  onKey = (event) => {
    if (this.playground.state.isPresenting || event.ctrlKey || event.metaKey || event.altKey || /** @type {Element} */ (event.target).closest("input, select")) return;
    if (this.answers.press(event.key)) event.preventDefault();
  };
}

customElements.define("bp-lab", LabStrip);
