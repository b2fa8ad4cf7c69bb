"""The main menu, help, and the way out of any dialogue."""

from __future__ import annotations

from bot.conversation.turn import Reply, Turn
from bot.messages import Text
from handlers.desk import Desk

LEAVE_WORDS = frozenset({"ยกเลิก", "ออก", "ไม่เอาแล้ว", "หยุด", "cancel", "stop", "exit"})
MENU_WORDS = frozenset({"เมนู", "เมนูหลัก", "menu", "เริ่มใหม่", "หน้าแรก"})
HELP_WORDS = frozenset({"help", "ช่วยเหลือ", "วิธีใช้"})


def show_menu(turn: Turn, desk: Desk) -> Reply:
    return Reply((Text(desk.say(turn, "menu.text"), desk.menu_buttons(turn)),), turn.memory.without_step())


def show_help(turn: Turn, desk: Desk) -> Reply:
    return Reply((Text(desk.say(turn, "menu.help"), desk.menu_buttons(turn)),), turn.memory.without_step())


def leave_dialogue(turn: Turn, desk: Desk) -> Reply:
    return Reply((Text(desk.say(turn, "menu.left"), desk.menu_buttons(turn)),), turn.memory.without_step())
