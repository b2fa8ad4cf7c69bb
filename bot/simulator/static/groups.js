/** The groups and rooms: the list beside the phone, and how to make one. */

import { addGroup, listGroups } from "./api.js";
import { ask, labelled, toast } from "./dialogs.js";
import { byId, make } from "./dom.js";
import { icon } from "./icons.js";

const OFFERED_AT_MOST = 12;

export class Groups {
  /** `people()` lists who there is; `chosen(group)` is called when somebody goes into a group. */
  constructor({ people, chosen }) {
    this.people = people;
    this.chosen = chosen;
    this.groups = [];
    this.current = null;
    this.list = byId("groups");
    byId("add-group").addEventListener("click", () => this.add());
  }

  /** Reads the groups anew; resolves to whether the current one is different from before, or gone. */
  async load() {
    const before = JSON.stringify(this.current);
    this.groups = await listGroups();
    const currentId = this.current?.groupId;
    this.current = this.groups.find((group) => group.groupId === currentId) ?? null;
    this.draw();
    return JSON.stringify(this.current) !== before;
  }

  find(groupId) {
    return this.groups.find((group) => group.groupId === groupId) ?? null;
  }

  choose(group) {
    this.current = group;
    this.draw();
    if (group) this.chosen(group);
  }

  draw() {
    byId("groups-none").hidden = this.groups.length > 0;
    const wanted = this.groups.map((group) => `${group.groupId}${describe(group)}${group.name}${this.current === group}`).join();
    if (wanted === this.drawn) return;
    this.drawn = wanted;
    this.list.replaceChildren(...this.groups.map((group) => this.entry(group)));
  }

  entry(group) {
    return make("li", {}, make("button", {
      type: "button", class: "person", "aria-pressed": String(group.groupId === this.current?.groupId), onclick: () => this.choose(group),
    }, make("span", { class: "face-letter group-face", "aria-hidden": "true" }, icon("group")),
    make("span", { class: "person-words" }, make("strong", {}, nameOf(group)), make("small", {}, describe(group)))));
  }

  async add() {
    const name = make("input", { class: "field", type: "text", maxlength: "40", required: "", placeholder: "เช่น ชุมชนป่าตึง" });
    const kind = make("select", { class: "field" }, make("option", { value: "group" }, "กลุ่ม"), make("option", { value: "room" }, "ห้องคุยหลายคน"));
    const members = checks(this.people().slice(0, OFFERED_AT_MOST), "สมาชิก", { ticked: 2 });
    const hasBot = make("input", { type: "checkbox", checked: true });
    const take = () => {
      const userIds = members.chosen();
      if (!name.value.trim() && kind.value === "group") return void name.focus();
      if (!userIds.length) return void members.complain("เลือกสมาชิกอย่างน้อยหนึ่งคนค่ะ");
      return { name: name.value.trim() || "ห้องคุย", kind: kind.value, members: userIds, hasBot: hasBot.checked };
    };
    const about = await ask({
      title: "เพิ่มกลุ่มหรือห้อง",
      content: [
        labelled("ชนิด", kind), labelled("ชื่อกลุ่ม (ห้องไม่มีชื่อ)", name), members.element,
        make("label", { class: "check" }, hasBot, make("span", {}, "บอตอยู่ในกลุ่มแล้ว (ไม่ติ๊ก จะได้ลองเชิญเอง)")),
      ],
      buttons: [{ label: "ยกเลิก", value: null }, { label: "เพิ่ม", value: take, kind: "main" }],
    });
    if (!about) return;
    try {
      const { groupId } = await addGroup(about);
      await this.load();
      this.choose(this.find(groupId));
    } catch (error) {
      toast(`เพิ่มกลุ่มไม่สำเร็จ: ${error.message}`, { bad: true });
    }
  }
}

/** A list of people to tick, the first few of them ticked: `{element, chosen(), complain(words)}`. */
export function checks(people, words, { ticked = 0 } = {}) {
  const boxes = people.map(({ userId, displayName }, place) => ({ userId, displayName, box: make("input", { type: "checkbox", checked: place < ticked }) }));
  const wrong = make("p", { class: "wrong", role: "alert" });
  return {
    element: make("fieldset", { class: "checks" }, make("legend", {}, words),
      boxes.map(({ displayName, box }) => make("label", { class: "check" }, box, make("span", {}, displayName))), wrong),
    chosen: () => boxes.filter(({ box }) => box.checked).map(({ userId }) => userId),
    complain: (said) => { wrong.textContent = said; },
  };
}

export const nameOf = (group) => (group.kind === "room" ? "ห้องคุยหลายคน" : group.name);

function describe({ kind, members, hasBot }) {
  return `${kind === "room" ? "ห้อง" : "กลุ่ม"} · ${members.length.toLocaleString("th-TH")} คน${hasBot ? "" : " · ไม่มีบอต"}`;
}
