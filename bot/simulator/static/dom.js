/** Elements without markup: what a message holds can become text, or an attribute that is named here, and nothing else. */

import { icon } from "./icons.js";

const PROPERTIES = new Set(["disabled", "hidden", "value", "checked", "selected", "tabIndex", "textContent", "draggable"]);

/** `make("p", {class: "hint", onclick: run}, "words", child)`; children that are null or false are left out. */
export function make(tag, options = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined || value === null) continue;
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else if (name === "dataset") Object.assign(element.dataset, value);
    else if (name !== "style") element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Sets style properties one by one: inline style attributes are refused by the page's own policy. */
export function paint(element, styles) {
  for (const [name, value] of Object.entries(styles)) {
    if (value !== undefined && value !== null && value !== "") element.style.setProperty(name, value);
  }
  return element;
}

export const byId = (id) => document.getElementById(id);

/** Makes any element a button for mouse, finger and keyboard. */
export function pressable(element, label, press) {
  element.classList.add("pressable");
  element.tabIndex = 0;
  element.setAttribute("role", "button");
  if (label) element.setAttribute("aria-label", label);
  element.addEventListener("click", (event) => {
    event.stopPropagation();
    press();
  });
  element.addEventListener("keydown", (event) => {
    if (event.target !== element || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    press();
  });
  return element;
}

/** A picture that says so when it cannot be fetched. */
export function picture(url, { alt = "", className = "" } = {}) {
  const image = make("img", { class: className, alt, draggable: false, referrerpolicy: "no-referrer" });
  image.addEventListener("error", () => {
    const lost = make("span", { class: `${className} lost-picture`, role: "img", "aria-label": alt || "รูปที่เปิดไม่ได้", title: url });
    lost.append(icon("photo"));
    lost.style.cssText = image.style.cssText;
    image.replaceWith(lost);
  });
  if (isFetchable(url)) image.src = url;
  else queueMicrotask(() => image.dispatchEvent(new Event("error")));
  return image;
}

function isFetchable(url) {
  if (typeof url !== "string") return false;
  return /^https:\/\//i.test(url) || url.startsWith("/simulator/") || /^data:image\//i.test(url) || isLoopback(url);
}

/** Only a simulator that was started for it takes pictures from this machine; LINE never does. */
function isLoopback(url) {
  return "loopbackPictures" in document.body.dataset && /^http:\/\/(127\.0\.0\.1|localhost)[:/]/i.test(url);
}
