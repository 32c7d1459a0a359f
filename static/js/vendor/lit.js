// lit-html as one module, with the directives that the page uses.
export { html, noChange, nothing, render, svg } from "../../vendor/lit-html/lit-html.js";
export { guard } from "../../vendor/lit-html/directives/guard.js";
export { live } from "../../vendor/lit-html/directives/live.js";
export { ref } from "../../vendor/lit-html/directives/ref.js";
export { repeat } from "../../vendor/lit-html/directives/repeat.js";
