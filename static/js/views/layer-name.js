import { t } from "../core/i18n.js";

/**
 * A layer in a table: "input", "hidden 1" or "output".
 * @param {number} layer
 * @param {number} depth
 */
export function layerName(layer, depth) {
  if (layer === 0) return t("layers.input");
  return layer === depth ? t("layers.output") : t("layers.hidden", { layer });
}
