/** The account's menu under the chat, and the bar that opens and closes it or gives way to the keyboard. */

import { readMenu } from "./api.js";
import { byId, make, paint, picture } from "./dom.js";

export class RichMenu {
  /** `changed()` is called whenever another part of the phone's foot has to be shown. */
  constructor({ perform, changed }) {
    this.perform = perform;
    this.changed = changed;
    this.section = byId("rich-menu");
    this.barText = byId("menu-bar-text");
    this.barText.addEventListener("click", () => this.open(!this.isOpen));
    byId("open-keyboard").addEventListener("click", () => {
      this.useKeyboard();
      byId("words").focus();
    });
    byId("rich-menu-toggle").addEventListener("click", () => {
      this.useBar();
      this.barText.focus();
    });
    this.clear();
  }

  /** Another person takes the phone: their menu is still to be read. */
  clear() {
    this.menu = null;
    this.isOpen = false;
    this.usesKeyboard = false;
    this.section.replaceChildren();
  }

  /** Whether the bar stands where one would write. */
  get isBar() {
    return this.menu !== null && !this.usesKeyboard;
  }

  /** Shows what the person sees by now. A menu that is switched to stays as open as the one before it. */
  async refresh(userId, { isStill, staysOpen = false }) {
    const menu = await readMenu(userId).catch(() => undefined);
    if (menu === undefined || !isStill() || menu?.richMenuId === this.menu?.richMenuId) return;
    const wasOpen = this.isOpen;
    // Nobody is interrupted who is writing.
    if (this.menu === null) this.usesKeyboard = byId("words").value !== "" || document.activeElement === byId("words");
    this.menu = menu;
    this.isOpen = menu !== null && (staysOpen ? wasOpen : menu.selected === true);
    this.section.replaceChildren(...(menu ? [drawn(menu, this.perform)] : []));
    this.barText.textContent = menu?.chatBarText ?? "";
    this.changed();
  }

  open(isOpen) {
    this.isOpen = isOpen;
    if (isOpen) this.usesKeyboard = false;
    this.changed();
  }

  useKeyboard() {
    this.usesKeyboard = true;
    this.changed();
  }

  useBar() {
    this.usesKeyboard = false;
    this.isOpen = true;
    this.changed();
  }

  /** In groups, and for whoever blocks the account, no menu may show. Tells whether the bar takes the place of writing. */
  arrange({ mayShow }) {
    const isBar = mayShow && this.isBar;
    byId("menu-bar").hidden = !isBar;
    byId("rich-menu-toggle").hidden = !(mayShow && this.menu !== null);
    this.section.hidden = !(isBar && this.isOpen);
    this.barText.setAttribute("aria-expanded", String(this.isOpen));
    return isBar;
  }
}

function drawn({ size, areas = [], name, pictureUrl }, perform) {
  const box = make("div", { class: "rich-menu-picture" }, picture(pictureUrl, { alt: "" }));
  box.dataset.name = name ?? "";
  paint(box, { "aspect-ratio": `${size.width} / ${size.height}` });
  const across = (length) => `${(length / size.width) * 100}%`;
  const down = (length) => `${(length / size.height) * 100}%`;
  for (const [place, { bounds, action }] of areas.entries()) {
    const area = make("button", { type: "button", class: "rich-menu-area", "aria-label": nameOf(action) ?? `ปุ่มที่ ${place + 1}` });
    paint(area, { left: across(bounds.x), top: down(bounds.y), width: across(bounds.width), height: down(bounds.height) });
    area.addEventListener("click", () => perform(action));
    box.append(area);
  }
  return box;
}

/** LINE reads the label aloud, and so do we; without one, what a tap leads to. */
function nameOf({ label, displayText, text, uri, clipboardText } = {}) {
  return [label, displayText, text, uri, clipboardText].find(Boolean);
}
