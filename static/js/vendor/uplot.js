// uPlot, the chart of the loss.
export { default as uPlot } from "../../vendor/uplot/dist/uPlot.js";
