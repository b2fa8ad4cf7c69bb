/** `shrink-to-fit`: letters as large as the component's width allows, and no larger than they are meant to be. */

const fitted = new WeakMap();
const LEAST_PX = 6;
const watching = new ResizeObserver((entries) => requestAnimationFrame(() => entries.forEach(({ target }) => fit(target))));

/** `words` is the element with the letters, `frame` the one that they must fit into. */
export function shrinkToFit(frame, words) {
  fitted.set(frame, words);
  frame.dataset.fits = "";
  watching.observe(frame);
}

/** After a change of the phone's text size. */
export function fitAgain() {
  for (const frame of document.querySelectorAll("[data-fits]")) fit(frame);
}

function fit(frame) {
  const words = fitted.get(frame);
  const { style } = words;
  if (!style.getPropertyValue("--meant-size")) style.setProperty("--meant-size", style.fontSize || getComputedStyle(words).fontSize);
  style.fontSize = "var(--meant-size)";
  const { paddingInlineStart, paddingInlineEnd } = getComputedStyle(frame);
  const room = frame.clientWidth - parseFloat(paddingInlineStart) - parseFloat(paddingInlineEnd);
  const needed = words.scrollWidth;
  if (needed <= room || room <= 0) return;
  // A hair less than what would just fit: half a pixel too much already costs the last letter.
  const fits = parseFloat(getComputedStyle(words).fontSize) * (room / needed) * 0.99;
  style.fontSize = `${Math.max(fits, LEAST_PX)}px`;
}
