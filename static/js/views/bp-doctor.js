import { html, nothing } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { t } from "../core/i18n.js";
import { stylesheet } from "../core/stylesheet.js";
import { Doctor } from "../doctor.js";
import { questionTemplate } from "./doctor/doors.js";
import { handTemplate } from "./doctor/hand.js";
import { notebookTemplate } from "./doctor/notebook.js";
import { stillTemplate } from "./doctor/still.js";
import { verdictTemplate } from "./doctor/verdict.js";

await Promise.all([stylesheet("css/settings.css"), stylesheet("css/doctor.css")]);

/** The drawer beside the drawing in which a learner finds out what is wrong with the own numbers. */
class DoctorElement extends StoreElement {
  doctor = new Doctor(this.playground);

  /** What the last update showed, so that the focus moves only when the place changes. */
  shown = { isOpen: false, door: /** @type {import("../state.js").Door | null} */ (null), diagnosis: /** @type {unknown} */ (null) };

  /** @override @param {AbortSignal} signal */
  whileConnected(signal) {
    this.addEventListener("keydown", this.onKey, { signal });
  }

  /** @override @param {import("../state.js").State} state */
  template(state) {
    const { door } = state.doctor;
    return html`<section class="doctor" aria-labelledby="doctor-title" ?hidden=${!state.isDoctorOpen}>
      <header>
        ${door ? html`<button type="button" class="icon" aria-label=${t("doctor.back")} title=${t("doctor.back")} @click=${() => this.doctor.enter(null)}>←</button>` : nothing}
        <h2 id="doctor-title" tabindex="-1">${t(door ? `doctor.door.${door}` : "doctor.title")}</h2>
        <button type="button" class="icon" aria-label=${t("doctor.close")} @click=${this.close}>✕</button>
      </header>
      <div class="doctor-body">${this.body(state)}</div>
      ${this.footer(state)}
    </section>`;
  }

  /** @param {import("../state.js").State} state */
  body(state) {
    const { door } = state.doctor;
    if (door === null) return questionTemplate((chosen) => this.doctor.enter(chosen));
    if (door === "still") return stillTemplate(state, this.playground, (chosen) => this.doctor.enter(chosen));
    return html`${verdictTemplate(state, this.doctor)}
      ${door === "hand" ? handTemplate(state, this.doctor) : notebookTemplate(state, this.doctor)}`;
  }

  /** What is pressed stands where it is always seen. @param {import("../state.js").State} state */
  footer({ setAside, session, doctor: { door, isBusy } }) {
    const isDrawn = setAside !== null && setAside.drawn === session?.id;
    const hasPaper = door === "hand" || door === "notebook";
    if (!isDrawn && !hasPaper) return nothing;
    return html`<footer>
      ${isDrawn ? html`<button type="button" class="put-back" @click=${() => this.doctor.putBack()}>${t("doctor.put_back")}</button>` : nothing}
      ${hasPaper ? html`<span class="quiet" role="status">${isBusy ? t("doctor.busy") : ""}</span>
        <button type="button" class="primary check" ?disabled=${isBusy} @click=${() => this.doctor.check()}>${t("doctor.check")}</button>` : nothing}</footer>`;
  }

  /** @override @param {import("../state.js").State} state */
  updated({ isDoctorOpen, doctor: { door } }) {
    const { diagnosis } = this.doctor.paper;
    const body = /** @type {HTMLElement} */ (this.querySelector(".doctor-body"));
    if (diagnosis && diagnosis !== this.shown.diagnosis) body.scrollTop = 0;
    const isElsewhere = isDoctorOpen && (!this.shown.isOpen || door !== this.shown.door);
    const isClosed = !isDoctorOpen && this.shown.isOpen && this.contains(document.activeElement);
    this.shown = { isOpen: isDoctorOpen, door, diagnosis };
    document.documentElement.toggleAttribute("data-doctor", isDoctorOpen);
    if (isElsewhere) {
      /** @type {HTMLElement} */ (this.querySelector("h2")).focus();
      body.scrollTop = 0;
    }
    if (isClosed) /** @type {HTMLElement | null} */ (document.querySelector(".doctor-open"))?.focus();
  }

  close = () => this.playground.showDoctor(false);

  onKey = (/** @type {KeyboardEvent} */ event) => {
    // The page's own keys are not meant while somebody types here.
    event.stopPropagation();
    if (event.key === "Escape") this.close();
  };
}

customElements.define("bp-doctor", DoctorElement);
