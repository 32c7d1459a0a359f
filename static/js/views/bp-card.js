import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { exactly, number } from "../core/format.js";
import { firstText, t } from "../core/i18n.js";
import { isMoving } from "../inspector/place.js";
import { asksToNudge } from "../lab/setup.js";
import { explain } from "../trace/explain/explain.js";
import { mn, mo, row } from "../trace/formula/markup.js";
import { measuredText } from "../trace/program/measured.js";
import { nudgeOf } from "../trace/measure/nudge.js";
import { ownUnitLines } from "../trace/explain/own-unit.js";
import { symbol } from "../trace/formula/symbol.js";
import { notesOf } from "../trace/explain/long-way.js";
import { consequence, givenTarget, indexNote, told, where } from "../trace/explain/words.js";
import { actionsTemplate } from "./card/actions.js";
import { averageTemplate } from "./card/average.js";
import { blocksTemplate } from "./card/blocks.js";
import { equationTemplate } from "./card/equation.js";
import { math } from "./card/math.js";
import { stackTemplate } from "./card/stack.js";
import { notationTemplate } from "./card/notation.js";
import { wayTemplate } from "./card/way.js";

/** Roles of what is a loss. */
const LOSSES = ["sample_loss", "data_loss", "loss"];

/** Explains the operation in play, or the cell that somebody asked about: words, symbols, numbers, NumPy, arrays. */
export class Card extends StoreElement {
  /** @override */
  static mayFollow = true;

  /** The micro-step that the reader picked, and where. @type {{output: string, at: string} | null} */
  chosen = null;

  /** @override @param {import("../state.js").State} state */
  template(state) {
    if (state.live || state.isTraining) return html`<div class="body"><p class="sentence">${t("card.training")}</p><p class="quiet">${t("card.training.hint")}</p></div>`;
    const explanation = explain(state, this.chosen?.at === subjectKey(state) ? this.chosen.output : null);
    if (!explanation) return html`<div class="body"><p class="quiet">${t("app.loading")}</p></div>`;
    const { subject, isKnown, areInputsKnown, average } = explanation;
    // The opening is watched: one sentence stands beside it, and how it ends is told when it has ended.
    if (state.isOpening) return html`<div class="body"><p class="sentence opening-about">${t("opening.about")}</p></div>`;
    // While things move, the card only says what happens; it explains once they stand still.
    const place = where(state, subject);
    const title = place.join("\u00a0\u00b7 ");
    if (isMoving(state)) return html`<div class="body"><p class="where">${title}</p><p class="sentence" data-phase=${place[0]}>${told(state, explanation)}</p></div>`;
    return html`
      <div class="body" @scroll=${this.onScroll}>
        <header>
          <p class="where">${title}</p>
          ${state.focus ? html`<button class="back" @click=${() => this.playground.inspector.explain(null)}><span>${t("card.back")}</span></button>` : nothing}
        </header>
        <p class="sentence" data-phase=${place[0]}>${told(state, explanation)}</p>
        ${state.focus && !isKnown ? html`<p class="quiet later">${t("card.later")}</p>` : nothing}
        ${wayTemplate(state, subject, this.playground)}
        ${subject.node ? nothing : given(state, subject)}
        ${average ? stackTemplate(state, subject) : nothing}
        ${average ? averageTemplate(average, state.sample, isKnown) : equationTemplate(explanation)}
        ${cornerNote(subject)}
        ${lossNote(state, subject)}
        ${average ? nothing : stackTemplate(state, subject)}
        ${ownUnit(state, subject)}
        ${areInputsKnown ? conclusion(explanation) : nothing}
        ${this.code(state, explanation)}
        ${notesOf(subject).map(noteTemplate)}
        ${this.longWay(state, explanation)}
        ${state.isNudging && nudgeOf(state) ? html`<bp-nudge></bp-nudge>` : nothing}
        ${average ? nothing : blocksTemplate(explanation.blocks, this, state.hover)}
        ${notationTemplate(this.playground)}
      </div>
      ${actionsTemplate(state, explanation, this)}
    `;
  }

  /** What is asked anew is read from its title on. @override @param {import("../state.js").State} state */
  updated(state) {
    this.toggleAttribute("data-asked", state.focus !== null);
    const place = `${subjectKey(state)} ${state.focus?.index}`;
    const body = this.querySelector(".body");
    // Where a lab has something nudged, one goes on to do so.
    const scene = state.lab?.lab.scenes[state.lab.at];
    const nudge = scene && asksToNudge(scene) ? body?.querySelector("bp-nudge") : null;
    if (nudge && place !== this.shown) nudge.scrollIntoView({ block: "start" });
    else if (body && this.isScrolled && place !== this.shown) body.scrollTop = 0;
    this.shown = place;
  }

  /** Known from the event: to ask, or to scroll in vain, makes the browser lay out the page. */
  isScrolled = false;

  onScroll = (/** @type {Event} */ event) => {
    this.isScrolled = /** @type {Element} */ (event.currentTarget).scrollTop > 0;
  };

  /** The operation and the cell on show. */
  shown = "";

