import { html, nothing, svg } from "../vendor/lit.js";
import { StoreElement } from "../core/element.js";
import { number, sizes } from "../core/format.js";
import { currentLanguage, nameOf, t } from "../core/i18n.js";
import { LANGUAGES } from "../core/languages.js";
import { remember, remembered } from "../core/memory.js";
import { currentTheme } from "../core/theme.js";
import { datasetName } from "./dataset-name.js";

/** @type {{name: import("../core/theme.js").Theme, icon: unknown}[]} */
const THEMES = [
  { name: "light", icon: svg`<circle cx="10" cy="10" r="3.5"/><path d="M10 1.5v2.5M10 16v2.5M1.5 10H4M16 10h2.5M4 4l1.8 1.8M14.2 14.2 16 16M4 16l1.8-1.8M14.2 5.8 16 4"/>` },
  { name: "dark", icon: svg`<path d="M16.5 12.2A7 7 0 0 1 7.8 3.5a7 7 0 1 0 8.7 8.7Z"/>` },
  { name: "projector", icon: svg`<path d="M2 3h16M3.5 3v9.5h13V3M10 12.5V15M6.5 18l3.5-3 3.5 3"/>` },
];
const REMEMBERED = "theme";

/** Top bar: what is shown, each pill opening the settings; theme; the API's documentation. */
export class Header extends StoreElement {
  /** @override */
  connectedCallback() {
    super.connectedCallback();
    const theme = remembered(REMEMBERED) ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    if (THEMES.some(({ name }) => name === theme)) this.playground.setTheme(/** @type {any} */ (theme));
  }

  /** @override @param {import("../state.js").State} state */
  template({ recipe, session }) {
    return html`
      <h1><button class="name" title=${t("opening.again")} @click=${() => this.playground.player.opening.play()}>${t("app.title")}</button></h1>
      <nav class="pills" aria-label=${t("header.settings")}>${recipe ? this.pills(recipe, session) : nothing}</nav>
      <bp-labs></bp-labs>
      <bp-share></bp-share>
      <div class="themes" role="group" aria-label=${t("header.theme")}>
        ${THEMES.map(({ name, icon }) => html`<button
          class="icon"
          aria-pressed=${name === currentTheme()}
          aria-label=${t(`header.${name}`)}
          title=${t(`header.${name}`)}
          @click=${() => this.choose(name)}
        ><svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">${icon}</svg></button>`)}
      </div>
      <select class="languages" aria-label=${t("header.language")} title=${t("header.language")}
        @change=${(/** @type {any} */ event) => this.playground.setLanguage(event.target.value)}>
        ${LANGUAGES.map(({ tag, name }) => html`<option value=${tag} lang=${tag} ?selected=${tag === currentLanguage()}>${name}</option>`)}
      </select>
      <a href="docs">${t("header.api")}</a>
    `;
  }

  /** @param {any} recipe @param {import("../state.js").Session | null} session */
  pills({ dataset, ...recipe }, session) {
    // What a recipe leaves unsaid, the session says.
    const { model, optimizer } = session ?? recipe;
    const units = [model.inputs, ...model.hidden.map((/** @type {any} */ layer) => layer.units), model.output.units];
    const activations = [...new Set(model.hidden.flatMap((/** @type {any} */ layer) => (layer.activation ? [nameOf("activation", layer.activation)] : [])))];
    /** @type {[string, string, import("../state.js").State["settingsPart"]][]} */
    const pills = [
      ["data", datasetName(dataset?.name ?? "own", session?.dataset.title), null],
      ["network", sizes(units), "network"],
      ["hidden", activations.join(", "), "network"],
      ["rate", optimizer ? `${number(optimizer.learning_rate)} · ${nameOf("optimizer", optimizer.name)}` : "", "learning"],
    ];
    return pills
      .filter(([, value]) => value !== "")
      .map(([name, value, part]) => html`<button class="pill" aria-haspopup="dialog" title=${`${t(`header.${name}`)}: ${value}`} @click=${() => (name === "data" ? this.playground.inspector.chooseData(true) : this.playground.showSettings(true, part))}
        ><span>${t(`header.${name}`)}</span> <b>${value}</b></button>`);
  }

  /** @param {import("../core/theme.js").Theme} theme */
  choose(theme) {
    remember(REMEMBERED, theme);
    this.playground.setTheme(theme);
  }
}

customElements.define("bp-header", Header);
