"""Small real media: a picture, a film, a sound and a document, each a few hundred bytes in its own format."""

from __future__ import annotations

import struct
import zlib

SIDE = 96


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


def make_film() -> bytes:
    """An MP4 file with nothing to see in it."""
    return _box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41") + _box(b"free", b"") + _box(b"mdat", bytes(64))


def make_sound() -> bytes:
    """An M4A file with nothing to hear in it."""
    return _box(b"ftyp", b"M4A \x00\x00\x02\x00M4A isomiso2") + _box(b"mdat", bytes(32))


def make_document() -> bytes:
    """A PDF of one empty page."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _box(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data) + 8) + kind + data
