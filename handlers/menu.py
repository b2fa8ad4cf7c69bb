"""The main menu, help, and the way out of any dialogue."""

from __future__ import annotations

from dataclasses import replace

from bot.conversation.turn import Reply, Turn
from bot.messages import Text
from handlers.desk import Desk

LEAVE_WORDS = frozenset({"ยกเลิก", "ออก", "ไม่เอาแล้ว", "หยุด", "เลิก", "cancel", "stop", "exit"})
MENU_WORDS = frozenset({"เมนู", "เมนูหลัก", "menu", "เริ่มใหม่", "หน้าแรก"})
HELP_WORDS = frozenset({"help", "ช่วยเหลือ", "วิธีใช้"})


def show_menu(turn: Turn, desk: Desk) -> Reply:
    memory = replace(turn.memory.set_aside(now=turn.now), misses=0, quiet=False, said=None)
    return Reply((desk.menu_card(turn, "menu.text"),), memory)


def show_help(turn: Turn, desk: Desk) -> Reply:
    memory = replace(turn.memory.set_aside(now=turn.now), quiet=False)
    return Reply((Text(desk.say(turn, "menu.help"), desk.menu_buttons(turn)),), memory)


def leave_dialogue(turn: Turn, desk: Desk) -> Reply:
    """Also when there is nothing to leave: then nothing is claimed."""
    key = "menu.left" if turn.memory.step is not None else "menu.nothing_to_leave"
    return Reply((Text(desk.say(turn, key), desk.menu_buttons(turn)),), turn.memory.without_step())
