/** Sitting in a group: who writes, whom one mentions, and who comes and goes. */

import { actInGroup } from "./api.js";
import { ask, labelled, toast } from "./dialogs.js";
import { byId, make } from "./dom.js";
import { checks, nameOf } from "./groups.js";
import { listMentionable } from "./mentions.js";

const OFFERED_AT_MOST = 12;

export class GroupSeat {
  /**
   * `people()` lists everybody, `insert(words)` puts words into the text field; `handedOver()` is called when another
   * member speaks from now on, and `changed()` when somebody came or went.
   */
  constructor({ people, account, insert, handedOver, changed }) {
    this.people = people;
    this.account = account;
    this.changed = changed;
    this.group = null;
    this.speaker = byId("group-speaker");
    this.speaker.addEventListener("change", handedOver);
    byId("mention-bot").addEventListener("click", () => insert(`@${account.name} `));
    byId("mention-all").addEventListener("click", () => insert("@ทุกคน "));
  }

  /** `group` is null in a person's own chat. Whoever was speaking goes on, as long as they are a member. */
  sit(group, userId) {
    this.group = group;
    const wanted = [this.speaker.value, userId].find((one) => group?.members.includes(one)) ?? group?.members[0] ?? "";
    this.speaker.replaceChildren(...this.members.map((person) => make("option", { value: person.userId }, person.displayName)));
    this.speaker.value = wanted;
  }

  /** Called before somebody takes a seat anew, so that it is theirs and not the last speaker's. */
  standUp() {
    this.speaker.replaceChildren();
  }

  get members() {
    const sitting = new Set(this.group?.members ?? []);
    const known = this.people().filter((person) => sitting.delete(person.userId));
    return [...known, ...[...sitting].map((userId) => ({ userId, displayName: "สมาชิก" }))];
  }

  get title() {
    return nameOf(this.group);
  }

  /** Who speaks, for `Speaking`. */
  get voice() {
    return { userId: this.speaker.value, group: this.group, mentionable: listMentionable(this) };
  }

  /** How a message's writer is shown; null outside groups. */
  describeAuthor(userId) {
    if (!this.group) return null;
    const person = this.people().find((one) => one.userId === userId);
    return { userId, displayName: person?.displayName ?? "สมาชิก", isMe: userId === this.speaker.value };
  }

  /** What the chat's own menu offers in a group. */
  get menuEntries() {
    const { hasBot } = this.group;
    return [
      { label: "เพิ่มสมาชิก", icon: "plus", run: () => this.letIn() },
      { label: "สมาชิกออก", icon: "undo", run: () => this.letOut() },
      hasBot
        ? { label: "เอาบอตออกจากกลุ่ม", icon: "block", run: () => this.tell("leave", {}, "บอตออกจากกลุ่มแล้ว"), kind: "danger" }
        : { label: "เชิญบอตเข้ากลุ่ม", icon: "friend", run: () => this.invite() },
    ];
  }

  invite() {
    return this.tell("join", {}, "บอตเข้ากลุ่มแล้ว");
  }

  async letIn() {
    const outside = this.people().filter(({ userId }) => !this.group.members.includes(userId)).slice(0, OFFERED_AT_MOST);
    if (!outside.length) return toast("ทุกคนอยู่ในกลุ่มแล้ว เพิ่มคนใหม่ได้ที่ “เพิ่มคน”");
    const members = await choose("ใครเข้ากลุ่ม", "ให้เข้ากลุ่ม", checks(outside, "เลือกคน"));
    return members && this.tell("member-joined", { members }, "เข้ากลุ่มแล้ว");
  }

  async letOut() {
    const members = await choose("ใครออกจากกลุ่ม", "ให้ออก", checks(this.members, "เลือกคน"));
    return members && this.tell("member-left", { members }, "ออกจากกลุ่มแล้ว");
  }

  async tell(what, body, words) {
    try {
      await actInGroup(this.group.groupId, what, body);
      toast(words);
    } catch (error) {
      toast(`ไม่สำเร็จ: ${error.message}`, { bad: true });
    }
    this.changed();
  }

  /** New words for a message of the speaker's; null for whoever thought better of it. */
  askForEdit(text) {
    const words = make("textarea", { class: "field", rows: "3", maxlength: "5000", lang: "th", value: text });
    return ask({
      title: "แก้ไขข้อความ",
      content: [labelled("ข้อความใหม่", words)],
      buttons: [{ label: "ยกเลิก", value: null }, { label: "บันทึก", value: () => words.value.trim() || undefined, kind: "main" }],
    });
  }
}

async function choose(title, label, list) {
  const take = () => {
    const userIds = list.chosen();
    if (userIds.length) return userIds;
    list.complain("เลือกอย่างน้อยหนึ่งคนค่ะ");
    return undefined;
  };
  return ask({ title, content: [list.element], buttons: [{ label: "ยกเลิก", value: null }, { label, value: take, kind: "main" }] });
}
