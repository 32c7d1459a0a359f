import { uPlot } from "../vendor/uplot.js";
import { number } from "../core/format.js";
import { stylesheet } from "../core/stylesheet.js";
import { colour } from "../core/theme.js";

await stylesheet("css/chart.css");

/** How high the chart is, axes included. */
const HEIGHT = 152;

/**
 * A chart of loss over steps with a marker that can be dragged.
 * @param {HTMLElement} host
 * @param {{step: number, last: number, kept: number | null}} marker where the session is, how far it has been, and a step kept to compare; read at each drawing
 * @returns {uPlot}
 */
export function lossChart(host, marker) {
  const [ink, quiet, line] = [colour("ink"), colour("ink-quiet"), colour("line")];
  const font = `${getComputedStyle(host).getPropertyValue("--text-small")} ${getComputedStyle(host).fontFamily}`;
  /** @type {uPlot.Axis} */
  const axis = { stroke: quiet, font, grid: { stroke: line, width: 1 }, ticks: { show: false } };
  return new uPlot(
    {
      width: Math.max(120, host.clientWidth),
      height: HEIGHT,
      padding: [8, 16, 0, 0],
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false }, points: { size: 8, fill: ink } },
      scales: { x: { time: false, range: () => [1, Math.max(2, marker.last)] }, y: { range: (_, __, high) => [0, high > 0 ? high * 1.08 : 1] } },
      axes: [
        { ...axis, size: 26, grid: { show: false }, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000, 1e5, 1e6] },
        { ...axis, size: 44, space: 32, values: (_, ticks) => ticks.map((tick) => number(tick)) },
      ],
      series: [
        {},
        { stroke: ink, width: 1.5, points: { show: (chart) => chart.data[0].length < 12, size: 6, fill: ink } },
        { stroke: colour("forward"), width: 2, dash: [4, 4], points: { show: false }, spanGaps: true },
      ],
      hooks: {
        draw: [
          (chart) => {
            if (marker.kept !== null) drawKept(chart, marker.kept, colour("update"));
            drawMarker(chart, marker.step, colour("update"));
          },
        ],
      },
    },
    [[], [], []],
    host,
  );
}

/** @param {uPlot} chart @param {number} step @param {string} stroke */
function drawMarker(chart, step, stroke) {
  const { ctx, bbox } = chart;
  const x = Math.round(chart.valToPos(step, "x", true));
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  const ratio = window.devicePixelRatio || 1;
  ctx.save();
  ctx.fillStyle = stroke;
  ctx.fillRect(x - ratio, bbox.top, 2 * ratio, bbox.height);
  ctx.beginPath();
  ctx.arc(x, bbox.top, 5 * ratio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.restore();
}

/** A step kept to compare: a broken line with an open ring. @param {uPlot} chart @param {number} step @param {string} stroke */
function drawKept(chart, step, stroke) {
  const { ctx, bbox } = chart;
  const x = Math.round(chart.valToPos(step, "x", true));
  if (x < bbox.left || x > bbox.left + bbox.width) return;
  const ratio = window.devicePixelRatio || 1;
  ctx.save();
  ctx.strokeStyle = stroke;
  ctx.lineWidth = 1.5 * ratio;
  ctx.setLineDash([]);
  ctx.beginPath();
  ctx.arc(x, bbox.top, 4 * ratio, 0, 2 * Math.PI);
  ctx.stroke();
  ctx.setLineDash([4 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top + 4 * ratio);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

/** @param {uPlot} chart @param {HTMLElement} host */
export function fit(chart, host) {
  const width = Math.max(120, host.clientWidth);
  if (width !== chart.width) chart.setSize({ width, height: HEIGHT });
}
