import { changed, draftOf } from "../../static/js/views/settings/draft.js";

/** As GET /models answers it. */
export const CHOICES = /** @type {any} */ ({
  outputs: [
    { name: "softmax", settings: [], losses: ["cross_entropy"], loss_settings: { cross_entropy: [] }, least_units: 2, is_probability: true },
    { name: "sigmoid", settings: [], losses: ["binary_cross_entropy", "squared_error"], loss_settings: { binary_cross_entropy: [], squared_error: [] }, least_units: 1, is_probability: true },
    { name: "identity", settings: [], losses: ["half_squared_error", "huber"], loss_settings: { half_squared_error: [], huber: [{ name: "delta" }] }, least_units: 1, is_probability: false },
    { name: "elu", settings: [{ name: "alpha" }], losses: ["half_squared_error", "huber"], loss_settings: { half_squared_error: [], huber: [{ name: "delta" }] }, least_units: 1, is_probability: false },
  ],
  defaults: {
    model: { hidden: [], loss: "cross_entropy", reduction: "mean", l2: 0, bias: true, dtype: "float64", mistakes: [], output: { activation: "softmax" } },
    hidden_layer: { activation: "relu" }, initializer: { name: "he", bias: 0 }, optimizer: { name: "sgd" },
    dataset: { held_out_fraction: 0.2, scaling: "usual" }, batch: null, parameters: null, batch_size: null, shuffle: true, seed: 0,
  },
});

/** @param {any} recipe @param {any} [session] */
export const drafted = (recipe, session = null) => draftOf(recipe, session, CHOICES);

/** @param {import("../../static/js/views/settings/draft.js").Draft} draft @param {any} change */
export const after = (draft, change) => changed(draft, change, CHOICES);
