"""How much personal data the masker finds, and how often it takes something else for it.

`python -m tests.bot.masking_measured > docs/masking.md` writes the page. Every generator of labelled messages that is
there is measured; what each was to the rules is said beside its name.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import sqrt
from types import ModuleType

from bot.masking import mask, plain

GENERATORS = {
    "personal_mentions": "used while writing the rules",
    "personal_mentions_second": "used while writing the rules, after they had met it unseen",
    "personal_mentions_third": "never seen while writing them",
}
PROMISED = ("phone", "national_id", "email", "line_id", "account", "bank", "long_number")
AS_FAR_AS_RULES_GO = (
    "titled_name", "said_name", "english_name", "passport", "plate", "address", "birth_date", "bare_name",
)  # fmt: skip
DEBATABLE = ("parcel",)
"""Of the look-alikes: the number of a parcel leads to whoever sent it, so it counts neither way."""
AIM = 0.995
SEEDS, EACH = (0, 1, 2), 4_000
MOSTLY_FOUND = 0.9

FIRST_MEASURED = {
    "personal_mentions": {
        "phone": 0.9401, "national_id": 0.9613, "email": 0.9326, "line_id": 0.8340, "account": 0.3745, "bank": 0.3346,
        "long_number": 0.5318, "titled_name": 0.1685, "said_name": 0.1710, "english_name": 0.0, "passport": 0.0,
        "plate": 0.0, "address": 0.0, "birth_date": 0.0, "bare_name": 0.0,
    },
    "personal_mentions_second": {
        "phone": 0.970, "national_id": 1.0, "email": 1.0, "line_id": 1.0, "account": 0.948, "bank": 0.986,
        "long_number": 1.0, "titled_name": 0.708, "said_name": 0.814, "english_name": 0.669, "passport": 0.980,
        "plate": 0.578, "address": 0.764, "birth_date": 0.947, "bare_name": 0.031,
    },
}  # fmt: skip
"""By the rules that were there before their writer had seen the generator."""
FIRST_FALSE_ALARMS = {"personal_mentions": "5.9 %, parcels counted", "personal_mentions_second": "0.7 %"}

_NAMES = ("titled_name", "said_name", "bare_name", "english_name")
_WINDOW = 5


@dataclass
class Share:
    found: int = 0
    of: int = 0
    example: str = ""

    def add(self, *, found: bool, example: str) -> None:
        self.found += found
        self.of += 1
        if not found and not self.example:
            self.example = example

    @property
    def value(self) -> float:
        return self.found / self.of if self.of else 0.0


@dataclass
class Measured:
    kinds: dict[str, Share] = field(default_factory=dict)
    formats: dict[tuple[str, str], Share] = field(default_factory=dict)
    kept: dict[str, Share] = field(default_factory=dict)
    """Look-alikes that were kept, by kind."""

    @property
    def false_alarms(self) -> Share:
        counted = [share for kind, share in self.kept.items() if kind not in DEBATABLE]
        return Share(sum(share.of - share.found for share in counted), sum(share.of for share in counted))


def wilson(share: Share) -> tuple[float, float]:
    """The interval in which the true share lies, 95 times of 100."""
    z, n, p = 1.96, share.of, share.value
    if not n:
        return 0.0, 1.0
    middle, spread = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - spread) / (1 + z * z / n)), min(1.0, (middle + spread) / (1 + z * z / n))


def is_gone(kind: str, secret: str, masked: str) -> bool:
    """Nothing that identifies is left: no word of a name, no five digits in a row of a number."""
    secret = plain(secret)
    if secret in masked:
        return False
    if kind in _NAMES:
        return not any(len(word) > 2 and word in masked for word in re.split(r"[\s.]+", secret))
    digits, left = _digits_of(secret), _digits_of(masked)
    return not any(digits[at : at + _WINDOW] in left for at in range(len(digits) - _WINDOW + 1))


def _digits_of(text: str) -> str:
    return re.sub("[^0-9\n<>ก-๛]", "", text)


def measure(module: ModuleType, *, seeds: tuple[int, ...] = SEEDS, each: int = EACH) -> Measured:
    measured = Measured()
    for seed in seeds:
        for mention in module.mentions(seed, each):
            found = is_gone(mention.kind, mention.secret, mask(mention.text))
            by_kind = measured.kinds.setdefault(mention.kind, Share())
            by_format = measured.formats.setdefault((mention.kind, mention.format), Share())
            for share in (by_kind, by_format):
                share.add(found=found, example=mention.text)
        for look_alike in module.look_alikes(seed, each):
            kept = plain(look_alike.keep) in mask(look_alike.text)
            measured.kept.setdefault(look_alike.kind, Share()).add(found=kept, example=look_alike.text)
    return measured


def generators() -> Iterator[tuple[str, ModuleType]]:
    for name in GENERATORS:
        if importlib.util.find_spec(f"tests.bot.{name}"):
            yield name, importlib.import_module(f"tests.bot.{name}")


def not_found(measured: Measured) -> list[str]:
    """The formats of which the masker misses more than one in ten."""
    return [f"{kind}: {form}" for (kind, form), share in sorted(measured.formats.items()) if share.value < MOSTLY_FOUND]


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _row(name: str, share: Share, *, more: str = "") -> str:
    low, high = wilson(share)
    return f"| {name} | {share.of:,} | {_percent(share.value)} | {_percent(low)} to {_percent(high)} |{more}"


def _kinds_table(name: str, measured: Measured) -> list[str]:
    first = FIRST_MEASURED.get(name)
    lines = ["| kind | messages | found | 95 % interval |" + (" blind, at first |" if first else "")]
    lines.append("|---|---|---|---|" + ("---|" if first else ""))
    for kind in (*PROMISED, *AS_FAR_AS_RULES_GO, *sorted(set(measured.kinds) - {*PROMISED, *AS_FAR_AS_RULES_GO})):
        if kind in measured.kinds:
            blind = f" {_percent(first[kind])} |" if first else ""
            promised = f"**{kind}**" if kind in PROMISED else kind
            lines.append(_row(promised, measured.kinds[kind], more=blind))
    return lines


def _false_alarms(name: str, measured: Measured) -> list[str]:
    all_of_them = measured.false_alarms
    low, high = wilson(all_of_them)
    at_first = f" Blind, at first: {FIRST_FALSE_ALARMS[name]}." if name in FIRST_FALSE_ALARMS else ""
    summary = (
        f"False alarms: {_percent(all_of_them.value)} of {all_of_them.of:,} look-alikes"
        f" ({_percent(low)} to {_percent(high)}), parcels left out.{at_first} Kinds with any:"
    )
    lines = [
        summary,
        "",
        "| kind of look-alike | messages | kept | 95 % interval |",
        "|---|---|---|---|",
    ]
    rows = [_row(kind, share) for kind, share in sorted(measured.kept.items()) if share.found < share.of]
    return [*lines, *(rows or ["| none | | | |"])]


def _section(name: str, measured: Measured) -> list[str]:
    formats = [
        _row(f"{kind}: {form}", share, more=f" `{_short(share.example)}` |")
        for (kind, form), share in sorted(measured.formats.items())
        if share.found < share.of
    ]
    return [
        f"## Measured on `{name}` ({GENERATORS[name]})", "", _aim_met(measured), "", *_kinds_table(name, measured), "",
        *_false_alarms(name, measured), "",
        "### Formats that are not always found", "",
        "| format | messages | found | 95 % interval | for example |", "|---|---|---|---|---|", *formats, "",
        f"### Not masked, of `{name}`", "",
        "Of these formats more than one in ten stays as it was written:", "",
        *_by_kind(not_found(measured)), "",
    ]  # fmt: skip


def _by_kind(formats: list[str]) -> list[str]:
    kinds: dict[str, list[str]] = {}
    for line in formats:
        kind, _, form = line.partition(": ")
        kinds.setdefault(kind, []).append(form)
    return [f"- {kind}: {', '.join(forms)}" for kind, forms in kinds.items()] or ["- none"]


def _aim_met(measured: Measured) -> str:
    below = [kind for kind in PROMISED if kind in measured.kinds and measured.kinds[kind].value < AIM]
    if not below:
        return f"The aim of {_percent(AIM)} is met for every kind in bold."
    short = ", ".join(f"{kind} ({_percent(measured.kinds[kind].value)})" for kind in below)
    return f"**The aim of {_percent(AIM)} is not met** for {short}; it is for the other kinds in bold."


def _short(example: str) -> str:
    return " ".join(example.replace("|", "/").replace("`", "'").split())[:70]


INTRODUCTION = """# Masking

