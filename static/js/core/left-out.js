import { listed } from "./format.js";
import { haveAllTexts, t } from "./i18n.js";
import { brought, whyMissing } from "./version.js";

/** What the parts of a state are called. @type {Record<string, string>} */
const CALLED = {
  step: "step", at: "place", sample: "sample", focus: "cell", edits: "edits", table: "data", dataset: "data", batch: "data", parameters: "weights", initializer: "weights",
  optimizer: "training", batch_size: "training", shuffle: "training", seed: "training",
};

/** Says what of a link or a file was left out. @param {string[]} names of parts of a state */
export async function leftOutOf(names) {
  try {
    await brought(haveAllTexts());
  } catch {
    return whyMissing();
  }
  const words = new Set(names.map((name) => t(`problem.part.${CALLED[name] ?? "view"}`)));
  return t("problem.left_out", { parts: listed([...words]) });
}
