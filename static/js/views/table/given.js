import { html, nothing } from "../../vendor/lit.js";
import { fileSize } from "../../core/format.js";
import { t } from "../../core/i18n.js";

/** @typedef {import("../settings/own-table.js").OwnTable} OwnTable */

/** What its owner gave: a text, or in its place a file. @param {OwnTable} own */
export const givenTemplate = (own) => html`<div class="own-given">
  ${own.file ? fileTemplate(own, own.file) : textTemplate(own)}
  <div class="own-buttons">
    <label class="button"><input type="file" class="visually-hidden" accept=".csv,.tsv,.txt,.json,text/*,application/json" @change=${own.onFile}>${t("data.file")}</label>
    ${own.file && own.stored && !own.refusal
      ? nothing
      : html`<button type="button" ?disabled=${own.isChecking} @click=${() => own.check()}>${t("data.check")}</button>`}
  </div>
</div>`;

/** @param {OwnTable} own */
const textTemplate = (own) => html`<textarea rows="5" spellcheck="false" aria-label=${t("data.paste")} placeholder=${t("data.placeholder")} aria-invalid=${own.refusal !== null}
  .value=${own.text} @input=${(/** @type {any} */ event) => own.takeText(event.target.value)}></textarea>`;

/** @param {OwnTable} own @param {import("../../core/brought-file.js").BroughtFile} file */
const fileTemplate = (own, { name, bytes }) => html`<p class="own-file"><b>${name}</b> <span>${fileSize(bytes.length)}</span>
  <button type="button" class="icon" aria-label=${t("data.remove_file", { name })} title=${t("data.remove_file", { name })} @click=${() => own.removeFile()}>✕</button></p>`;
