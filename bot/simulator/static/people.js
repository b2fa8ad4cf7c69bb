/** Who holds the phone: the list, a search for when there are thousands, and newcomers. */

import { addPerson, listPeople } from "./api.js";
import { ask, labelled, toast } from "./dialogs.js";
import { byId, make } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN_AT_MOST = 40;
const SEARCH_FROM = 8;
const COLOURS = 6;

export class People {
  /** `chosen(person)` is called whenever another person takes the phone. */
  constructor({ chosen }) {
    this.chosen = chosen;
    this.people = [];
    this.current = null;
    this.list = byId("people");
    this.search = byId("people-search");
    this.search.addEventListener("input", () => this.draw());
    byId("add-person").addEventListener("click", () => this.add());
  }

  async load() {
    this.people = await listPeople();
    const wanted = this.current?.userId ?? location.hash.slice(1).split("/")[0];
    const person = this.people.find((one) => one.userId === wanted) ?? this.people[0];
    if (person && person.userId !== this.current?.userId) this.choose(person);
    else if (person) this.current = person;
    this.draw();
  }

  choose(person) {
    this.current = person;
    history.replaceState(null, "", `#${person.userId}`);
    this.draw();
    this.chosen(person);
  }

  noteFollowing(following) {
    if (!this.current || this.current.following === following) return;
    this.current.following = following;
    this.draw();
  }

  draw() {
    const wanted = this.search.value.trim().toLowerCase();
    const found = this.people.filter((one) => !wanted || `${one.displayName} ${one.userId}`.toLowerCase().includes(wanted));
    this.search.hidden = this.people.length < SEARCH_FROM;
    this.list.replaceChildren(...found.slice(0, SHOWN_AT_MOST).map((person) => this.entry(person)));
    const more = byId("people-more");
    more.hidden = found.length <= SHOWN_AT_MOST;
    more.textContent = `และอีก ${(found.length - SHOWN_AT_MOST).toLocaleString("th-TH")} คน ค้นชื่อเพื่อหา`;
  }

  entry(person) {
    const isCurrent = person.userId === this.current?.userId;
    const state = person.following ? "เป็นเพื่อนกับบัญชีนี้" : "ยังไม่เป็นเพื่อน หรือบล็อกอยู่";
    return make("li", {}, make("button", {
      type: "button", class: "person", "aria-pressed": String(isCurrent), onclick: () => this.choose(person), dataset: { userId: person.userId },
    }, letterFace(person), make("span", { class: "person-words" }, make("strong", {}, person.displayName), make("small", {}, state)),
    person.following ? null : icon("block")));
  }

  async add() {
    const name = make("input", { class: "field", type: "text", maxlength: "40", required: "", placeholder: "เช่น ป้านวล แสนสุข" });
    const language = make("select", { class: "field" },
      ...[["th", "ไทย"], ["en", "English"], ["my", "မြန်မာ"], ["zh", "中文"]].map(([value, label]) => make("option", { value }, label)));
    const friend = make("input", { type: "checkbox" });
    const take = () => {
      if (name.value.trim()) return { displayName: name.value.trim(), language: language.value, following: friend.checked };
      name.focus();
      return undefined;
    };
    const about = await ask({
      title: "เพิ่มคน",
      content: [
        labelled("ชื่อที่แสดง", name),
        labelled("ภาษาของ LINE", language),
        make("label", { class: "check" }, friend, make("span", {}, "เป็นเพื่อนกับบัญชีนี้อยู่แล้ว (ไม่ติ๊ก จะได้ลองกดเพิ่มเพื่อนเอง)")),
      ],
      buttons: [{ label: "ยกเลิก", value: null }, { label: "เพิ่ม", value: take, kind: "main" }],
    });
    if (about) await this.welcome(about);
  }

  async welcome(about) {
    try {
      const [person] = [await addPerson(about)].flat();
      this.people.push(person);
      this.choose(person);
    } catch (error) {
      toast(`เพิ่มคนไม่สำเร็จ: ${error.message}`, { bad: true });
    }
  }
}

/** A round with the first letter: nobody here has a photograph. */
export function letterFace({ displayName, userId }, kind = "") {
  const letter = /[ก-ฮA-Za-z0-9]/.exec(displayName)?.[0] ?? "•";
  const colour = parseInt(userId.slice(-4), 16) % COLOURS || 0;
  return make("span", { class: `face-letter ${kind} colour-${colour}`, "aria-hidden": "true" }, letter.toUpperCase());
}
