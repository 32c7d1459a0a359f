/** A page that is not seen gets no frames. */
const HIDDEN_MS = 100;
/** The work that follows the drawing takes at most this part of a frame; the rest waits for the next one. */
const FOLLOWING_MS = 2;

/**
 * The only requestAnimationFrame of the page. Moves a position in ms towards a goal, at a speed, and tells who listens.
 */
export class Clock {
  /** @param {(position: number, isRunning: boolean) => void} onTick */
  constructor(onTick) {
    this.onTick = onTick;
    this.position = 0;
    this.goal = 0;
    this.speed = 1;
    this.isRunning = false;
    this.last = 0;
    /** What follows the drawing, the first first. @type {(() => void)[]} */
    this.following = [];
    this.tick = this.tick.bind(this);
  }

  /** Run on to a position. @param {number} goal ms */
  runTo(goal) {
    this.goal = goal;
    if (this.isRunning) return;
    this.isRunning = true;
    this.last = performance.now();
    requestAnimationFrame(this.tick);
  }

  /** Stop where it is. */
  pause() {
    this.isRunning = false;
    this.onTick(this.position, false);
  }

  /** Be at a position at once. @param {number} position ms */
  jumpTo(position) {
    this.isRunning = false;
    this.position = position;
    this.onTick(position, false);
  }

  /** Do something before the next frame, and where nothing is drawn all the same. @param {() => void} work */
  withNextFrame(work) {
    let isDone = false;
    const once = () => {
      if (!isDone) work();
      isDone = true;
    };
    requestAnimationFrame(once);
    setTimeout(once, HIDDEN_MS);
  }

  /** Do something in the frame after the one that shows what has changed by now. @param {() => void} work */
  afterNextFrame(work) {
    if (this.following.push(work) > 1) return;
    const catchUp = () => this.catchUp();
    // While a step plays, the coming frame already shows the change.
    if (this.isRunning) this.withNextFrame(catchUp);
    else this.withNextFrame(() => this.withNextFrame(catchUp));
  }

  /** Do what follows the drawing, as long as it takes its part of a frame. */
  catchUp() {
    const end = performance.now() + FOLLOWING_MS;
    try {
      do this.following.shift()?.();
      while (this.following.length > 0 && performance.now() < end);
    } finally {
      if (this.following.length > 0) this.withNextFrame(() => this.catchUp());
    }
  }

  /** @param {number} now */
  tick(now) {
    if (!this.isRunning) return;
    this.position = Math.min(this.goal, this.position + Math.max(0, now - this.last) * this.speed);
    this.last = now;
    if (this.position >= this.goal) this.isRunning = false;
    this.onTick(this.position, this.isRunning);
    if (this.isRunning) requestAnimationFrame(this.tick);
  }
}
