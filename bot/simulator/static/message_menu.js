/** What one can do with a message: copy it, change it, take it back. */

import { copy, openMenu } from "./dialogs.js";
import { plainWords } from "./messages.js";

export class MessageMenu {
  /** `isOwn(item)` tells whether whoever speaks wrote it, `mayEdit()` whether LINE lets one edit here. */
  constructor({ isOwn, mayEdit, edit, unsend }) {
    this.isOwn = isOwn;
    this.mayEdit = mayEdit;
    this.edit = edit;
    this.unsend = unsend;
  }

  open(item, { x, y }) {
    const words = plainWords(item.message);
    const isOwn = item.from === "person" && item.messageId && this.isOwn(item);
    const isEditable = isOwn && item.message.type === "text" && this.mayEdit();
    openMenu([
      words && { label: "คัดลอก", icon: "copy", run: () => copy(words) },
      isEditable && { label: "แก้ไขข้อความ", icon: "edit", run: () => this.edit(item) },
      isOwn && { label: "ยกเลิกข้อความ", icon: "undo", run: () => this.unsend(item.messageId), kind: "danger" },
      { label: "คัดลอก JSON", icon: "code", run: () => copy(JSON.stringify(item.message, null, 2)) },
    ].filter(Boolean), { x, y, label: "ทำอะไรกับข้อความนี้" });
  }
}
