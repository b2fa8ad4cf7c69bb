/** The row of buttons above the keyboard: only the newest message's, and only until it is used or answered. */

import { byId, make, picture } from "./dom.js";
import { icon } from "./icons.js";

/** These stay until they have led to something: one may close the picker and choose again. */
const STAYING = new Set(["camera", "cameraRoll", "datetimepicker", "location"]);
const OWN_ICONS = { camera: "camera", cameraRoll: "photo", location: "place", datetimepicker: "date" };

export class QuickReplies {
  constructor(acting) {
    this.acting = acting;
    this.row = byId("quick-replies");
    this.used = new Set();
    this.shown = null;
    // A mouse has no finger to drag the row with.
    this.row.addEventListener("wheel", (event) => {
      if (Math.abs(event.deltaY) > Math.abs(event.deltaX)) this.row.scrollLeft += event.deltaY;
    }, { passive: true });
  }

  /** Called with the chat's newest item at each change. */
  show(newest) {
    const items = newest?.from === "bot" && !this.used.has(newest.n) ? (newest.message.quickReply?.items ?? []) : [];
    const wanted = items.length ? newest.n : null;
    if (wanted === this.shown) return;
    this.shown = wanted;
    this.row.hidden = !items.length;
    this.row.replaceChildren(...items.map((item) => this.button(item, newest)));
    this.row.scrollLeft = 0;
  }

  button({ imageUrl, action }, item) {
    const own = OWN_ICONS[action?.type];
    const mark = imageUrl ? picture(imageUrl, { className: "quick-icon" }) : own ? icon(own) : null;
    const button = make("button", { type: "button", class: "quick-reply" }, mark, action?.label ?? "");
    button.addEventListener("click", () => this.press(action, item));
    return button;
  }

  async press(action, item) {
    if (!STAYING.has(action?.type)) this.use(item);
    if (await this.acting.perform(action)) this.use(item);
  }

  use(item) {
    this.used.add(item.n);
    if (this.shown === item.n) this.show(item);
  }
}
