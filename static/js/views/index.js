/** Defines every element of the page. */
import "./bp-header.js";
import "./bp-network.js";
import "./bp-card.js";
import "./bp-panel.js";
import "./bp-transport.js";
import "./bp-settings.js";
import "./bp-problem.js";