Written by `python -m tests.bot.masking_measured > docs/masking.md`; the rules are in `bot/masking/`.

Every message is masked before it is kept for longer than a turn, and so is everything that is logged. Masking finds
patterns. It has no list of names, and it misses things: a masked text is still handled with care, and nothing here makes
a text anonymous.

## What is masked

| what | becomes | how it is known |
|---|---|---|
| telephone numbers, Thai and with a country's number | `<เบอร์โทร>` | digits and how they begin, in any grouping, also over a line break; a letter O for a 0; spelt out in words from ศูนย์ on |
| national ids, also of people without nationality, right or wrong | `<เลขบัตร>` | thirteen digits |
| e-mail addresses | `<อีเมล>` | the @, also with blanks around it, `(at)`, or spelt out before a well-known provider |
| ids that LINE gives | `<ไอดีไลน์>` | U, C or R and 32 hexadecimal digits |
| names of accounts: LINE, Facebook, Instagram, TikTok and so on | `<ชื่อบัญชี>` | a cue word before them, or the address of a profile; after ชื่อไลน์, ไลน์ชื่อ, เฟสชื่อ and the like also one or two Thai words |
| bank accounts, cards, house codes | `<ตัวเลข>` | ten, eleven, twelve or sixteen digits in the groupings in use; nine digits and more without any; any grouping of ten digits and more beside โอน, บัญชี or a bank's name |
| licences, land deeds, numbers of patients, students, customers | `<ตัวเลข>` | a cue word before at least five digits |
| passports | `<พาสปอร์ต>` | a cue word before or just behind them; two capitals and seven digits also without one |
| dates of birth | `<วันเกิด>` | a date after เกิด, วันเกิด, born and the like; after วันเกิด also with a few words between |
| plates of vehicles | `<ทะเบียนรถ>` | after ทะเบียน or รถ; letters that are no word with digits, where a digit stands before them, a province behind, or the message is about a vehicle |
| house, village and lane | `<ที่อยู่>` | the numbers after บ้านเลขที่, or before a place, with the street; the place's name stays |
| names after a title | `<ชื่อ>` | after นาย, นาง, นางสาว, น.ส., ด.ช., ด.ญ., ranks, ดร., Teacher; after ครู, พระ, คุณ, ลุง, พี่ and the like only a given name with a surname |
| names that are said to be names | `<ชื่อ>` | after ชื่อ (also จื้อ, ซื่อ), ชื่อ-สกุล, ผมชื่อ, ชื่อเดิม, นามสกุล, Mr., Ms. (two words also in small letters), my name is |

