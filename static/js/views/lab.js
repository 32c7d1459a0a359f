/** A lab as it comes when one is opened, in one file: what is under way in it, the strip, the stage with all instruments. */
import "./bp-lab.js";
import "./bp-stage.js";

export { Lab } from "../lab/lab.js";
