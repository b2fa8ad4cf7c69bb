/** Questions to whoever holds the phone: sheets, menus, and short notes that go away. */

import { icon } from "./icons.js";
import { byId, make, paint } from "./dom.js";

const TOAST_MS = 3500;

/**
 * Shows a sheet and gives the value of the button that was pressed, or null when it was closed.
 * A button is `{label, value, kind?: "main"|"danger", href?}`; a value may be a function, called at that moment.
 */
export function ask({ title, content = [], buttons }) {
  return new Promise((resolve) => {
    const titleId = `title-${crypto.randomUUID()}`;
    const dialog = make("dialog", { class: "sheet", "aria-labelledby": titleId });
    let chosen = null;
    const form = make("form", { method: "dialog" },
      make("h2", { id: titleId }, title),
      make("div", { class: "sheet-content" }, content),
      make("div", { class: "sheet-buttons" }, buttons.map((button) => sheetButton(button, (value) => { chosen = value; dialog.close(); }))));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      form.querySelector(".main")?.click();
    });
    dialog.append(form);
    show(dialog, () => resolve(chosen));
  });
}

function sheetButton({ label, value, kind = "", href }, choose) {
  const press = () => {
    const chosen = typeof value === "function" ? value() : value;
    if (chosen !== undefined) choose(chosen);
  };
  if (href) return make("a", { class: `sheet-button ${kind}`, href, target: "_blank", rel: "noopener noreferrer", onclick: press }, label);
  return make("button", { type: "button", class: `sheet-button ${kind}`, onclick: press }, label);
}

/** A menu at a place of the page; each entry is `{label, icon, run, kind?}`. */
export function openMenu(entries, { x, y, label }) {
  if (document.querySelector("dialog.menu")) return;
  const dialog = make("dialog", { class: "menu", "aria-label": label });
  const list = make("div", { role: "menu" }, entries.map((entry) => make("button", {
    type: "button", role: "menuitem", class: entry.kind ?? "",
    onclick: () => { dialog.close(); entry.run(); },
  }, icon(entry.icon), entry.label)));
  dialog.append(list);
  list.addEventListener("keydown", (event) => moveFocus(event, [...list.children]));
  show(dialog, () => {});
  const { width, height } = dialog.getBoundingClientRect();
  paint(dialog, {
    left: `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`,
    top: `${Math.max(8, Math.min(y, innerHeight - height - 8))}px`,
  });
}

function moveFocus(event, buttons) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = buttons.indexOf(document.activeElement) + step;
  buttons[(next + buttons.length) % buttons.length].focus();
}

function show(dialog, closed) {
  document.body.append(dialog);
  // Not "click": the finger that called a menu by a long press is still down, and its click is yet to come.
  dialog.addEventListener("pointerdown", (event) => { if (event.target === dialog) dialog.close(); });
  dialog.addEventListener("close", () => { dialog.remove(); closed(); }, { once: true });
  dialog.showModal();
}

/** A short note at the foot of the page, read aloud too. */
export function toast(words, { bad = false } = {}) {
  const note = make("p", { class: bad ? "toast bad" : "toast" }, words);
  byId("toasts").append(note);
  setTimeout(() => note.remove(), TOAST_MS);
}

export async function copy(words) {
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    copyBySelecting(words);
  }
  toast("คัดลอกแล้ว");
}

/** The way that works without HTTPS, too. */
function copyBySelecting(words) {
  const field = make("textarea", { class: "visually-hidden", value: words });
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  document.execCommand("copy");
  field.remove();
}

/** A labelled field of a sheet. */
export function labelled(words, field) {
  return make("label", { class: "labelled" }, make("span", {}, words), field);
}