In bold in the tables below: the kinds that masking is for. The aim is to find at least 99.5 % of them, with at most 2 %
false alarms; where messages of a new kind show less, the table says so. The rest is done as well as a rule can do it
without a list of names, and nothing is promised of it.

## What is not masked

- **A name by itself** (`สมัครให้ มาลี ใจดี`, `Malee Jaidee`): without a list of names nothing tells it from other words.
- **A given name or a nickname alone** after คุณ, ครู, พี่ and the like: `คุณครู`, `คุณภาพ`, `คุณช่วย` look the same.
- A passport in small letters, a house number or a date of birth **without its cue word**, or with it far behind; a
  plate that follows a Thai word without a blank, or whose letters are also a word (`ขอ 500`).
- A house number with a line that could be a day (`12/3 หมู่บ้าน…`) without a cue word.
- A number that is broken inside a group by the end of a line, or an account in two groups without a bank's name.
- A number that somebody spells in an unusual way (letters for digits other than O, digits with words between them).
- The last digits of a card or an account, fewer than nine digits without a cue word.
- What a text says about somebody without naming them: a village, an illness, a case everybody knows.

## What is kept on purpose

Published short numbers (191, 1669, 1323 and the like) and numbers free of charge (1800); money, people and other things
that are counted (ten digits before บาท, ล้าน, คน); dates and times; years; book numbers (978 or 979 and ten digits);
numbers of projects, contracts, letters and receipts after their cue word, unless they look like a telephone or identity
number; accounts of offices (`ไลน์ศูนย์ @…`, `เพจ อบต. …`); offices and professions after a title (นายอำเภอ, นายทุน,
ครูอาสา). Parcels (letters, nine digits or more, letters) are kept; whether they should be is debatable, so they are left
out of the figure for false alarms.

In the logs numbers are treated as in messages and more strictly, in English placeholders; only digits inside ids that
machines give stay (seventeen digits and more, or digits beside Latin letters).

## How it is measured

Generators write labelled messages as citizens type them, with glued words, misspellings, Thai digits and blanks; each
was written by somebody who had not seen the masker. A mention counts as found only if no word of a name and no five
digits in a row of a number are left. A look-alike counts as kept only if it stands there as it was written. `Blind, at
first` is what the rules of that day did on their first sight of the generator; it was then used to better them, so that
its figures of today are kinder than life, and the first ones are nearer to what a new way of writing meets. A generator that nobody looks at while changing the rules is the better judge.
"""  # noqa: E501 the rows of a table


def page() -> str:
    lines = [INTRODUCTION]
    for name, module in generators():
        lines += _section(name, measure(module))
    return "\n".join(lines).rstrip() + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
