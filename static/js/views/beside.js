/** Defines what stands beside the drawing: it comes when the drawing is there. */
import "./bp-handle.js";
import "./bp-place.js";
import "./bp-card.js";
import "./bp-panel.js";
import "./bp-narrator.js";
import "./bp-drop.js";
import "./bp-lab-cards.js";
