import { firstText } from "../core/i18n.js";

/**
 * The name of a data set in the reader's language; an own one as its owner called it.
 * @param {string} name
 * @param {string} [title]
 */
export const datasetName = (name, title) => firstText([`data.${name}`]) || title || name;
