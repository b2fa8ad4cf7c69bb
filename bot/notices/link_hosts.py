"""Hosts of addresses: which are allowed, and which only look as if they were."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

import regex

from bot.notices.link_lists import LOOKS_LIKE, SHORTENERS

LONGEST = 253
_NOT_IN_HOSTS = regex.compile(r"[^\p{L}\p{M}\p{N}.\-]|\p{Default_Ignorable_Code_Point}")
_HOST = re.compile(r"(?=.{1,253}$)[a-z0-9_][a-z0-9_-]*(?:\.[a-z0-9_][a-z0-9_-]*)*")
_NUMBER = re.compile(r"(?:0x[0-9a-f]*|[0-9]+)")


def is_allowed(host: str, domains: Collection[str]) -> bool:
    """It is one of them, or below one. A Thai host counts by its ASCII form, and only where it is written plainly:
    wide letters, which a browser reads as others, are a disguise."""
    if not host.isascii():
        host = _ascii_form(host)
    if not _HOST.fullmatch(host):
        return False
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


def is_shortener(host: str) -> bool:
    labels = host.split(".")
    return any(".".join(labels[-count:]) in SHORTENERS for count in (2, 3, 4))


def is_a_number(host: str) -> bool:
    """An IP address, in any of the ways in which browsers take one."""
    return host.startswith("[") or _NUMBER.fullmatch(host.rpartition(".")[2]) is not None


def looks_like_allowed(host: str, domains: Collection[str]) -> bool:
    return _HOST.fullmatch(host) is not None and any(_looks_like(host, domain) for domain in domains)


def _looks_like(host: str, domain: str) -> bool:
    """`centre.go.th.evil.com`, `my-centre.go.th`, `centre-go.th`; one letter more, less or other; `centre` with a 1."""
    labels, wanted = re.split(r"[.-]", host), re.split(r"[.-]", domain)
    if any(labels[begin : begin + len(wanted)] == wanted for begin in range(len(labels) - len(wanted) + 1)):
        return True
    skeleton = _skeleton(domain)
    count = domain.count(".") + 1
    endings = {host, *(".".join(host.split(".")[-some:]) for some in (count - 1, count, count + 1) if some > 0)}
    return any(_skeleton(ending) == skeleton or _is_a_slip(ending, domain) for ending in endings)


def _is_a_slip(one: str, other: str) -> bool:
    """Whether they differ by one letter, or by two that have changed places."""
    if abs(len(one) - len(other)) > 1:
        return False
    same = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    first, second = one[same:], other[same:]
    if len(one) != len(other):
        return first[1:] == second or first == second[1:]
    return first[1:] == second[1:] or (first[:2] == second[1::-1] and first[2:] == second[2:])


@lru_cache(maxsize=512)
def _skeleton(host: str) -> str:
    for seen, meant in LOOKS_LIKE:
        host = host.replace(seen, meant)
    return host


def _ascii_form(host: str) -> str:
    """Empty where there is none, or where the host is not written as plainly as it can be."""
    plainly = unicodedata.normalize("NFKC", host).replace("ํา", "ำ") == host
    if not plainly or len(host) > LONGEST or _NOT_IN_HOSTS.search(host):
        return ""
    try:
        written = host.encode("idna").decode()
    except UnicodeError:
        return ""
    return written if "xn--" in written else ""
