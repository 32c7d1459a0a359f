import * as api from "../api/client.js";
import { sentenceOf } from "../api/problem-text.js";
import { html, nothing } from "../../vendor/lit-html/lit-html.js";
import { StoreElement } from "../core/element.js";
import { number } from "../core/format.js";
import { t } from "../core/i18n.js";

/** Rows of the preview. */
const PREVIEW = 5;

/**
 * A person's own table: pasted or from a file, checked by the server, then offered with the other data sets.
 * Fires "own-data" with the stored set's description.
 */
export class OwnData extends StoreElement {
  constructor() {
    super();
    this.text = "";
    this.title = t("data.own");
    /** @type {string | null} */
    this.problem = null;
    /** @type {any} the set as the server has read it */
    this.stored = null;
    this.isChecking = false;
  }

  /** @override */
  template() {
    return html`<details class="own-data">
      <summary>${t("data.own_summary")}</summary>
      <p class="quiet">${t("data.own_help")}</p>
      <textarea rows="5" spellcheck="false" aria-label=${t("data.paste")} placeholder=${t("data.placeholder")}
        .value=${this.text} @input=${(/** @type {any} */ event) => (this.text = event.target.value)}></textarea>
      <div class="own-buttons">
        <label class="button"><input type="file" class="visually-hidden" accept=".csv,.tsv,.txt,text/csv" @change=${this.onFile}>${t("data.file")}</label>
        <button type="button" ?disabled=${this.isChecking} @click=${this.check}>${t("data.check")}</button>
      </div>
      <div role="alert">${this.problem ? html`<p class="form-problem">${this.problem}</p>` : nothing}</div>
      ${this.stored ? this.preview() : nothing}
    </details>`;
  }

  preview() {
    const { feature_names: features, class_names: classes, preview_x: x, preview_y: y, rows, rows_of_class: counts } = this.stored;
    return html`<p role="status">${t("data.read", { count: rows })}
        ${classes.map((/** @type {string} */ name, /** @type {number} */ label) => `${name}: ${counts[label]}`).join(", ")}</p>
      <div class="preview" tabindex="0"><table>
        <thead><tr>${features.map((/** @type {string} */ name) => html`<th scope="col">${name}</th>`)}<th scope="col">${t("data.class")}</th></tr></thead>
        <tbody>${x.slice(0, PREVIEW).map((/** @type {number[]} */ row, /** @type {number} */ at) => html`<tr>
          ${row.map((value) => html`<td>${number(value)}</td>`)}<td>${classes[y[at]]}</td></tr>`)}</tbody>
      </table></div>`;
  }

  /** @param {any} event */
  onFile = async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    this.text = await file.text();
    this.title = file.name.replace(/\.\w+$/, "");
    event.target.value = "";
    await this.check();
  };

  check = async () => {
    this.isChecking = true;
    this.update();
    try {
      this.stored = await api.addDataset(this.text, this.title);
      this.problem = null;
      this.dispatchEvent(new CustomEvent("own-data", { detail: this.stored, bubbles: true }));
    } catch (error) {
      this.stored = null;
      this.problem = error instanceof api.Problem ? sentenceOf(error) : t("problem.unreachable");
    }
    this.isChecking = false;
    this.update();
  };
}

customElements.define("bp-own-data", OwnData);
