import { defaults } from "../core/url-state.js";
import { differences, isAmong } from "./pointer.js";

/**
 * Where a scene begins, and what of it a learner has changed: pure.
 *
 * @typedef {import("../state.js").State} State
 * @typedef {import("../state.js").LabScene} LabScene
 */

/** The scene as a link would hold it. @param {any} recipe @param {LabScene["show"]} show @returns {import("../core/url-state.js").Shared} */
export function openingOf(recipe, { sample, at, focus, tab }) {
  return {
    ...defaults(), recipe, sample, tab,
    at: at && { scope: at.scope, output: at.output, progress: at.output === "x" ? 0 : 1 },
    focus: focus && { tensor: focus.tensor, index: focus.index ?? [0] },
  };
}

/** Whether something is to be nudged. @param {LabScene} scene */
export const asksToNudge = ({ checkpoint }) => JSON.stringify(checkpoint).includes('"nudge.');

/** Whether what a scene has done is done in the card or the panel, and not in the strip or the drawing. @param {LabScene} scene */
export const actsInSheet = ({ show, may, switch: chips }) => chips.length === 0 && (show.tab !== "" || (show.focus !== null && /** @type {string[]} */ (may).some((place) => /^.(parameters|batch|model.hidden)/.test(place))));

/** Whether one run alone is trained, with nothing to compare it with. @param {LabScene} scene */
const trainsOne = ({ checkpoint, switch: chips }) => chips.length === 0 && JSON.stringify(checkpoint).includes('[">","step"');

/** The chip whose run the scene begins with. @param {LabScene} scene @returns {string | null} */
export const chipAtFirst = (scene) => scene.switch.find(({ recipe }) => JSON.stringify(recipe) === JSON.stringify(scene.recipe))?.id ?? null;

/**
 * Places in the set-up that are other than when the scene began.
 * @param {State} before @param {State} now
 * @returns {string[]}
 */
export function changed(before, now) {
  const [one, other] = [before.session, now.session];
  if (!one || !other) return [];
  const isNewRun = one.id !== other.id;
  return [
    ...ofModels(one.model, other.model),
    ...differences(one.optimizer, other.optimizer, "/optimizer"),
    ...differences(one.batch_size, other.batch_size, "/batch_size"),
    ...(isNewRun ? ["parameters", "initializer", "dataset", "batch"].flatMap((part) => differences(before.recipe[part], now.recipe[part], `/${part}`)) : []),
    ...editedPlaces(before.recipe, now.edits),
    ...(other.step > 0 ? ["/step"] : []),
  ];
}

/** Another activation brings numbers of its own: they are part of the same change. @param {any} one @param {any} other @returns {string[]} */
function ofModels(one, other) {
  const places = differences(one, other, "/model");
  const exchanged = places.filter((place) => place.endsWith("/activation")).map((place) => place.slice(0, -"activation".length));
  const isAtOnce = (/** @type {string} */ place) => exchanged.some((layer) => place.startsWith(layer)) && !/\/(activation|units)$/.test(place);
  return places.filter((place) => !isAtOnce(place));
}

/** What edits change that the session does not say of itself. @param {any} recipe @param {State["edits"]} edits @returns {string[]} */
function editedPlaces(recipe, edits) {
  const places = new Set();
  for (const { step, patch } of edits) {
    for (const [name, value] of Object.entries(patch.parameters ?? {})) {
      // After a step nobody remembers what stood there before.
      const known = step === 0 ? recipe.parameters?.[name] : undefined;
      for (const place of known === undefined ? [`/parameters/${name}`] : differences(known, value, `/parameters/${name}`)) places.add(place);
    }
    if (patch.data) places.add(recipe.batch ? "/batch" : "/dataset");
  }
  return [...places];
}

/** How far the run of each chip was trained, and the loss it has come to; "" stands for a run without chips. @param {import("../state.js").LabState} lab @param {State} state @returns {import("../state.js").LabState["trained"]} */
export function trainedWith({ lab, at, chip: pressed, trained }, { session, batch }) {
  const chip = pressed ?? (trainsOne(lab.scenes[at]) ? "" : null);
  const { step: shown = 1, loss = NaN } = batch?.header ?? {};
  // Its loss is that before the update of the step on show; while a run is trained, its numbers are those of an earlier one.
  const step = shown - 1;
  if (chip === null || step === 0 || session?.step !== step || trained[chip]?.step === step) return trained;
  return { ...trained, [chip]: { step, loss } };
}

/** Whether somebody tries something that is not part of the scene. @param {State} before @param {State} now @param {string[]} may */
export const isBeyond = (before, now, may) => changed(before, now).some((place) => !isAmong(place, may));
