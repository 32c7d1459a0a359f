// Preact's signals without Preact: values that know who reads them.
export { batch, computed, effect, signal, untracked } from "../../vendor/@preact/signals-core/dist/signals-core.js";
