/** Every type of message that a chat can show. Returns `{element, shape}`: bubble, bare or wide. */

import { make, pressable } from "./dom.js";
import { renderFlex } from "./flex.js";
import { icon } from "./icons.js";
import { imagemap } from "./imagemaps.js";
import { fileCard, film, photo, sound } from "./media_messages.js";
import { renderSticker } from "./stickers.js";
import { renderTemplate } from "./templates.js";
import { richText, withEmojis, withSubstitutions } from "./text.js";

const RENDERERS = {
  text: (message, context) => bubble(withMentions(message, context)),
  textV2: (message, context) => bubble(richText(withSubstitutions(message), context)),
  sticker: (message) => ({ element: renderSticker(message), shape: "bare" }),
  image: (message) => ({ element: photo(message), shape: "bare" }),
  video: (message, { acting }) => ({ element: film(message, (trackingId) => acting.speak("video-play-complete", { trackingId })), shape: "bare" }),
  audio: (message) => ({ element: sound(message), shape: "bubble" }),
  file: (message) => ({ element: fileCard(message), shape: "bubble" }),
  coupon: (message) => ({ element: couponCard(message), shape: "bare" }),
  location: (message, context) => ({ element: placeCard(message, context), shape: "bare" }),
  imagemap: (message, context) => ({ element: imagemap(message, context), shape: "wide" }),
  template: (message, context) => ({ element: renderTemplate(message, context), shape: "wide" }),
  flex: (message, context) => ({ element: renderFlex(message, context), shape: "wide" }),
};

export function renderMessage(message, context) {
  const renderer = RENDERERS[message?.type];
  if (!renderer) return bubble([make("em", {}, `ข้อความชนิด ${message?.type ?? "?"} (ดูในข้อมูลดิบ)`)]);
  try {
    return renderer(message, context);
  } catch (error) {
    console.warn("a message that could not be drawn", message, error);
    return bubble([make("em", {}, `แสดงข้อความชนิด ${message.type} ไม่ได้ (ดูในข้อมูลดิบ)`)]);
  }
}

/** What a menu can copy, and what a list of chats would show. */
export function plainWords(message) {
  return String(message.text ?? message.altText ?? message.title ?? message.address ?? message.fileName ?? "");
}

/** Names that are mentioned stand out, wherever in the text they are. */
function withMentions(message, context) {
  const mentionees = message.mention?.mentionees ?? [];
  if (!mentionees.length) return richText(withEmojis(message), context);
  const nodes = [];
  let done = 0;
  for (const { index, length } of mentionees) {
    if (message.text[index] !== "@") continue; // the text was edited since
    nodes.push(...richText(message.text.slice(done, index), context), make("strong", { class: "mention" }, message.text.slice(index, index + length)));
    done = index + length;
  }
  return [...nodes, ...richText(message.text.slice(done), context)];
}

/** What a coupon gives is known to LINE alone: the message holds no more than its number. */
function couponCard({ couponId }) {
  return make("div", { class: "coupon", role: "group", "aria-label": "คูปอง" },
    make("span", { class: "coupon-mark", "aria-hidden": "true" }, icon("ticket")),
    make("span", { class: "coupon-words" }, make("strong", {}, "คูปอง"), make("small", {}, couponId ?? "")));
}

function bubble(nodes) {
  return { element: make("div", { class: "bubble" }, nodes), shape: "bubble" };
}

function placeCard(message, { acting }) {
  const { latitude, longitude } = message;
  const card = make("div", { class: "place" },
    make("div", { class: "map", "aria-hidden": "true" }, icon("place")),
    make("div", { class: "place-words" },
      make("strong", {}, message.title || "ตำแหน่งที่ตั้ง"),
      make("span", {}, message.address || `${latitude}, ${longitude}`)));
  const uri = `https://www.openstreetmap.org/?mlat=${Number(latitude)}&mlon=${Number(longitude)}#map=16/${Number(latitude)}/${Number(longitude)}`;
  return pressable(card, `เปิดแผนที่ ${message.title || ""}`, () => acting.perform({ type: "uri", uri }));
}
