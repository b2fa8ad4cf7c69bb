/** The foot of the phone: words to type, and the tray with pictures, places and stickers. */

import { byId, make } from "./dom.js";
import { icon } from "./icons.js";
import { STICKERS, renderSticker } from "./stickers.js";

const TALLEST_LINES = 5;

export class Composer {
  /** `speak(what, body)` resolves to whether it went out; `sendPlace()` and `sendVoice()` ask first. */
  constructor({ speak, sendPlace, sendVoice }) {
    this.speak = speak;
    this.words = byId("words");
    this.send = byId("send");
    this.attach = byId("attach");
    this.tray = byId("tray");
    byId("composer").addEventListener("submit", (event) => this.submit(event));
    this.words.addEventListener("input", () => this.fit());
    this.words.addEventListener("focus", () => this.showTray(false));
    this.words.addEventListener("keydown", (event) => this.noteKey(event));
    this.attach.addEventListener("click", () => this.showTray(this.tray.hidden));
    this.tray.append(
      make("div", { class: "tray-buttons" },
        this.trayButton("photo", "รูปภาพ", "image", () => speak("image")),
        this.trayButton("camera", "ถ่ายรูป", "image", () => speak("image")),
        this.trayButton("film", "วิดีโอ", "video", () => speak("video")),
        this.trayButton("voice", "เสียง", "audio", sendVoice),
        this.trayButton("file", "ไฟล์", "file", () => speak("file", { fileName: "เอกสารแนบ.pdf" })),
        this.trayButton("place", "ตำแหน่ง", "location", sendPlace)),
      make("div", { class: "tray-stickers", role: "group", "aria-label": "สติกเกอร์" }, STICKERS.map((one) => this.stickerButton(one))));
  }

  /** The keyboard stays open after the send button, as it does after Enter. */
  submit(event) {
    event.preventDefault();
    this.words.focus();
    this.sendWords();
  }

  noteKey(event) {
    // While a word is still being composed, Enter only takes the suggestion.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.sendWords();
  }

  async sendWords() {
    const text = this.words.value;
    if (!text.trim()) return;
    this.write("", { focus: false });
    const went = await this.speak("text", { text });
    if (!went && !this.words.value) this.write(text);
  }

  write(text, { focus = true } = {}) {
    this.words.value = text;
    this.fit();
    if (!focus) return;
    this.words.focus();
    this.words.setSelectionRange(text.length, text.length);
  }

  /** Puts words where the cursor stands. */
  insert(words) {
    this.words.setRangeText(words, this.words.selectionStart, this.words.selectionEnd, "end");
    this.fit();
    this.words.focus();
  }

  /** Leaves in the tray what can be sent here: `kinds` is a set of message types, or null for all of them. */
  offer(kinds) {
    for (const button of this.tray.querySelectorAll(".tray-button")) button.hidden = kinds !== null && !kinds.has(button.dataset.kind);
  }

  fit() {
    this.send.disabled = !this.words.value.trim();
    this.words.style.height = "auto";
    const tallest = parseFloat(getComputedStyle(this.words).lineHeight) * TALLEST_LINES;
    const borders = this.words.offsetHeight - this.words.clientHeight;
    this.words.style.height = `${Math.min(this.words.scrollHeight, tallest) + borders}px`;
    this.words.classList.toggle("full", this.words.scrollHeight > tallest);
  }

  showTray(isOpen) {
    this.tray.hidden = !isOpen;
    this.attach.setAttribute("aria-expanded", String(isOpen));
  }

  trayButton(name, label, kind, run) {
    return make("button", { type: "button", class: "tray-button", dataset: { kind }, onclick: () => { this.showTray(false); run(); } }, icon(name), label);
  }

  stickerButton({ packageId, stickerId, words }) {
    const send = () => { this.showTray(false); this.speak("sticker", { packageId, stickerId }); };
    return make("button", { type: "button", class: "tray-sticker", "aria-label": `ส่งสติกเกอร์ ${words}`, onclick: send },
      renderSticker({ packageId, stickerId }));
  }
}
