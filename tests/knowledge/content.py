"""A small content folder, written for a test and then spoilt by it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

HOURS = (
    *("ศูนย์เปิดกี่โมง", "เปิดวันไหนบ้าง", "ปิดกี่โมงคะ", "วันเสาร์เปิดไหม", "เวลาทำการของศูนย์", "เปิดกี่โมงครับ"),
    *("วันอาทิตย์เปิดหรือเปล่า", "หยุดวันไหน", "พักเที่ยงไหม", "เปิดถึงกี่โมง", "เวลาเปิดปิด", "ตอนเย็นยังเปิดอยู่ไหม"),
)
JOIN = (
    *("อยากไปร่วมเวที", "เวทีเข้าร่วมยังไง", "ไปฟังเวทีได้ไหม", "สมัครเข้าเวทีที่ไหน", "เวทีชาวบ้านไปได้ไหม", "ขอเข้าร่วมเวที"),
    *("เวทีต้องลงชื่อก่อนไหม", "ใครไปเวทีได้บ้าง", "อยากเข้าเวทีแลกเปลี่ยน", "เวทีรับคนนอกไหม", "ไปเวทีต้องทำอะไร", "เวทีไปกันยังไง"),
)
CRISIS = (
    *("อยากตาย", "ไม่อยากอยู่แล้ว", "โดนผัวตี", "ช่วยด้วยโดนทำร้าย", "คิดฆ่าตัวตาย", "เลือดออกไม่หยุด", "มีคนจะฆ่าหนู"),
    *("ถูกขู่ฆ่า", "เขาเอามีดมาไล่ฟัน", "ไม่รู้จะอยู่ไปทำไม", "กินยาไปทั้งแผง", "พ่อเลี้ยงทำร้ายหนู"),
)
OTHERS = {
    "near": ("ทำบัตรประชาชนที่ไหน", "ต่อใบขับขี่ใช้อะไรบ้าง", "จ่ายค่าไฟตรงไหน"),
    "traps": ("เวทีมวยคืนนี้ใครชก", "ร้านทองเปิดกี่โมง", "เวทีประกวดนางงาม"),
    "far": ("หวยออกอะไร", "พรุ่งนี้ฝนตกไหม", "ผลบอลเมื่อคืน"),
    "chitchat": ("มีแฟนหรือยัง", "เล่าเรื่องตลกหน่อย", "หิวจะตายแล้ว"),
}
REFUSALS = {"political": ("เลือกพรรคไหนดี", "ใครควรเป็นนายก"), "abuse": ("ไอ้บอตโง่", "ไปไกลๆเลยไอ้บ้า")}


def a_topic(topic_id: str, variants: tuple[str, ...], **changes: Any) -> dict[str, Any]:
    return {
        "id": topic_id,
        "title": {"th": "เรื่องหนึ่ง", "en": "One thing"},
        "answer": {"th": f"คำตอบของ {topic_id} ค่ะ", "en": f"The answer of {topic_id}."},
        "variants": list(variants),
    } | changes


def write_content(folder: Path) -> Path:
    """Three topics and what is not ours. The folder passes every check."""
    topics = [
        a_topic(
            "center.hours",
            HOURS,
            details=[{"needs": ["contact_hours"], "th": "เปิด {contact_hours}", "en": "Open {contact_hours}"}],
            unavailable={"th": "ยังไม่ทราบเวลาค่ะ"},
            actions=["offer_person"],
            related=["forum.join"],
        ),
        a_topic("forum.join", JOIN, actions=["list_events(forum)"], related=["center.hours"]),
        a_topic("general.crisis", CRISIS, actions=["handover_urgent"], phrases=["อยากตาย", "ไม่อยากอยู่แล้ว", "โดนผัวตี"]),
    ]
    (folder / "faq").mkdir(parents=True)
    for topic in topics:
        write(folder / "faq" / f"{topic['id']}.yaml", topic)
    write(folder / "out_of_scope.yaml", {"messages": _lists(OTHERS), "refusals": _lists(REFUSALS)})
    write(
        folder / "lexicon.yaml",
        {
            "keep_whole": ["เวทีแลกเปลี่ยน"],
            "particles": ["ครับ", "คะ", "ค่ะ"],
            "connectors": ["และ"],
            "negations": ["ไม่"],
            "exaggerations": ["หิว", "ขำ"],
            "hearsay": ["หนัง"],
            "northern": {"ทำ": ["ยะ", "เฮ็ด"], "อะไร": ["อะหยัง"]},
            "abbreviations": {"ศูนย์": ["ศ.พ."]},
            "synonyms": {"สมัคร": ["ลงชื่อ"]},
        },
    )
    write(
        folder / "pack.yaml",
        {
            "centre": {"th": "ศูนย์"},
            "province": {"th": "เชียงราย"},
            "districts": {"phan": {"th": "พาน", "en": "Phan"}},
            "programmes": {"forum": {"th": "เวที"}},
        },
    )
    return folder


def write(path: Path, plain: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False), "utf-8")


def _lists(groups: dict[str, tuple[str, ...]]) -> dict[str, list[str]]:
    return {name: list(texts) for name, texts in groups.items()}
