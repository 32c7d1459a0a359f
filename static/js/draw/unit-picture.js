/**
 * The small picture of a hidden unit: the plane of the data, tinted where its gate is open, the samples as dots.
 *
 * @typedef {{x: number, y: number, size: number}} Box middle and side, in px
 * @typedef {{across: number, up: number, colour: string, isShown: boolean}} Dot a sample: its place from 0 to 1, the colour of its class
 * @typedef {{open: string, shut: string, ink: string, surface: string, frame: string}} Colours
 */

/** More dots than this are drawn smaller. */
const FEW = 12;
/** A smaller picture has no room for many dots. */
const ROOMY = 28;
/** How strongly the open part is coloured. */
const TINT = 0.42;

/**
 * The part of the unit square in which a linear value is above zero, as the corners of a polygon; (0, 0) is below left.
 * @param {number[][]} corners the value: low and high up, low and high across
 * @returns {[number, number][]}
 */
export function openPart(corners) {
  const around = /** @type {const} */ ([[0, 0], [1, 0], [1, 1], [0, 1]]).map(([across, up]) => ({ across, up, value: corners[up][across] }));
  return around.flatMap((from, at) => {
    const to = around[(at + 1) % 4];
    /** @type {[number, number][]} */
    const points = from.value > 0 ? [[from.across, from.up]] : [];
    if (from.value > 0 !== to.value > 0) {
      const part = from.value / (from.value - to.value);
      points.push([from.across + part * (to.across - from.across), from.up + part * (to.up - from.up)]);
    }
    return points;
  });
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {Box} box
 * @param {{corners?: number[][], isOpen?: boolean[][]}} gate where it is open: z at the corners, or row by row from below
 * @param {Dot[]} dots
 * @param {Colours} colours
 */
export function drawUnitPicture(ctx, box, { corners, isOpen }, dots, colours) {
  const { size } = box;
  const [left, top] = [box.x - size / 2, box.y - size / 2];
  const place = (/** @type {number} */ across, /** @type {number} */ up) => /** @type {const} */ ([left + across * size, top + (1 - up) * size]);
  ctx.save();
  ctx.beginPath();
  ctx.roundRect(left, top, size, size, Math.min(6, size / 6));
  ctx.clip();
  ctx.fillStyle = colours.shut;
  ctx.fillRect(left, top, size, size);
  ctx.fillStyle = colours.open;
  ctx.globalAlpha = TINT;
  if (corners) {
    const part = openPart(corners);
    ctx.beginPath();
    part.forEach(([across, up], at) => (at === 0 ? ctx.moveTo(...place(across, up)) : ctx.lineTo(...place(across, up))));
    ctx.fill();
    ctx.globalAlpha = 1;
    ctx.strokeStyle = colours.ink;
    ctx.lineWidth = 1;
    // Along the border of the plane there is no fold.
    ctx.beginPath();
    part.forEach(([across, up], at) => {
      const [nextAcross, nextUp] = part[(at + 1) % part.length];
      const isBorder = (across === nextAcross && (across === 0 || across === 1)) || (up === nextUp && (up === 0 || up === 1));
      if (isBorder) return;
      ctx.moveTo(...place(across, up));
      ctx.lineTo(...place(nextAcross, nextUp));
    });
    ctx.stroke();
  } else if (isOpen) {
    // In runs of open cells.
    const [rows, columns] = [isOpen.length, isOpen[0].length];
    const cell = { width: size / columns, height: size / rows };
    isOpen.forEach((row, up) => {
      for (let from = 0; from < columns; from++) {
        if (!row[from]) continue;
        let to = from;
        while (to < columns && row[to]) to++;
        ctx.fillRect(left + from * cell.width, top + size - (up + 1) * cell.height, (to - from) * cell.width, cell.height);
        from = to;
      }
    });
  }
  ctx.globalAlpha = 1;
  const isTiny = size < ROOMY;
  const radius = isTiny || dots.length <= FEW ? Math.max(1.75, size / 14) : Math.max(1, size / 28);
  // A tiny picture has room for the current sample alone.
  for (const { across, up, colour } of dots.filter(({ isShown }) => isShown || !isTiny)) {
    ctx.fillStyle = colour;
    ctx.beginPath();
    ctx.arc(...place(across, up), radius, 0, 2 * Math.PI);
    ctx.fill();
  }
  for (const { across, up } of dots.filter(({ isShown }) => isShown)) {
    for (const [stroke, width] of /** @type {[string, number][]} */ (isTiny ? [[colours.ink, 1.25]] : [[colours.surface, 4], [colours.ink, 1.75]])) {
      ctx.strokeStyle = stroke;
      ctx.lineWidth = width;
      ctx.beginPath();
      ctx.arc(...place(across, up), radius + (isTiny ? 1 : 2), 0, 2 * Math.PI);
      ctx.stroke();
    }
  }
  ctx.restore();
  if (isTiny) return;
  ctx.strokeStyle = colours.frame;
  ctx.lineWidth = 1;
  ctx.beginPath();
  ctx.roundRect(left, top, size, size, Math.min(6, size / 6));
  ctx.stroke();
}
