/** Letters as a telephone shows them that is set to large text. Each page has its own choice, and keeps it when loaded again. */

const KEY = "phone-text";

export class TextSize {
  /** `switches` are buttons that say whether they are pressed; `changed()` follows each change. */
  constructor({ switches, changed }) {
    this.switches = switches;
    this.changed = changed;
    for (const button of switches) button.addEventListener("click", () => this.toggle());
    this.set(sessionStorage.getItem(KEY) === "large");
  }

  toggle() {
    this.set(!this.isLarge);
    this.changed();
  }

  set(isLarge) {
    this.isLarge = isLarge;
    document.documentElement.dataset.text = isLarge ? "large" : "usual";
    sessionStorage.setItem(KEY, document.documentElement.dataset.text);
    for (const button of this.switches) button.setAttribute("aria-checked", String(isLarge));
  }
}
