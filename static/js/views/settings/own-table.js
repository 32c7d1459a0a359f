import * as api from "../../api/client.js";
import { sentenceOf } from "../../api/problem-text.js";
import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { number } from "../../core/format.js";
import { t } from "../../core/i18n.js";

/** Rows of the preview. */
const PREVIEW = 5;

/**
 * A person's own table: pasted or from a file, and checked by the server. What was typed stays when the drawer closes.
 */
export class OwnTable {
  text = "";
  title = "";
  /** Whether the text was the last choice of data, and has not been checked yet. */
  isPending = false;
  isChecking = false;
  /** @type {string | null} */
  problem = null;
  /** The set as the server has read it. @type {any} */
  stored = null;

  /**
   * @param {() => void} onChange
   * @param {(stored: any) => void} onStored with the description of the set that is now offered with the others
   */
  constructor(onChange, onStored) {
    this.onChange = onChange;
    this.onStored = onStored;
  }

  template() {
    return html`<details class="own-data wide" ?open=${this.text !== ""}>
      <summary>${t("data.own_summary")}</summary>
      <p class="quiet">${t("data.own_help")} ${t("data.own_usual")}</p>
      <textarea rows="5" spellcheck="false" aria-label=${t("data.paste")} placeholder=${t("data.placeholder")} aria-invalid=${this.problem !== null}
        .value=${this.text} @input=${(/** @type {any} */ event) => this.take(event.target.value, t("data.own"))}></textarea>
      <div class="own-buttons">
        <label class="button"><input type="file" class="visually-hidden" accept=".csv,.tsv,.txt,text/csv" @change=${this.onFile}>${t("data.file")}</label>
        <button type="button" ?disabled=${this.isChecking} @click=${() => this.check()}>${t("data.check")}</button>
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

  /** Other text, not checked yet. @param {string} text @param {string} title what its owner calls it */
  take(text, title) {
    this.text = text;
    this.title = title;
    this.isPending = text.trim() !== "";
    this.problem = null;
    this.stored = null;
    this.onChange();
  }

  /** Other data were chosen: the text stays, but is not used unless it is checked. */
  setAside() {
    this.isPending = false;
    this.problem = null;
  }

  /** @param {any} event */
  onFile = async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    this.take(await file.text(), file.name.replace(/\.\w+$/, ""));
    event.target.value = "";
    await this.check();
  };

  /** Have the server read the table, and choose it. @returns {Promise<boolean>} false: refused, with `problem` set */
  async check() {
    this.isChecking = true;
    this.onChange();
    const checked = this.text;
    const stored = await this.read(checked);
    this.isChecking = false;
    // What was typed meanwhile has to be checked itself.
    const isDone = stored !== null && checked === this.text;
    if (isDone) {
      this.stored = stored;
      this.isPending = false;
      this.onStored(stored);
    }
    this.onChange();
    return isDone;
  }

  /** @param {string} text */
  async read(text) {
    try {
      this.problem = null;
      return await api.addDataset(text, this.title);
    } catch (error) {
      this.problem = error instanceof api.Problem ? sentenceOf(error) : t("problem.unreachable");
      return null;
    }
  }
}
