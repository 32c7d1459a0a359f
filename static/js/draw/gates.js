import { shadeOf } from "../trace/gates.js";

/**
 * Many gates as small squares: units downward, samples to the right.
 *
 * @typedef {{rows: import("../trace/gates.js").GateRow[], top: number}} Block the rows of a layer and where they begin
 * @typedef {{blocks: Block[], width: number, height: number, cellWidth: number, cellHeight: number, shown: number | null,
 *   colours: Record<"open" | "shut" | "frame" | "strike", string>}} GateScene
 */

/** Space between two layers. */
export const LAYER_GAP = 8;
/** Room around the squares for the frame of the sample on show. */
export const FRAME = 3;

/**
 * @param {import("../trace/gates.js").GateLayer[]} layers
 * @param {number} m samples
 * @param {{width: number, height: number}} room
 */
export function gateLayout(layers, m, room) {
  const units = layers.reduce((total, { rows }) => total + rows.length, 0);
  const free = room.height - 2 * FRAME - (layers.length - 1) * LAYER_GAP;
  const cellHeight = Math.min(18, Math.max(3, Math.floor(free / units)));
  const cellWidth = Math.min(24, Math.max(6, Math.floor((room.width - 2 * FRAME) / m)));
  let top = FRAME;
  const blocks = layers.map(({ rows }) => {
    const block = { rows, top };
    top += rows.length * cellHeight + LAYER_GAP;
    return block;
  });
  return { blocks, cellWidth, cellHeight, width: m * cellWidth + 2 * FRAME, height: top - LAYER_GAP + FRAME };
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {GateScene} scene
 */
export function drawGates(ctx, scene) {
  const { cellWidth, cellHeight, colours } = scene;
  const inset = cellHeight > 5 ? 1 : 0.5;
  for (const { rows, top } of scene.blocks) {
    rows.forEach(({ values, fate, asked }, row) => {
      const y = top + row * cellHeight;
      values.forEach((value, sample) => {
        if (sample === asked) return;
        for (const [colour, strength] of /** @type {const} */ ([["shut", 1], ["open", shadeOf(value)]])) {
          ctx.fillStyle = colours[colour];
          ctx.globalAlpha = strength;
          ctx.fillRect(FRAME + sample * cellWidth + inset, y + inset, cellWidth - 2 * inset, cellHeight - 2 * inset);
        }
      });
      ctx.globalAlpha = 1;
      if (asked !== null) question(ctx, scene, FRAME + (asked + 0.5) * cellWidth, y + cellHeight / 2);
      if (fate !== "some") strike(ctx, scene, y + cellHeight / 2, fate);
    });
  }
  if (scene.shown === null) return;
  ctx.strokeStyle = colours.frame;
  ctx.lineWidth = 2;
  ctx.strokeRect(FRAME + scene.shown * cellWidth - 1, 1, cellWidth + 2, scene.height - 2);
}

/**
 * A gate that is to be predicted: no square, a question mark where there is room for one.
 * @param {CanvasRenderingContext2D} ctx
 * @param {GateScene} scene
 * @param {number} x
 * @param {number} y
 */
function question(ctx, { cellHeight, colours }, x, y) {
  if (cellHeight < 9) return;
  ctx.fillStyle = colours.frame;
  ctx.font = `700 ${Math.min(13, cellHeight)}px sans-serif`;
  ctx.textAlign = "center";
  ctx.textBaseline = "middle";
  ctx.fillText("?", x, y);
}

/**
 * A unit that is shut for all samples: a broken line through its row, a whole one when it is dead.
 * @param {CanvasRenderingContext2D} ctx
 * @param {GateScene} scene
 * @param {number} y
 * @param {import("../trace/gates.js").Fate} fate
 */
function strike(ctx, scene, y, fate) {
  ctx.strokeStyle = scene.colours.strike;
  ctx.lineWidth = fate === "dead" ? 2 : 1.5;
  ctx.setLineDash(fate === "dead" ? [] : [4, 4]);
  ctx.beginPath();
  ctx.moveTo(FRAME, y);
  ctx.lineTo(scene.width - FRAME, y);
  ctx.stroke();
  ctx.setLineDash([]);
}
