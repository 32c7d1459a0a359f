import * as api from "../../api/client.js";
import { sentenceOf } from "../../api/problem-text.js";
import { html, nothing } from "../../vendor/lit.js";
import { t } from "../../core/i18n.js";
import { shownColumns } from "../table/columns.js";
import { givenTemplate } from "../table/given.js";
import { gridTemplate, namesTemplate } from "../table/grid.js";
import { NO_CHOICES, requestOf, withChoice, withRole } from "../table/request.js";
import { refusalTemplate } from "../table/refusal.js";
import { aimTemplate, missingTemplate, summaryOf } from "../table/summary.js";
import { understoodTemplate } from "../table/understood.js";

/** @typedef {import("../table/request.js").Choices} Choices @typedef {import("../../core/brought-file.js").BroughtFile} BroughtFile */

/** As the server takes it. */
const LONGEST_TITLE = 80;

/**
 * A person's own table: pasted, or a file as its bytes, and read by the server, which says what it understood. What was
 * typed or chosen stays when it is refused and when the drawer closes.
 */
export class OwnTable {
  text = "";
  /** In place of the text, which stays beside it. @type {BroughtFile | null} */
  file = null;
  isOpen = false;
  /** Whether text, file or a choice has not been taken by the server yet. */
  isPending = false;
  isChecking = false;
  /** @type {Choices} */
  choices = NO_CHOICES;
  /** Those that the server took last. @type {Choices} */
  taken = NO_CHOICES;
  /** @type {import("../table/refusal.js").Refusal | null} */
  refusal = null;
  /** The set as the server has read it. @type {any} */
  stored = null;
  /** Counts what was asked, since an answer may be overtaken. */
  asked = 0;

  /**
   * @param {() => void} onChange
   * @param {(stored: any, before: any) => void} onStored with the description of the set that is now offered with the others, and of the one whose place it takes
   */
  constructor(onChange, onStored) {
    this.onChange = onChange;
    this.onStored = onStored;
  }

  template() {
    return html`<details class="own-data wide" ?open=${this.isOpen} @toggle=${this.onToggle}>
      <summary>${t("data.own_summary")}</summary>
      ${this.stored || this.file ? nothing : html`<p class="quiet">${t("data.own_help")} ${t("data.own_usual")}</p>`}
      ${givenTemplate(this)}
      <div role="alert">${this.refusal ? refusalTemplate(this.refusal, this.actions) : nothing}</div>
      ${this.stored || this.refusal ? this.readingTemplate(this.stored) : nothing}
    </details>`;
  }

  /** What a refusal leaves to do. */
  get actions() {
    return {
      part: this.choices.part ? null : () => this.choose({ part: true }),
      back: this.choices === this.taken ? null : () => this.decide(this.taken),
    };
  }

  /** @param {any} stored null: refused, and to be read by other choices */
  readingTemplate(stored) {
    return html`<div class="reading" aria-busy=${this.isChecking}>
      ${stored ? nothing : namesTemplate(this.refusal?.columns ?? [], this.choices.columns, this.onRole)}
      ${understoodTemplate(stored?.read ?? null, this.choices, this.file !== null, (change) => this.choose(change))}
      ${missingTemplate(stored, this.choices, (missing) => this.choose({ missing }))}
      ${stored ? this.columnsTemplate(stored) : nothing}
    </div>`;
  }

  /** @param {any} stored */
  columnsTemplate(stored) {
    const columns = shownColumns(stored);
    return html`<p role="status">${summaryOf(stored)}</p>
      ${aimTemplate(columns, this.onRole)}
      ${gridTemplate(columns, stored.rows, this.choices.columns, this.onRole)}`;
  }

  /** Other text, not checked yet; what was chosen about the last one stays. @param {string} text */
  takeText(text) {
    this.text = text;
    this.taken = NO_CHOICES;
    this.beginAgain(text.trim() !== "");
  }

  /** Another file, which is read at once. @param {BroughtFile} file @returns {Promise<boolean>} */
  takeFile(file) {
    this.file = file;
    this.isOpen = true;
    this.choices = this.taken = NO_CHOICES;
    this.beginAgain(true);
    return this.check();
  }

  /** The text that stood here before the file comes back. */
  removeFile() {
    this.file = null;
    this.choices = this.taken = NO_CHOICES;
    this.beginAgain(this.text.trim() !== "");
  }

  /** The last answer is about something else. @param {boolean} isPending */
  beginAgain(isPending) {
    this.isPending = isPending;
    this.isChecking = false;
    this.refusal = null;
    this.stored = null;
    this.asked += 1;
    this.onChange();
  }

  /** @param {Partial<Choices>} change */
  choose(change) {
    return this.decide(withChoice(this.choices, change));
  }

  /** @param {string} name @param {import("../table/request.js").Role | ""} role */
  onRole = (name, role) => void this.decide(withRole(this.choices, name, role));

  /** Have the table read by other choices. @param {Choices} choices */
  decide(choices) {
    this.choices = choices;
    this.isPending = true;
    return this.check();
  }

  /** Other data were chosen: text, file and choices stay, but are not used unless they are checked. */
  setAside() {
    this.isPending = false;
    this.refusal = null;
  }

  /** @param {any} event */
  onToggle = ({ target }) => {
    if (target.open === this.isOpen) return;
    this.isOpen = target.open;
    this.onChange();
  };

  /** @param {any} event */
  onFile = async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    const bytes = new Uint8Array(await file.arrayBuffer());
    event.target.value = "";
    await this.takeFile({ bytes, name: file.name });
  };

  /** Have the server read the table, and choose it. @returns {Promise<boolean>} false: refused, with `refusal` set, or overtaken */
  async check() {
    const { choices } = this;
    const asked = (this.asked += 1);
    this.isChecking = true;
    this.onChange();
    const answer = await this.read();
    if (asked !== this.asked) return false;
    this.isChecking = false;
    this.refusal = answer.refusal;
    if (answer.stored) {
      const before = this.stored;
      this.stored = answer.stored;
      this.taken = choices;
      this.isPending = false;
      this.onStored(answer.stored, before);
    }
    this.onChange();
    return answer.stored !== null;
  }

  /** @returns {Promise<{stored: any, refusal: import("../table/refusal.js").Refusal | null}>} */
  async read() {
    const source = this.file ?? { text: this.text };
    const title = this.file ? this.file.name.replace(/\.\w+$/, "").slice(0, LONGEST_TITLE) : t("data.own");
    try {
      return { stored: await api.addDataset(requestOf(source, this.choices), title), refusal: null };
    } catch (error) {
      const refusal = error instanceof api.Problem
        ? { sentence: sentenceOf(error), code: error.code, columns: error.params.columns ?? [] }
        : { sentence: t("problem.unreachable"), code: "unreachable", columns: [] };
      return { stored: null, refusal };
    }
  }
}
