/** What happens when something in a message, or on the account's menu, is tapped. */

import { sayPicked } from "./dates.js";
import { ask, copy, labelled, toast } from "./dialogs.js";
import { make } from "./dom.js";
import { askForPlace } from "./places.js";

const INPUTS = { date: "date", time: "time", datetime: "datetime-local" };
const OPENABLE = /^(https?|tel|mailto|line):/i;

/** Everything a tap can do. Each resolves to true once it is done, and to false when the person thought better of it. */
export class Acting {
  /**
   * `speak(what, body)` is the person's own doing; `write(text)` opens the keyboard on a text;
   * `openMenu(isOpen)` is about the account's menu, and `switchMenu(action)` changes to another.
   */
  constructor({ speak, write, openMenu, switchMenu }) {
    this.speak = speak;
    this.write = write;
    this.openMenu = openMenu;
    this.kinds = {
      postback: (action) => this.postback(action),
      message: ({ text = "" }) => this.speak("text", { text }),
      uri: ({ uri }) => openAddress(uri),
      datetimepicker: (action) => this.pickDate(action),
      camera: () => this.speak("image"),
      cameraRoll: () => this.speak("image"),
      location: () => this.sendPlace(),
      clipboard: ({ clipboardText = "" }) => copy(clipboardText).then(() => true),
      richmenuswitch: switchMenu,
    };
  }

  async perform(action) {
    const kind = this.kinds[action?.type];
    if (kind) return kind(action);
    toast(`ปุ่มชนิด ${action?.type ?? "?"} ใช้บนโทรศัพท์จำลองยังไม่ได้`, { bad: true });
    return false;
  }

  async postback({ data = "", displayText, text, inputOption, fillInText }) {
    const shown = displayText ?? text;
    this.prepareInput(inputOption, fillInText);
    return this.speak("postback", { data, ...(shown ? { displayText: shown } : {}) });
  }

  prepareInput(inputOption, fillInText = "") {
    if (inputOption === "openKeyboard") this.write(fillInText);
    if (inputOption === "openRichMenu") this.openMenu(true);
    if (inputOption === "closeRichMenu") this.openMenu(false);
    if (inputOption === "openVoice") this.sendVoice();
  }

  async pickDate({ data = "", mode = "date", initial, min, max, label }) {
    const value = await askForDate({ mode, initial, min, max, title: label || "เลือกวันเวลา" });
    if (!value) return false;
    return this.speak("postback", { data, params: { [mode]: value } });
  }

  async sendPlace() {
    const place = await askForPlace();
    return place ? this.speak("location", place) : false;
  }

  async sendVoice() {
    const isSaid = await ask({
      title: "ส่งข้อความเสียง",
      content: [make("p", { class: "hint" }, "โทรศัพท์จำลองไม่ได้อัดเสียงจริง จะส่งเสียงตัวอย่างยาว 3 วินาทีแทนค่ะ")],
      buttons: [{ label: "ยกเลิก", value: false }, { label: "ส่งเสียง", value: true, kind: "main" }],
    });
    return isSaid ? this.speak("audio") : false;
  }
}

async function openAddress(uri = "") {
  const canOpen = OPENABLE.test(uri);
  const open = { label: "เปิดในแท็บใหม่", value: true, kind: "main", href: uri };
  const chosen = await ask({
    title: "เปิดลิงก์นี้ไหม",
    content: [
      make("p", { class: "address" }, uri),
      canOpen ? null : make("p", { class: "hint" }, "ลิงก์แบบนี้เปิดจากโทรศัพท์จำลองไม่ได้"),
    ].filter(Boolean),
    buttons: [{ label: "ไม่เปิด", value: false }, ...(canOpen ? [open] : [])],
  });
  return chosen === true;
}

async function askForDate({ mode, initial, min, max, title }) {
  const typed = (value) => value?.replace("t", "T");
  const input = make("input", {
    class: "field", type: INPUTS[mode] ?? "date", min: typed(min), max: typed(max), value: typed(initial) ?? "", required: "",
  });
  const said = make("p", { class: "picked", role: "status" }, sayPicked(mode, input.value));
  const wrong = make("p", { class: "wrong", role: "alert" });
  input.addEventListener("input", () => {
    said.textContent = sayPicked(mode, input.value);
    wrong.textContent = "";
  });
  const take = () => {
    if (input.checkValidity()) return input.value.slice(0, 16);
    wrong.textContent = input.value ? "อยู่นอกช่วงที่เลือกได้" : "ยังไม่ได้เลือก";
    input.focus();
    return undefined;
  };
  const range = sayRange(mode, typed(min), typed(max));
  return ask({
    title,
    content: [
      labelled(mode === "time" ? "เวลา" : "วันที่ (ปฏิทินสากล)", input),
      range && make("p", { class: "hint" }, range),
      said, wrong,
    ].filter(Boolean),
    buttons: [{ label: "ยกเลิก", value: null }, { label: "ตกลง", value: take, kind: "main" }],
  });
}

function sayRange(mode, min, max) {
  if (min && max) return `เลือกได้ตั้งแต่ ${sayPicked(mode, min)} ถึง ${sayPicked(mode, max)}`;
  if (min) return `เลือกได้ตั้งแต่ ${sayPicked(mode, min)}`;
  return max ? `เลือกได้ถึง ${sayPicked(mode, max)}` : "";
}
