"""Pictures that people have sent, to be fetched by their message id."""

from __future__ import annotations

import struct
import threading
import zlib

CONTENTS_KEPT = 500
SIDE = 96


class Contents:
    """Safe to share between threads. The oldest pictures are gone, as they are at LINE."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pictures: dict[str, bytes] = {}
        self._gone: dict[str, None] = {}

    def reset(self) -> None:
        with self._lock:
            self._pictures = {}
            self._gone = {}

    def keep(self, message_id: str, picture: bytes) -> None:
        with self._lock:
            self._pictures[message_id] = picture
            if len(self._pictures) > CONTENTS_KEPT:
                self._let_go(next(iter(self._pictures)))

    def drop(self, message_id: str) -> None:
        """A message that was taken back has no content any more."""
        with self._lock:
            if message_id in self._pictures:
                self._let_go(message_id)

    def _let_go(self, message_id: str) -> None:
        del self._pictures[message_id]
        self._gone[message_id] = None
        if len(self._gone) > CONTENTS_KEPT:
            del self._gone[next(iter(self._gone))]

    def find(self, message_id: str) -> bytes | None:
        return self._pictures.get(message_id)

    def is_gone(self, message_id: str) -> bool:
        return message_id in self._gone


def draw_picture(seed: int) -> bytes:
    """A small PNG: a green hill under a sky whose colour depends on the seed."""
    sky = (120 + seed * 37 % 100, 170 + seed * 17 % 60, 235)
    rows = bytearray()
    for y in range(SIDE):
        rows.append(0)
        for x in range(SIDE):
            on_hill = y > SIDE * 0.55 + ((x - SIDE / 2) ** 2) / (SIDE * 1.4)
            in_sun = (x - SIDE * 0.75) ** 2 + (y - SIDE * 0.25) ** 2 < (SIDE * 0.12) ** 2
            rows.extend((88, 150, 96) if on_hill else (250, 214, 110) if in_sun else sky)
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        (_chunk(b"IHDR", header), _chunk(b"IDAT", zlib.compress(bytes(rows))), _chunk(b"IEND", b""))
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
