/** The panel for trying what goes wrong in real life: repeats, batches, time, quota, faults. */

import { advanceClock, clearFaults, configure, orderFault, readStats, reset, sendEvents } from "./api.js";
import { ask, labelled, toast } from "./dialogs.js";
import { byId, make } from "./dom.js";
import { icon } from "./icons.js";
import { deliverAgain, sendAgain, tellOutcome } from "./journal.js";

const REPLY = "/v2/bot/message/reply";
const FAULTS = [
  ["LINE ตอบ 500 หนึ่งครั้ง", { path: REPLY, times: 1, status: 500, when: "before" }],
  ["รับแล้วแต่ตอบ 500", { path: REPLY, times: 1, status: 500, when: "after" }],
  ["ตัดสายหนึ่งครั้ง", { path: REPLY, times: 1, cut: true, when: "before" }],
  ["ช้า 3 วินาที", { path: REPLY, times: 1, delay: 3 }],
  ["ตอบ 429 หนึ่งครั้ง", { path: REPLY, times: 1, status: 429, when: "before" }],
];

export class Tools {
  /** `person()` is who holds the phone, `preview()` shows the typing dots, `restarted()` follows a reset. */
  constructor({ journal, person, preview, restarted }) {
    this.journal = journal;
    this.person = person;
    this.preview = preview;
    this.restarted = restarted;
    byId("tools").append(
      group("ส่งซ้ำ",
        tool("repeat", "ส่งเหตุการณ์ล่าสุดซ้ำ", () => this.withNewest((event) => sendAgain([event]))),
        tool("undo", "ส่งล่าสุดแบบ redelivery", () => this.withNewest((event) => deliverAgain(event.webhookEventId))),
        tool("menu", "ส่งหลายข้อความเป็นชุด", () => this.sendBatch()),
        tool("smile", "ดูจุดกำลังพิมพ์", preview)),
      group("เวลาของแพลตฟอร์ม",
        tool("date", "+1 นาที", () => this.advance(61, "1 นาที")),
        tool("date", "+20 นาที", () => this.advance(20 * 60 + 1, "20 นาที")),
        tool("date", "+24 ชั่วโมง", () => this.advance(24 * 3600 + 1, "24 ชั่วโมง"))),
      group("การส่งของ LINE",
        tool("repeat", "เปิด redelivery", () => this.change({ redelivery: true }, "เปิดการส่งใหม่อัตโนมัติแล้ว")),
        tool("close", "ปิด redelivery", () => this.change({ redelivery: false }, "ปิดการส่งใหม่อัตโนมัติแล้ว")),
        tool("tools", "ตั้งโควตา", () => this.setQuota())),
      group("ให้การตอบครั้งถัดไปพลาด",
        ...FAULTS.map(([label, fault]) => tool("block", label, () => this.tell(orderFault(fault), `สั่งไว้แล้ว: ${label}`))),
        tool("close", "ยกเลิกที่สั่งไว้", () => this.tell(clearFaults(), "ยกเลิกแล้ว"))),
      group("เริ่มใหม่", tool("undo", "ล้างทุกอย่าง", () => this.startAnew(), "danger")),
    );
  }

  async withNewest(run) {
    await this.journal.catchUp();
    const event = this.journal.newestEvent();
    if (!event) return toast("คนนี้ยังไม่เคยส่งอะไร", { bad: true });
    await run(event);
    return this.journal.catchUp();
  }

  async sendBatch() {
    const words = make("textarea", { class: "field", rows: "4", lang: "th", value: "สวัสดีค่ะ\nขอเบอร์ติดต่อหน่อย\nศูนย์อยู่ที่ไหน" });
    const chosen = await ask({
      title: "ส่งหลายข้อความในคำขอเดียว",
      content: [labelled("บรรทัดละหนึ่งข้อความ", words)],
      buttons: [{ label: "ยกเลิก", value: null }, { label: "ส่งเป็นชุด", value: () => words.value, kind: "main" }],
    });
    const texts = (chosen ?? "").split("\n").map((line) => line.trim()).filter(Boolean);
    if (!texts.length) return;
    const source = { type: "user", userId: this.person().userId };
    const events = texts.map((text) => ({ type: "message", source, message: { type: "text", text } }));
    await tellOutcome(sendEvents(events), `ส่ง ${texts.length} เหตุการณ์ในคำขอเดียวแล้ว`);
  }

  async setQuota() {
    const field = make("input", { class: "field", type: "number", min: "0", max: "1000000", inputmode: "numeric", placeholder: "ว่าง = ไม่จำกัด" });
    const quota = await ask({
      title: "โควตาข้อความต่อเดือน",
      content: [labelled("จำนวนผู้รับที่คิดเงินได้", field)],
      buttons: [{ label: "ยกเลิก", value: null }, { label: "ตั้ง", value: () => ({ quota: field.value === "" ? null : Number(field.value) }), kind: "main" }],
    });
    if (quota) await this.change(quota, quota.quota === null ? "ไม่จำกัดโควตาแล้ว" : `ตั้งโควตา ${quota.quota} แล้ว`);
  }

  async startAnew() {
    const sure = await ask({
      title: "ล้างทุกอย่างไหม",
      content: [make("p", {}, "แชต ข้อมูลดิบ และคนที่เพิ่มเองจะหายไป เหลือแต่คนตั้งต้น ฐานข้อมูลของบอตไม่ถูกแตะต้อง")],
      buttons: [{ label: "ไม่ล้าง", value: null }, { label: "ล้าง", value: true, kind: "main danger" }],
    });
    if (sure && await this.tell(reset(), "ล้างแล้ว")) this.restarted();
  }

  advance(seconds, words) {
    return this.tell(advanceClock(seconds), `เวลาของแพลตฟอร์มเดินหน้า ${words} แล้ว`);
  }

  change(changes, words) {
    return this.tell(configure(changes), words);
  }

  async tell(calling, words) {
    try {
      await calling;
      toast(words);
      return true;
    } catch (error) {
      toast(`ไม่สำเร็จ: ${error.message}`, { bad: true });
      return false;
    }
  }
}

/** One line of figures above the raw traffic. */
export async function describeStats() {
  const stats = await readStats();
  const webhooks = Object.values(stats.webhooks ?? {}).reduce((sum, times) => sum + times, 0);
  const calls = Object.values(stats.calls ?? {}).flatMap((byStatus) => Object.values(byStatus)).reduce((sum, times) => sum + times, 0);
  return `webhook ${webhooks.toLocaleString("th-TH")} · คำขอจากบอต ${calls.toLocaleString("th-TH")}`;
}

function group(title, ...buttons) {
  return make("div", { class: "tool-group" }, make("h4", {}, title), make("div", { class: "tool-buttons" }, buttons));
}

function tool(name, label, run, kind = "") {
  return make("button", { type: "button", class: `tool ${kind}`, onclick: run }, icon(name), label);
}
