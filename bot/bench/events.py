"""Events as LINE sends them, made up for a load."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Sequence

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

QUESTIONS = (
    "ศูนย์อยู่ที่ไหนคะ", "เปิดกี่โมง", "มีกิจกรรมอะไรบ้าง", "ขอเบอร์ติดต่อหน่อยครับ", "โรงเรียนอยากให้ไปอบรมต้องทำยังไง",
    "สื่ออาสาคืออะไร", "ศตจ.ปชช. ช่วยอะไรได้บ้าง", "อยากเป็นอาสาสมัคร", "สวัสดีค่ะ", "วันนี้ฝนตกไหม",
    "มีกี่ชาติพันธุ์", "เวทีแลกเปลี่ยนเรียนรู้คืออะไร", "บ้านน้ำท่วม คุยเรื่องนี้ได้ที่เวทีไหน", "ขอบคุณค่ะ",
)  # fmt: skip


def ulid(moment_ms: int) -> str:
    """A ULID: 48 bits of time, 80 bits of chance, in Crockford's base 32."""
    number = moment_ms << 80 | secrets.randbits(80)
    return "".join(CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


def text_event(user_id: str, text: str, *, number: int) -> dict[str, object]:
    now_ms = int(time.time() * 1000)
    return {
        "type": "message",
        "mode": "active",
        "timestamp": now_ms,
        "source": {"type": "user", "userId": user_id},
        "webhookEventId": ulid(now_ms),
        "deliveryContext": {"isRedelivery": False},
        "replyToken": secrets.token_hex(16),
        "message": {"type": "text", "id": str(500_000_000_000_000_000 + number), "quoteToken": "q", "text": text},
    }


def people(count: int) -> list[str]:
    return [f"U{number:032x}" for number in range(1, count + 1)]


def conversation(count: int, user_ids: Sequence[str], *, seed: int = 1) -> list[dict[str, object]]:
    """So many questions, from these people in no particular order."""
    chance = random.Random(seed)  # noqa: S311 - made-up load, nothing secret
    return [text_event(chance.choice(user_ids), chance.choice(QUESTIONS), number=number) for number in range(count)]
