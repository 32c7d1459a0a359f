import { stylesheet } from "../../core/stylesheet.js";

// Both at once: strip and stage come in one file, in which one would wait for the other.
await Promise.all([stylesheet("css/lab.css"), stylesheet("css/instruments.css")]);
