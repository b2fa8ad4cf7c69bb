/** The panels beside the phone: always there on a desk, drawn over the phone where there is no room. */

import { byId } from "./dom.js";

const ROOMY = matchMedia("(min-width: 1180px)");

export class Panels {
  /** `looking(isLooking)` tells whether the raw traffic can be seen. */
  constructor({ looking }) {
    this.looking = looking;
    this.openId = null;
    for (const button of document.querySelectorAll("[data-close-panel]")) button.addEventListener("click", () => this.close());
    // The phone takes no clicks while a panel is over it: they fall through to the desk.
    document.querySelector(".desk").addEventListener("click", (event) => { if (event.target === event.currentTarget) this.close(); });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.openId && !document.querySelector("dialog[open]")) this.close();
    });
    ROOMY.addEventListener("change", () => this.close());
    this.settle();
  }

  open(id) {
    const panel = byId(id);
    if (ROOMY.matches) {
      panel.querySelector("button, input")?.focus();
      return;
    }
    this.before = document.activeElement;
    this.openId = id;
    this.settle();
    panel.querySelector("[data-close-panel]").focus();
  }

  close() {
    if (!this.openId) return this.settle();
    this.openId = null;
    this.settle();
    return this.before?.focus();
  }

  settle() {
    const isOver = this.openId !== null && !ROOMY.matches;
    for (const id of ["side", "raw"]) byId(id).classList.toggle("open", this.openId === id);
    byId("phone").inert = isOver;
    document.body.classList.toggle("panel-open", isOver);
    this.looking(ROOMY.matches || this.openId === "raw");
  }
}