  /** The micro-steps as NumPy. @param {import("../state.js").State} state @param {import("../trace/explain/explain.js").Explanation} explanation */
  code(state, { lines, subject, average }) {
    if (lines.length === 0) return nothing;
    const note = average?.isMean ? t("card.average.note", { count: subject.trace.m }) : indexNote(state, subject);
    return html`<div class="code" role="group" aria-label=${t("card.code")}>
        ${lines.map(({ output, code, value, isShown, isPart }) => lines.length === 1
          ? html`<code class="line">${code}</code>`
          : html`<button
              class="line ${isShown ? "is-shown" : isPart ? "is-part" : ""}"
              aria-pressed=${isShown}
              @click=${() => this.choose(state, output)}
            ><code>${code}</code>${value === null ? nothing : html`<span class="line-value" title=${exactly(value)}>${number(value)}</span>`}</button>`)}
        ${note && !average ? html`<span class="index">${note}</span>` : nothing}
      </div>
      ${note && average ? html`<p class="quiet note">${note}</p>` : nothing}`;
  }

  /**
   * Where the gradients begin, the way from the loss through dL/dp and the Jacobian can be opened.
   * @param {import("../state.js").State} state @param {import("../trace/explain/explain.js").Explanation} explanation
   */
  longWay({ isTheLongWay }, { subject }) {
    const { program } = subject.trace;
    const first = program.named("dz", program.depth)?.name;
    if (!program.isShortened || subject.operation.scope !== "sample" || subject.operation.output !== first) return nothing;
    return html`<button class="long-way" aria-pressed=${isTheLongWay} @click=${() => this.playground.inspector.goTheLongWay(!isTheLongWay)}>
      ${t(isTheLongWay ? "card.short_way" : "card.long_way")}</button>`;
  }

  /** @param {import("../state.js").State} state @param {string} output */
  choose(state, output) {
    if (state.focus) this.playground.inspector.explain(null);
    this.chosen = { output, at: subjectKey({ ...state, focus: null }) };
    this.update();
  }

  /** @param {string} tensor @param {number[]} index without the sample axis */
  explain(tensor, index) {
    this.chosen = null;
    this.playground.inspector.explain({ tensor, index });
  }

  /** @param {import("../state.js").Cell | null} cell */
  point(cell) {
    this.playground.inspector.point(cell);
  }
}

/** What a choice of a micro-step holds for. @param {import("../state.js").State} state */
const subjectKey = ({ operation, focus }) => `${operation} ${focus?.tensor ?? ""}`;

/** The value, or the class of the sample. @param {import("../state.js").State} state @param {import("../trace/explain/subject.js").Subject} subject */
function given(state, { trace, target, index }) {
  if (trace.program.tensor(target).role !== "x" || state.focus) {
    return html`<div class="equation">
      <span class="left">${math(symbol(trace.program, target, index))}</span>
      <span class="right numbers">${math(row(mo("=", { form: "infix" }), mn(number(trace.at(target, index)))))}</span>
    </div>
    ${trace.program.tensor(target).role === "x" ? measured(state, trace, index.at(-1) ?? 0) : nothing}`;
  }
  return html`<p class="class">${givenTarget(state, trace)}</p>${measured(state, trace, null)}`;
}

/** @param {import("../state.js").State} state @param {import("../trace/program/trace.js").Trace} trace in sample scope @param {number | null} column */
function measured(state, trace, column) {
  const text = measuredText(state, trace.cells("x"), column);
  return text ? html`<p class="quiet measured">${text}</p>` : nothing;
}

/** What the numbers are in the unit of the target. @param {import("../state.js").State} state @param {import("../trace/explain/subject.js").Subject} subject */
function ownUnit(state, subject) {
  const lines = ownUnitLines(state, subject);
  return lines.length > 0 ? html`<div class="own-unit">${lines.map((line) => html`<p class="quiet measured">${line}</p>`)}</div>` : nothing;
}

/** Why a number differs from the one of the short way. @param {import("../trace/explain/long-way.js").Note} note */
function noteTemplate({ code, tensor, text }) {
  return html`<p class="note long-way-note">${firstText([`note.${code}`], { tensor }) || text}</p>`;
}

/** What d with a 0 is, where a formula has it. @param {import("../trace/explain/subject.js").Subject} subject */
function cornerNote({ node, trace }) {
  const chosen = node?.inputs.find((name) => trace.program.tensor(name).role === "derivative_at_zero");
  return chosen ? html`<p class="quiet corner">${t("card.corner", { value: number(trace.at(chosen)) })}</p>` : nothing;
}

/** Whether a loss is from before this update or after it. @param {import("../state.js").State} state @param {import("../trace/explain/subject.js").Subject} subject */
function lossNote({ outcome }, { trace, target }) {
  const { role } = trace.program.tensor(target);
  return LOSSES.includes(role) ? html`<p class="quiet">${t(outcome ? "loss.after.weights" : "loss.before.weights")}</p>` : nothing;
}

/** @param {import("../trace/explain/explain.js").Explanation} explanation */
function conclusion({ subject, equation, isKnown }) {
  if (!equation) return nothing;
  const text = consequence(subject, equation.numbersText, equation.isExact);
  return text ? html`<p class="conclusion ${isKnown ? "" : "is-pending"}">${text}</p>` : nothing;
}

customElements.define("bp-card", Card);
