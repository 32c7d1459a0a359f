import { html, nothing } from "../../../vendor/lit-html/lit-html.js";
import { t } from "../../core/i18n.js";
import { exchangeableLayer } from "../../trace/exchange.js";

/**
 * Where the card is about a gate, the way to the same network with another one.
 * @param {import("../../trace/subject.js").Subject} subject
 * @param {import("../../playground.js").Playground} playground
 */
export function exchangeTemplate(subject, playground) {
  const layer = exchangeableLayer(subject);
  if (layer === null) return nothing;
  const unit = subject.place.at(-1) ?? 0;
  return html`<button class="long-way" @click=${() => playground.exchange({ layer, unit })}>${t("diff.open")}</button>`;
}
