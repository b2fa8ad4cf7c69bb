/** Pictures, films, sounds and files in a chat. */

import { ask } from "./dialogs.js";
import { make, picture, pressable } from "./dom.js";
import { icon } from "./icons.js";

const KILOBYTE = 1024;

export function photo(message) {
  const url = message.previewImageUrl ?? message.originalContentUrl ?? `${document.body.dataset.static}picture.svg`;
  const shown = make("div", { class: "photo" }, picture(url, { alt: "รูปภาพ" }));
  return pressable(shown, "ดูรูปภาพ", () => ask({
    title: "รูปภาพ",
    content: [make("div", { class: "photo whole" }, picture(message.originalContentUrl ?? url, { alt: "รูปภาพ" }))],
    buttons: [{ label: "ปิด", value: null, kind: "main" }],
  }));
}

/** `seen()` is called when the film has been watched to its end. */
export function film(message, seen) {
  const video = make("video", { class: "film", controls: "", preload: "none", "aria-label": "วิดีโอ" });
  if (isPlayable(message.originalContentUrl)) video.src = message.originalContentUrl;
  if (isPlayable(message.previewImageUrl)) video.poster = message.previewImageUrl;
  if (message.trackingId) video.addEventListener("ended", () => seen(message.trackingId));
  return video;
}

export function sound(message) {
  const seconds = Math.round((message.duration ?? 0) / 1000);
  const audio = make("audio", { controls: "", preload: "none", "aria-label": `เสียง ${seconds} วินาที` });
  if (isPlayable(message.originalContentUrl)) audio.src = message.originalContentUrl;
  return make("div", { class: "bubble sound" }, audio, make("span", { class: "seconds" }, `${seconds} วินาที`));
}

export function fileCard({ fileName, fileSize, originalContentUrl }) {
  const words = make("span", { class: "file-words" }, make("strong", {}, fileName || "ไฟล์"), make("small", {}, sizeInWords(fileSize)));
  if (!isPlayable(originalContentUrl)) return make("div", { class: "bubble file" }, icon("file"), words);
  return make("a", { class: "bubble file", href: originalContentUrl, download: fileName || "file" }, icon("file"), words);
}

function sizeInWords(bytes = 0) {
  if (bytes < KILOBYTE) return `${bytes} ไบต์`;
  const kilobytes = bytes / KILOBYTE;
  return kilobytes < KILOBYTE ? `${kilobytes.toFixed(0)} KB` : `${(kilobytes / KILOBYTE).toFixed(1)} MB`;
}

/** From the bot's own place, or what somebody here has sent. */
function isPlayable(url = "") {
  return /^https:/.test(url) || url.startsWith("/simulator/");
}
