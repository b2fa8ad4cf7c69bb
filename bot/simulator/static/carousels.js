/** Cards side by side. A finger drags them; a mouse, which has none to drag with, finds an arrow at either end. */

import { icon } from "./icons.js";
import { make } from "./dom.js";

/** `options` are those of the row of cards itself. */
export function leafThrough(cards, options = {}) {
  const row = make("div", { ...options, class: `${options.class ?? ""} carousel`.trim() }, cards);
  const [back, on] = [arrow("back", "ใบก่อนหน้า", () => turn(row, -1)), arrow("on", "ใบถัดไป", () => turn(row, 1))];
  const show = () => {
    back.hidden = row.scrollLeft <= 1;
    on.hidden = row.scrollLeft + row.clientWidth >= row.scrollWidth - 1;
  };
  row.addEventListener("scroll", show, { passive: true });
  new ResizeObserver(show).observe(row);
  return make("div", { class: "leafing" }, row, back, on);
}

function turn(row, step) {
  const width = row.firstElementChild?.getBoundingClientRect().width ?? 0;
  row.scrollBy({ left: step * (width + 8), behavior: "smooth" });
}

/** Left out of the order of the keyboard, and of what is read aloud: there the cards themselves come one after another. */
function arrow(way, label, press) {
  return make("button", {
    type: "button", class: `leaf ${way}`, "aria-label": label, "aria-hidden": "true", tabIndex: -1, hidden: true, onclick: press,
  }, icon("back"));
}
