/** What happens when something in a message is tapped. */

import { ask, copy, labelled, toast } from "./dialogs.js";
import { make } from "./dom.js";
import { sayPicked } from "./dates.js";

const INPUTS = { date: "date", time: "time", datetime: "datetime-local" };
const OPENABLE = /^(https?|tel|mailto|line):/i;
/** Places to stand at, for whoever tries the location action: all in Chiang Rai. */
const PLACES = [
  { title: "หอนาฬิกาเชียงราย", address: "ถนนบรรพปราการ ตำบลเวียง อำเภอเมืองเชียงราย", latitude: 19.9071, longitude: 99.8309 },
  { title: "ที่ว่าการอำเภอเทิง", address: "ตำบลเวียง อำเภอเทิง จังหวัดเชียงราย", latitude: 19.6866, longitude: 100.1967 },
  { title: "ตลาดแม่สาย", address: "ถนนพหลโยธิน ตำบลเวียงพางคำ อำเภอแม่สาย", latitude: 20.4331, longitude: 99.8762 },
];

/** Everything a tap can do. Each resolves to true once it is done, and to false when the person thought better of it. */
export class Acting {
  /** `speak(what, body)` is the person's own doing; `write(text)` opens the keyboard on a text. */
  constructor({ speak, write }) {
    this.speak = speak;
    this.write = write;
    this.kinds = {
      postback: (action) => this.postback(action),
      message: ({ text = "" }) => this.speak("text", { text }),
      uri: ({ uri }) => openAddress(uri),
      datetimepicker: (action) => this.pickDate(action),
      camera: () => this.speak("image"),
      cameraRoll: () => this.speak("image"),
      location: () => this.sendPlace(),
      clipboard: ({ clipboardText = "" }) => copy(clipboardText).then(() => true),
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
    if (inputOption === "openKeyboard") this.write(fillInText ?? "");
    return this.speak("postback", { data, ...(shown ? { displayText: shown } : {}) });
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
  return ask({
    title,
    content: [labelled(mode === "time" ? "เวลา" : "วันที่ (ปฏิทินสากล)", input), said, wrong],
    buttons: [{ label: "ยกเลิก", value: null }, { label: "ตกลง", value: take, kind: "main" }],
  });
}

async function askForPlace() {
  const select = make("select", { class: "field" }, PLACES.map(({ title }, place) => make("option", { value: String(place) }, title)));
  return ask({
    title: "ส่งตำแหน่งที่ตั้ง",
    content: [labelled("ตอนนี้อยู่ที่", select)],
    buttons: [{ label: "ยกเลิก", value: null }, { label: "ส่ง", value: () => PLACES[Number(select.value)], kind: "main" }],
  });
}
