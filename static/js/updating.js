import { readingTime, t } from "./core/i18n.js";
import { remember, remembered } from "./core/memory.js";
import { OUTDATED } from "./core/version.js";

/** Where a tab remembers the version for which it was loaded again. */
const LOADED_FOR = "loaded-for-version";

/** How often one looks whether a page can be loaded again. */
const LOOK_MS = 500;

/**
 * Whether something is open or typed that a page does not have any more when it is loaded again.
 * @param {import("./state.js").State} state
 */
export function hasMoreThanItsAddress({ isPlaying, isTraining, isSettingsOpen, isDoctorOpen, exchange, question, score, compared, setAside, undoable, redoable, doctor }) {
  const isWritten = Object.values(doctor.papers).some(({ runs }) => runs.some(({ text }) => text !== ""));
  return [isPlaying, isTraining, isSettingsOpen, isDoctorOpen, exchange, question, score.asked, compared, setAside, undoable, redoable, isWritten].some(Boolean);
}

/**
 * When the server has a newer page: say so, and load it at the same place as soon as nothing gets lost by it.
 * @param {import("./playground.js").Playground} playground
 */
export function followUpdates(playground) {
  const { store } = playground;
  addEventListener(OUTDATED, async (event) => {
    const version = /** @type {CustomEvent<string>} */ (event).detail;
    await playground.changing.settle();
    const problem = t("problem.outdated_page");
    store.set({ problem });
    // The same again: then two servers answer in turn, and loading once more would not end.
    if (remembered(LOADED_FOR, "sessionStorage") === version) return;
    await new Promise((done) => setTimeout(done, readingTime(problem)));
    const look = setInterval(() => {
      if (hasMoreThanItsAddress(store.state) || document.activeElement?.matches("input, textarea")) return;
      clearInterval(look);
      remember(LOADED_FOR, version, "sessionStorage");
      location.reload();
    }, LOOK_MS);
  });
}
