/** Words with links in them; the chat's own line breaks are kept by the style sheet. */

import { make } from "./dom.js";

// Thai is written without spaces, so that an address ends where Thai begins.
const LINK = /(https?:\/\/[^\s\u0e00-\u0e7f<>"“”]+)|([\w.+-]+@[\w-]+(?:\.[\w-]+)+)|((?<!\d)0\d(?:[- ]?\d){7,8}(?!\d))/gi;
const TAIL = /[.,;:!?)\]}'»]+$/;

/** Text nodes and links for a string. */
export function richText(text, { acting }) {
  const nodes = [];
  let done = 0;
  for (const match of text.matchAll(LINK)) {
    const shown = match[1] ? match[1].replace(TAIL, "") : match[0];
    nodes.push(text.slice(done, match.index), link(shown, addressOf(match, shown), acting));
    done = match.index + shown.length;
  }
  nodes.push(text.slice(done));
  return nodes.filter((node) => node !== "");
}

function addressOf(match, shown) {
  if (match[1]) return shown;
  return match[2] ? `mailto:${shown}` : `tel:${shown.replace(/[^\d]/g, "")}`;
}

function link(shown, uri, acting) {
  const anchor = make("a", { href: uri, target: "_blank", rel: "noopener noreferrer" }, shown);
  anchor.addEventListener("click", (event) => {
    event.preventDefault();
    acting.perform({ type: "uri", uri });
  });
  return anchor;
}

/** LINE's own emoji cannot be drawn here: each `$` that stands for one becomes a plain smile. */
export function withEmojis({ text = "", emojis = [] }) {
  if (!emojis.length) return text;
  const places = new Set(emojis.map((emoji) => emoji.index));
  return [...Array(text.length).keys()].map((place) => (places.has(place) ? "☺" : text[place])).join("");
}

export function withSubstitutions({ text = "", substitution = {} }) {
  return text.replace(/\{\{|\}\}|\{([0-9A-Za-z_]{1,20})\}/g, (found, key) => {
    if (key === undefined) return found[0];
    const value = substitution[key];
    if (value?.type === "emoji") return "☺";
    return value?.type === "mention" ? `@${value.mentionee?.type === "all" ? "ทุกคน" : "สมาชิก"}` : found;
  });
}
