import { html, nothing } from "../../vendor/lit.js";
import { csvOf } from "../../core/csv.js";
import { t } from "../../core/i18n.js";
import { stylesheet } from "../../core/stylesheet.js";
import { historyTable, stepTable } from "../../trace/measure/tables.js";
import { frameLine } from "./frame.js";
import { pictureOf, pngBlob, svgBlob } from "./picture.js";
import { copyFrom, save } from "./save.js";

await stylesheet("css/share-menu.css");

/** The formats in which the server writes a network; `tests/test_export_formats.py` holds them to the server's own. */
const NETWORK_FORMATS = ["json", "safetensors", "numpy", "pytorch"];

/** What the share button opens: a link, a file, and what is shown in the formats of other programs. */
export class Menu {
  /**
   * @param {import("../../playground.js").Playground} playground
   * @param {import("../../sharing.js").Sharing} sharing
   * @param {() => void} present
   * @param {() => void} onChange
   */
  constructor(playground, sharing, present, onChange) {
    this.playground = playground;
    this.sharing = sharing;
    this.present = present;
    this.onChange = onChange;
    /** The link to what is shown; null where it is too large for one. @type {string | null} */
    this.link = "";
    /** What is said below a field whose text was copied, by the field's name. @type {Record<string, string>} */
    this.said = {};
  }

  /** Make ready for what is shown now. */
  async open() {
    this.said = {};
    await this.playground.attempt(async () => {
      this.link = await this.sharing.link();
    }, false);
    this.onChange();
  }

  /** What a frame shows: in a lab the scene as it begins, unless somebody has gone own ways. */
  get framed() {
    const { lab } = this.playground.state;
    return lab && !lab.isWandering ? location.origin + location.pathname : this.link;
  }

  template() {
    const { state } = this.playground;
    const updates = state.session?.step ?? 0;
    return html`
      <section aria-labelledby="share-link-title">
        <h2 id="share-link-title">${t("share.link")}</h2>
        ${this.link === null
          ? html`<p class="quiet">${t("share.too_large")}</p>`
          : this.field("share-link", this.link, t("share.copy"), t("share.copied"))}
        ${this.told("share-link", t("share.about"))}
        <div class="share-row">
          <button @click=${this.saveState}>${t("share.save")}</button>
          <label class="button"><input type="file" class="visually-hidden" accept=".json,application/json" @change=${this.onFile}>${t("share.open")}</label>
        </div>
      </section>
      ${this.framed === null ? nothing : html`<section aria-labelledby="course-title">
        <h2 id="course-title">${t("course.title")}</h2>
        ${this.field("course", this.framed && frameLine(this.framed, location.search, document.title), t("course.copy"), t("course.copied"))}
        ${this.told("course", t("course.about"))}
      </section>`}
      <section aria-labelledby="export-title">
        <h2 id="export-title">${t("export.title")}</h2>
        ${this.row(t("export.picture"), ["svg", "png"], this.savePicture)}
        ${this.row(t("export.tables"), ["step", "curve"], this.saveTable)}
        ${this.row(t("export.network", { count: updates }), NETWORK_FORMATS, this.saveNetwork)}
      </section>
      <section class="share-more share-row"><button @click=${this.presentInstead}>${t("present.start")}</button><a class="button" href="docs">${t("header.api")}</a></section>
    `;
  }

  /**
   * A text to copy, below the title of its section.
   * @param {string} name of the section
   * @param {string} text @param {string} label of the button @param {string} copied what is said then
   */
  field(name, text, label, copied) {
    return html`<div class="share-link">
      <input readonly class="link" aria-labelledby="${name}-title" .value=${text} @focus=${(/** @type {any} */ event) => event.target.select()}>
      <button class="primary" @click=${(/** @type {Event} */ event) => this.copy(event, name, copied)}>${label}</button>
    </div>`;
  }

  /** What stands below it, and after a copy what came of that, in the same room. @param {string} name @param {string} about */
  told(name, about) {
    return html`<p class="quiet told" role="status"><span>${this.said[name] ?? about}</span><span aria-hidden="true">${about}</span></p>`;
  }

  /** @param {string} label @param {string[]} formats @param {(format: string) => void} onPick */
  row(label, formats, onPick) {
    return html`<div class="share-row" role="group" aria-label=${label}><span class="share-label">${label}</span>
      ${formats.map((format) => html`<button class="export" data-format=${format} @click=${() => onPick(format)}>${t(`export.${format}`)}</button>`)}</div>`;
  }

  /** @param {Event} event @param {string} name @param {string} copied */
  async copy(event, name, copied) {
    const field = /** @type {HTMLInputElement} */ (/** @type {Element} */ (event.currentTarget).parentElement?.querySelector("input"));
    this.said = { [name]: (await copyFrom(field)) ? copied : t("share.copy_by_hand") };
    this.onChange();
  }

  presentInstead = () => {
    this.close();
    this.present();
  };

  close() {
    /** @type {HTMLElement | null} */ (document.querySelector("#share-menu"))?.hidePopover();
  }

  saveState = () =>
    this.playground.attempt(async () => {
      const file = await this.sharing.file();
      if (file) save(file.name, new Blob([file.text], { type: "application/json" }));
    });

  /** @param {any} event */
  onFile = async (event) => {
    const [file] = event.target.files;
    if (!file) return;
    const text = await file.text();
    event.target.value = "";
    this.close();
    await this.sharing.openFile(text);
  };

  /** The current step, for names of files. */
  get step() {
    return this.playground.state.batch?.header.step ?? 1;
  }

  savePicture = (/** @type {string} */ format) =>
    this.playground.attempt(async () => {
      const network = document.querySelector("bp-network");
      if (!network) return;
      const picture = pictureOf(network);
      save(`network-step-${this.step}.${format}`, format === "svg" ? svgBlob(picture) : await pngBlob(picture));
    });

  saveTable = (/** @type {string} */ format) => {
    const { history, batch, samples, sample } = this.playground.state;
    const own = samples.get(sample);
    if (!batch) return;
    const views = [{ scope: "batch", trace: batch }, ...(own ? [{ scope: `sample ${sample + 1}`, trace: own }] : [])];
    /** @type {Record<string, () => [string, import("../../trace/measure/tables.js").Table]>} */
    const tables = {
      step: () => [`step-${this.step}`, stepTable(views)],
      curve: () => ["learning-curve", historyTable(history, batch.header)],
    };
    const [name, table] = tables[format]();
    save(`${name}.csv`, new Blob([csvOf(table)], { type: "text/csv" }));
  };

  saveNetwork = (/** @type {string} */ format) =>
    this.playground.attempt(async () => {
      const { name, blob } = await this.playground.api.getExport(this.playground.model.session.id, format);
      save(name, blob);
    });
}
