/** Defines every element of the page; what is seen only on request comes when it is asked for. */
import { StoreElement } from "../core/element.js";
import "./bp-skip.js";
import "./bp-header.js";
import "./bp-network.js";
import "./bp-handle.js";
import "./bp-card.js";
import "./bp-predict.js";
import "./bp-own-numbers.js";
import "./bp-panel.js";
import "./bp-transport.js";
import "./bp-problem.js";
import "./bp-share.js";
import "./bp-narrator.js";
import "./bp-drop.js";

/** @param {import("../state.js").State} state */
function bring({ isSettingsOpen, exchange, isPresenting, goal }) {
  if (isSettingsOpen) void import("./bp-settings.js");
  if (exchange) void import("./bp-diff.js");
  if (isPresenting) void import("./bp-present.js");
  if (goal) void import("./bp-goal.js");
}

const { store } = StoreElement.playground;
store.subscribe(bring);
bring(store.state);
if (document.documentElement.hasAttribute("data-embedded")) void import("./bp-full-page.js");
