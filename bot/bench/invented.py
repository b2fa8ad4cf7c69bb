"""Made-up content of any size: questions from a small grammar of our own, each asked in many ways.

An entry is a thing, what one wants to do with it, a place and a circumstance. Its variants put these in different
orders and words; a query held out does so again, and is mistyped besides. Nobody's real question is in here.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge.catalogue import Catalogue, Entry

Slot = tuple[str, ...]
"""Ways to say one thing."""

THINGS: tuple[Slot, ...] = (
    ("บัตรสมาชิก", "บัตรประจำตัวสมาชิก"), ("หนังสือรับรอง", "ใบรับรอง"), ("ใบเสร็จ", "ใบรับเงิน"),
    ("รถเข็น", "วีลแชร์"), ("เครื่องสูบน้ำ", "ปั๊มน้ำ"), ("เมล็ดพันธุ์ผัก", "พันธุ์ผัก"), ("ห้องประชุม", "ห้องนั่งคุย"),
    ("เครื่องเสียง", "ลำโพงกับไมค์"), ("เต็นท์", "ผ้าใบกางงาน"), ("รถรับส่ง", "รถตู้รับส่ง"), ("ทุนเรียน", "ทุนการศึกษา"),
    ("คอร์สคอมพิวเตอร์", "อบรมคอม"), ("คอร์สทอผ้า", "อบรมทอผ้า"), ("แปลงผัก", "แปลงเกษตร"), ("ถังขยะ", "ถังทิ้งขยะ"),
    ("ไฟถนน", "ไฟส่องทาง"), ("ท่อระบายน้ำ", "รางน้ำ"), ("สนามกีฬา", "สนามบอล"), ("ห้องสมุด", "มุมหนังสือ"),
    ("แว่นตา", "แว่นสายตา"), ("เตียงผู้ป่วย", "เตียงคนไข้"), ("เงินออม", "เงินฝากออมทรัพย์"), ("กองทุนหมู่บ้าน", "เงินกองทุน"),
    ("ปุ๋ยหมัก", "ปุ๋ยอินทรีย์"), ("ป้ายชื่อร้าน", "ป้ายร้าน"), ("แผงตลาด", "ล็อกขายของ"), ("น้ำดื่ม", "น้ำกิน"),
    ("ผ้าห่ม", "ผ้านวม"), ("ถุงยังชีพ", "ของช่วยน้ำท่วม"), ("เรือ", "เรือพาย"), ("วัคซีนหมา", "วัคซีนสุนัข"),
    ("แผนที่หมู่บ้าน", "แผนผังหมู่บ้าน"), ("กล้องวงจรปิด", "กล้องหน้าบ้าน"), ("อินเทอร์เน็ต", "เน็ตบ้าน"), ("วงดนตรี", "วงสะล้อซอซึง"),
    ("ชุดพื้นเมือง", "ชุดเมือง"), ("ครูอาสา", "ครูจิตอาสา"), ("หมอนวด", "คนนวดแผนไทย"), ("เตาเผาขยะ", "เตาเผา"),
    ("สะพานไม้", "ขัวไม้"),
)  # fmt: skip
ACTIONS: tuple[Slot, ...] = (
    ("ขอยืม", "ยืม"), ("สมัครขอ", "ยื่นขอ"), ("ต่ออายุ", "ขอต่อ"), ("ยกเลิก", "ไม่เอาแล้ว"), ("จอง", "จองคิว"),
    ("คืน", "เอาไปคืน"), ("ซ่อม", "แจ้งซ่อม"), ("บริจาค", "อยากให้"), ("เปลี่ยน", "ขอเปลี่ยน"), ("ตรวจดู", "เช็ก"),
    ("จ่ายค่า", "ชำระค่า"), ("แจ้งหาย", "ทำหาย"), ("ขอย้าย", "ย้าย"), ("ร้องเรียนเรื่อง", "บ่นเรื่อง"), ("ขอดูรูป", "ดูภาพ"),
    ("ฝากขาย", "วางขาย"), ("รับสอนเรื่อง", "สอนวิธีใช้"), ("นับจำนวน", "มีกี่อันของ"), ("ทำความสะอาด", "ล้าง"), ("ประกวด", "ส่งแข่ง"),
)  # fmt: skip
PLACES: tuple[Slot, ...] = tuple(
    (f"บ้าน{name}", name)
    for name in (
        *("ดอนแก้ว", "หนองบัวใต้", "ปงน้อย", "สันกลาง", "ท่าข้าม", "ห้วยทราย", "แม่ลาว", "ร่องขุ่น", "ป่าซาง", "ทุ่งหลวง"),
        *("น้ำริน", "ศรีดอนมูล", "ผาแดง", "เวียงเหนือ", "โป่งเทวี", "สบเปา", "หัวฝาย", "วังผา", "ขุนตาล", "ต้นยาง"),
        *("ปางค่า", "สันติสุข", "หนองแรด", "ดงมะดะ", "ไร่อ้อย"),
    )
)
CIRCUMSTANCES: tuple[Slot, ...] = (
    ("ตอนกลางคืน", "หลังมืดแล้ว"), ("วันเสาร์อาทิตย์", "วันหยุด"), ("แทนพ่อแม่", "ให้พ่อกับแม่"), ("ถ้าไม่มีเงิน", "ไม่มีตังค์"),
    ("ครั้งแรก", "ไม่เคยทำมาก่อน"), ("ตอนฝนตก", "หน้าฝน"), ("สำหรับคนแก่", "ให้ผู้สูงอายุ"), ("แบบเป็นกลุ่ม", "หลายคนพร้อมกัน"),
    ("ผ่านมือถือ", "ทางโทรศัพท์"), ("ด่วนภายในวันนี้", "รีบมากวันนี้"),
)  # fmt: skip
ASKING = ("ได้ไหม", "ต้องทำยังไง", "ทำไง", "ใช้อะไรบ้าง", "ที่ไหน", "ติดต่อใคร", "ได้ปะ", "ต้องเริ่มตรงไหน", "มีขั้นตอนไหม", "")
OPENING = ("", "", "", "อยาก", "สอบถามหน่อย ", "รบกวนถามว่า", "จะ", "พอดีว่าจะ")
ENDING = ("", "", "", "ครับ", "ค่ะ", "คะ", "จ้า", "ขอบคุณค่ะ", "นะ")
ORDERS = (
    "{opening}{action}{thing}ที่{place}{circumstance}{asking}{ending}",
    "{opening}{action}{thing}{circumstance} {place} {asking}{ending}",
    "{place} {opening}{action}{thing}{circumstance}{asking}{ending}",
    "{circumstance}{opening}{action}{thing}{place}{asking}{ending}",
    "{thing}ของ{place} {opening}{action}{circumstance}{asking}{ending}",
    "อยู่{place} {circumstance} {opening}{action}{thing}{asking}{ending}",
)
FOREIGN_THINGS = (
    "หวย",
    "ดวง",
    "ละคร",
    "หุ้น",
    "ทอง",
    "เสื้อผ้ามือสอง",
    "มือถือรุ่นใหม่",
    "ตั๋วเครื่องบิน",
    "คอนโด",
    "รถมือสอง",
    "แมว",
    "ปลาทอง",
)
FOREIGN_ASKING = ("ราคาเท่าไหร่", "อันไหนดี", "ซื้อที่ไหน", "งวดนี้ออกอะไร", "ใครรู้บ้าง", "วันนี้เป็นไง", "แนะนำหน่อย", "ขายยังไง")
NEIGHBOURS = {
    "ก": "ด",
    "ด": "ก",
    "ห": "ฟ",
    "เ": "้",
    "า": "่",
    "่": "า",
    "้": "เ",
    "น": "ร",
    "ร": "น",
    "ท": "ม",
    "ม": "ท",
    "ส": "ว",
    "ง": "ว",
}
FALLING_AWAY = frozenset("่้๊๋์็")


@dataclass(frozen=True)
class Query:
    text: str
    entry: str


def content(size: int, base: Catalogue, *, variants: int = 10, seed: int = 7) -> Catalogue:
    """So many entries; the lexicon and the pack are those of `base`. The same every time for the same arguments."""
    chance = random.Random(seed)  # noqa: S311 - made-up content, nothing secret
    entries = {}
    for entry_id, slots in meanings(size, seed=seed):
        texts: dict[str, None] = {}
        while len(texts) < variants:
            texts[mistype(sentence(slots, chance), chance, share=0.01)] = None
        entries[entry_id] = _entry(entry_id, tuple(texts))
    return replace(
        base,
        entries=dict(sorted(entries.items())),
        out_of_scope=_not_ours(chance, max(size // 20, 40)),
        refusals={"political": ("เลือกพรรคไหนดี", "ใครควรเป็นนายก"), "abuse": ("ไอ้บอตโง่", "ไปไกลๆเลยไอ้บ้า")},
    )


def queries(size: int, count: int, *, seed: int = 7, share: float = 0.04) -> list[Query]:
    """Noisy paraphrases of entries of `content(size, …)` with the same seed; `share` of the letters is mistyped."""
    chance = random.Random(f"queries of {seed}")  # noqa: S311 - made-up load
    known = list(meanings(size, seed=seed))
    picked = (chance.choice(known) for _ in range(count))
    return [Query(mistype(sentence(slots, chance), chance, share=share), entry_id) for entry_id, slots in picked]


def meanings(size: int, *, seed: int) -> Iterator[tuple[str, tuple[Slot, ...]]]:
    """(id, slots) of each entry: all different, no order in them. Raises ValueError beyond what the grammar can say."""
    parts = (THINGS, ACTIONS, PLACES, CIRCUMSTANCES)
    total = len(THINGS) * len(ACTIONS) * len(PLACES) * len(CIRCUMSTANCES)
    if size > total:
        raise ValueError(f"The grammar has {total} meanings, not {size}.")
    for number in random.Random(seed).sample(range(total), size):  # noqa: S311 - made-up content
        places, rest = [], number
        for part in parts:
            rest, place = divmod(rest, len(part))
            places.append(place)
        yield f"made{places[0]:02}.up{number:06}", tuple(part[at] for part, at in zip(parts, places, strict=True))


def sentence(slots: Sequence[Slot], chance: random.Random) -> str:
    thing, action, place, circumstance = (chance.choice(slot) for slot in slots)
    return chance.choice(ORDERS).format(
        thing=thing,
        action=action,
        place=place,
        circumstance=circumstance,
        opening=chance.choice(OPENING),
        asking=chance.choice(ASKING),
        ending=chance.choice(ENDING),
    )


def mistype(text: str, chance: random.Random, *, share: float) -> str:
    """Everyday noise: a letter left out, typed twice, or its neighbour hit instead; a tone mark forgotten."""
    typed = []
    for letter in text:
        hit = chance.random()
        if hit >= share * (3 if letter in FALLING_AWAY else 1):
            typed.append(letter)
        elif letter in FALLING_AWAY or hit < share / 3:
            continue
        else:
            typed.append(NEIGHBOURS.get(letter, letter * 2))
    return "".join(typed)


def _not_ours(chance: random.Random, count: int) -> dict[str, tuple[str, ...]]:
    """Messages that are not ours: far, and near, which ask the same of other things."""

    def foreign() -> str:
        parts = (*OPENING[3:5], chance.choice(FOREIGN_THINGS), chance.choice(FOREIGN_ASKING), chance.choice(ENDING))
        return mistype("".join(parts[chance.randrange(3) :]), chance, share=0.02)

    def near() -> str:
        slots = ((chance.choice(FOREIGN_THINGS),), *(chance.choice(part) for part in (ACTIONS, PLACES, CIRCUMSTANCES)))
        return mistype(sentence(slots, chance), chance, share=0.02)

    return {
        "far": tuple(dict.fromkeys(foreign() for _ in range(count))),
        "near": tuple(dict.fromkeys(near() for _ in range(count))),
    }


def _entry(entry_id: str, variants: tuple[str, ...]) -> Entry:
    return Entry(
        id=entry_id,
        title={"th": variants[0]},
        answer={"th": f"คำตอบของ {entry_id} ค่ะ"},
        details=(),
        unavailable=None,
        actions=(),
        related=(),
        variants=variants,
    )
