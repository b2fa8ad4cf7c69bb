/** Every type of message that a chat can show. Returns `{element, shape}`: bubble, bare or wide. */

import { ask } from "./dialogs.js";
import { icon } from "./icons.js";
import { make, paint, picture, pressable } from "./dom.js";
import { renderFlex } from "./flex.js";
import { renderSticker } from "./stickers.js";
import { renderTemplate } from "./templates.js";
import { richText, withEmojis, withSubstitutions } from "./text.js";

const RENDERERS = {
  text: (message, context) => bubble(richText(withEmojis(message), context)),
  textV2: (message, context) => bubble(richText(withSubstitutions(message), context)),
  sticker: (message) => ({ element: renderSticker(message), shape: "bare" }),
  image: (message) => ({ element: photo(message), shape: "bare" }),
  video: (message) => ({ element: film(message), shape: "bare" }),
  audio: (message) => ({ element: sound(message), shape: "bubble" }),
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
  return String(message.text ?? message.altText ?? message.title ?? message.address ?? "");
}

function bubble(nodes) {
  return { element: make("div", { class: "bubble" }, nodes), shape: "bubble" };
}

function photo(message) {
  const url = message.previewImageUrl ?? message.originalContentUrl ?? `${document.body.dataset.static}picture.svg`;
  const shown = make("div", { class: "photo" }, picture(url, { alt: "รูปภาพ" }));
  return pressable(shown, "ดูรูปภาพ", () => ask({
    title: "รูปภาพ",
    content: [make("div", { class: "photo whole" }, picture(message.originalContentUrl ?? url, { alt: "รูปภาพ" }))],
    buttons: [{ label: "ปิด", value: null, kind: "main" }],
  }));
}

function film(message) {
  const video = make("video", { class: "film", controls: "", preload: "none", "aria-label": "วิดีโอ" });
  if (/^https:/.test(message.originalContentUrl ?? "")) video.src = message.originalContentUrl;
  if (/^https:/.test(message.previewImageUrl ?? "")) video.poster = message.previewImageUrl;
  return video;
}

function sound(message) {
  const seconds = Math.round((message.duration ?? 0) / 1000);
  const audio = make("audio", { controls: "", preload: "none", "aria-label": `เสียง ${seconds} วินาที` });
  if (/^https:/.test(message.originalContentUrl ?? "")) audio.src = message.originalContentUrl;
  return make("div", { class: "bubble sound" }, audio);
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

function imagemap(message, { acting }) {
  const width = message.baseSize?.width || 1040;
  const height = message.baseSize?.height || 1040;
  const box = make("div", { class: "imagemap", role: "group", "aria-label": message.altText ?? "" }, picture(`${message.baseUrl}/1040`, { alt: "" }));
  paint(box, { "aspect-ratio": `${width} / ${height}` });
  for (const action of message.actions ?? []) {
    const spot = make("button", { type: "button", class: "spot", "aria-label": action.label ?? action.text ?? action.linkUri ?? "" });
    const { x = 0, y = 0, width: w = 0, height: h = 0 } = action.area ?? {};
    paint(spot, { left: `${(x / width) * 100}%`, top: `${(y / height) * 100}%`, width: `${(w / width) * 100}%`, height: `${(h / height) * 100}%` });
    spot.addEventListener("click", () => acting.perform({ ...action, uri: action.uri ?? action.linkUri }));
    box.append(spot);
  }
  return box;
}
