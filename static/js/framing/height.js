/** @typedef {import("./parent.js").Parent} Parent */

/**
 * Tell the parent how high this page is, when its frame is not as high.
 *
 * A page that fills its frame is silent: one that named the height of its frame would be given a little more by a parent
 * that adds some for scroll bars, and so on for ever. For the same reason no height in a frame may follow the frame's
 * where it makes the page higher than that (css/phone.css).
 * @param {Parent} parent
 */
export function tellHeight(parent) {
  let told = 0;
  const look = () => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    if (height === told || Math.abs(height - innerHeight) < 1) return;
    told = height;
    parent.post("lti.frameResize", { height, width: document.documentElement.scrollWidth });
  };
  // Called at once, too.
  new ResizeObserver(look).observe(document.body);
}
