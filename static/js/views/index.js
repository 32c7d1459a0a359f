/** Defines the elements of the first drawing. The rest of the page stands in beside.js; what is seen only on request comes when it is asked for. */
import { StoreElement } from "../core/element.js";
import { withAllTexts } from "../core/i18n.js";
import { brought, whyMissing } from "../core/version.js";
import { watch } from "../core/watch.js";
import "./bp-skip.js";
import "./bp-header.js";
import "./bp-predict.js";
import "./bp-doctor-button.js";
import "./bp-panel-button.js";
import "./bp-learning-curve.js";
import "./bp-transport.js";
import "./bp-problem.js";
import "./bp-share.js";
import "./bp-labs.js";
// Last: its room is what the others leave.
import "./bp-network.js";

function bring() {
  const { isSettingsOpen, isDoctorOpen, exchange, layerMenu, isChoosingData, isNudging, isPresenting, goal } = store.state;
  if (isSettingsOpen) brought(withAllTexts(() => import("./bp-settings.js"))).catch(() => giveUp({ isSettingsOpen: false }));
  if (isDoctorOpen) brought(withAllTexts(() => import("./bp-doctor.js"))).catch(() => giveUp({ isDoctorOpen: false }));
  if (exchange) brought(withAllTexts(() => import("./bp-diff.js"))).catch(() => giveUp({ exchange: null }));
  if (layerMenu) brought(withAllTexts(() => import("./bp-layer.js"))).catch(() => giveUp({ layerMenu: null }));
  if (isChoosingData) brought(withAllTexts(() => import("./bp-datasets.js"))).catch(() => giveUp({ isChoosingData: false }));
  if (isNudging) brought(withAllTexts(() => import("./bp-nudge.js"))).catch(() => giveUp({ isNudging: false }));
  if (isPresenting) brought(import("./bp-present.js")).catch(() => giveUp({ isPresenting: false }));
  if (goal) brought(import("./bp-goal.js")).catch(() => giveUp({}));
}

/** What was asked for cannot be fetched now. @param {Partial<import("../state.js").State>} closed */
const giveUp = (closed) => store.set({ ...closed, problem: whyMissing() });

const { store } = StoreElement.playground;
watch(bring);
if (document.documentElement.hasAttribute("data-embedded")) void import("./bp-full-page.js");
