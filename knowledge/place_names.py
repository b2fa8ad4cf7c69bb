"""Names of places as people write them: what an address says of district and province, by its markers first."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from knowledge.geography import Geography
from knowledge.pack import Pack
from knowledge.thai import normalise, skeleton

CAPITAL = ("เมือง", "mueang", "muang")
"""Every province has a district of this name; which one is meant depends on the province."""
LONG_ENOUGH = 5
"""Letters from which on a marked name may run into the next word: อ.พานทอง is not พาน."""
MOST_WORDS = 5
_PART = re.compile(r"[,;|/\n\r()\[\]]+")
_THAI = re.compile(r"[\u0e00-\u0e7f]")
_BEFORE = re.compile(
    r"(?P<district>(?:กิ่ง ?)?(?:อำเภอ|อำเพอ|อัมเภอ)|(?<!\.)อ ?\.|(?<![^ ])อ(?= )"
    r"|\b(?:amphoe|amphur|amphor|ampur)\b|\ba ?\.)"
    r"|(?P<part>ตำบล|แขวง|(?<!\.)ต ?\.|\b(?:tambon|tambol|khwaeng)\b|\bt ?\.)"
    r"|(?P<province>จังหวัด|(?<!\.)จ ?\.|\bchang ?wat\b)"
    r"|(?P<street>หมู่ที่|หมู่|(?<!\.)ม ?\.|ถนน|(?<!\.)ถ ?\.|ซอย|(?<!\.)ซ ?\.)"
)
_AFTER = re.compile(r"\b(?P<part>sub ?district)\b|\b(?P<district>district)\b|\b(?P<province>province)\b")
_COUNTRY = ("ประเทศไทย", "ไทย", "thailand", "th")
_POSTAL_CODE = re.compile(r"[1-9][0-9]{4}")


@dataclass
class Heard:
    """What an address says. `named` were marked as districts; `hinted` are only likely."""

    named: set[str] = field(default_factory=set)
    hinted: set[str] = field(default_factory=set)
    ours: bool = False
    elsewhere: bool = False
    capital_of_some_province: bool = False
    """Only "the district of the capital" was named, and not of which province."""
    another_district: bool = False
    """A district is named that is none of ours, or one of ours misspelt."""


@dataclass(frozen=True)
class _Part:
    """The words between two markers: `mark` says what they name, and whether the mark stood before them."""

    mark: str | None
    before: bool
    words: tuple[str, ...]


class AddressReader:
    """Reads addresses in Thai and English. Unchanging, so threads may share it."""

    def __init__(self, pack: Pack) -> None:
        geography = pack.geography or Geography("", {}, {})
        self._province = frozenset(sound(name) for name in pack.province.values()) - {""}
        self._elsewhere = frozenset(map(sound, (*geography.neighbours, *geography.elsewhere))) - {"", *self._province}
        self._districts = {sound(form): name for name, forms in spellings(pack).items() for form in forms}
        self._capital = capital(pack)
        self._capital_sounds = frozenset(map(sound, CAPITAL)) if self._capital else frozenset()
        self._sub_districts = {sound(name): owner for name, owner in sub_districts(geography).items() if owner}
        self._postal_prefix = geography.postal_prefix
        self._postal_codes: Mapping[str, set[str]] = defaultdict(set)
        for name, area in geography.districts.items():
            for code in area.postal_codes:
                self._postal_codes[code].add(name)
        self._look_alikes = tuple(sorted((normalise(text) for text in geography.look_alikes), key=len, reverse=True))

    def read(self, address: str) -> Heard:
        heard = Heard()
        parts = [self._without_look_alikes(normalise(part)) for part in _PART.split(address[:1_000])]
        words, code = _without_country(part.split() for part in parts if part)
        for line in words:
            for part in _split(" ".join(line)):
                self._hear(part, heard)
        if code and self._postal_prefix:
            self._hear_postal_code(code, heard)
        if heard.ours:
            heard.capital_of_some_province = False
        return heard

    def _without_look_alikes(self, text: str) -> str:
        for look_alike in self._look_alikes:
            text = text.replace(look_alike, " ")
        return text

    def _hear_postal_code(self, code: str, heard: Heard) -> None:
        if code.startswith(self._postal_prefix):
            heard.ours = True
            delivered = self._postal_codes.get(code, set())
            heard.hinted = (heard.hinted & delivered) or heard.hinted or set(delivered)
        elif not heard.ours:
            heard.elsewhere = True

    def _hear(self, part: _Part, heard: Heard) -> None:
        left = part.words
        if part.mark == "district":
            left = self._hear_district(part, heard)
        elif part.mark == "province":
            left = self._hear_province(part, heard)
        elif part.mark == "part":
            found = _find(part, self._sub_districts)
            if found:
                heard.hinted.add(found[0])
            left = part.words[found[1] if found else 1 :] if part.before else ()
        elif part.mark == "street":
            left = part.words[1:]
        self._hear_bare(left, heard, alone=len(left) == len(part.words))

    def _hear_district(self, part: _Part, heard: Heard) -> tuple[str, ...]:
        found = _find(part, self._districts, follow=self._province)
        if found:
            heard.named.add(found[0])
            return part.words[found[1] :] if part.before else ()
        whole = sound("".join(part.words))
        for prefix in self._capital_sounds:
            rest = whole.removeprefix(prefix)
            if rest == whole:
                continue
            if rest == "" or rest.startswith(tuple(self._province)) or sound(part.words[0]) == prefix:
                heard.named.add(self._capital or "")
                heard.capital_of_some_province = True
                return part.words[1:]
        heard.another_district = True
        if any(whole.endswith(name) and len(name) >= LONG_ENOUGH for name in self._elsewhere):
            heard.elsewhere = True
        return part.words[1:] if part.before else ()

    def _hear_province(self, part: _Part, heard: Heard) -> tuple[str, ...]:
        ours, elsewhere = dict.fromkeys(self._province, "ours"), dict.fromkeys(self._elsewhere, "elsewhere")
        found = _find(part, {**elsewhere, **ours})
        if found:
            heard.ours |= found[0] == "ours"
            heard.elsewhere |= found[0] == "elsewhere"
            return part.words[found[1] :] if part.before else ()
        return part.words

    def _hear_bare(self, words: Sequence[str], heard: Heard, *, alone: bool) -> None:
        """Names without a marker. Those that are all there is between two commas count, others are only likely."""
        if alone and len(words) == 1 and sound(words[0]) in self._capital_sounds:
            heard.named.add(self._capital or "")
            heard.capital_of_some_province = True
        start = 0
        while start < len(words):
            taken = 1
            for count in range(min(MOST_WORDS, len(words) - start), 0, -1):
                name, rest = self._known(sound("".join(words[start : start + count])))
                if name:
                    taken = count
                    last = all(sound(word) in self._province for word in words[start + count :])
                    self._note(name, heard, whole=alone and start == 0 and last, last=last)
                    heard.ours |= rest in self._province
                    break
            start += taken

    def _known(self, whole: str) -> tuple[str, str]:
        """A name that is all of `whole`, or all but the province after it."""
        for name in (whole, *(whole.removesuffix(province) for province in self._province)):
            if name in self._districts or name in self._province or name in self._elsewhere:
                return name, whole.removeprefix(name)
        return "", ""

    def _note(self, name: str, heard: Heard, *, whole: bool, last: bool) -> None:
        if name in self._districts:
            (heard.named if whole else heard.hinted).add(self._districts[name])
        elif name in self._province:
            heard.ours = True
        elif last:
            heard.elsewhere = True


def sound(text: str) -> str:
    """A name as it sounds, without spaces and dots: for comparing what people spell in many ways."""
    return skeleton(normalise(text)).replace(" ", "").replace(".", "")


def spellings(pack: Pack) -> dict[str, tuple[str, ...]]:
    """Every known way to write each district's name."""
    areas = pack.geography.districts if pack.geography else {}
    return {
        district.id: (*district.name.values(), *(areas[district.id].also if district.id in areas else ()))
        for district in pack.districts
    }


def capital(pack: Pack) -> str | None:
    """The district named after the province."""
    name = CAPITAL[0] + pack.province.get("th", "")
    return next((district.id for district in pack.districts if district.name.get("th") == name), None)


def sub_districts(geography: Geography) -> dict[str, str | None]:
    """The district of each sub-district; None where several have one of that name."""
    owners: dict[str, str | None] = {}
    for name, area in geography.districts.items():
        for point in area.points:
            owners[point.name] = name if point.name not in owners else None
    for points in geography.neighbours.values():
        owners.update({point.name: None for point in points})
    return owners


def _find(part: _Part, names: Mapping[str, str], *, follow: Iterable[str] = ()) -> tuple[str, int] | None:
    """The name that the part begins with (or, before a mark, ends with), and how many words it took."""
    if not part.before:
        ends = ((sound("".join(part.words[start:])), len(part.words)) for start in range(len(part.words)))
        return next(((names[end], count) for end, count in ends if end in names), None)
    ends_of_words = [sound("".join(part.words[:count])) for count in range(1, min(MOST_WORDS, len(part.words)) + 1)]
    for count in range(len(ends_of_words), 0, -1):
        if ends_of_words[count - 1] in names:
            return names[ends_of_words[count - 1]], count
    first = ends_of_words[0] if ends_of_words else ""
    for name in sorted(names, key=len, reverse=True):
        rest = first.removeprefix(name)
        if rest != first and (len(name) >= LONG_ENOUGH or not _THAI.match(rest) or rest.startswith(tuple(follow))):
            return names[name], 1
    return None


def _split(text: str) -> Iterator[_Part]:
    """The parts of a line of an address, by the markers in it."""
    start, mark = 0, None
    for match in [*_BEFORE.finditer(text), None]:
        end = match.start() if match else len(text)
        yield from _split_after(text[start:end], mark)
        if match:
            start, mark = match.end(), match.lastgroup


def _split_after(text: str, mark: str | None) -> Iterator[_Part]:
    start = 0
    for match in _AFTER.finditer(text):
        words = tuple(text[start : match.start()].split())
        if words:
            yield _Part(match.lastgroup, before=False, words=words)
        start, mark = match.end(), None
    words = tuple(text[start:].split())
    if words:
        yield _Part(mark, before=True, words=words)


def _without_country(lines: Iterable[list[str]]) -> tuple[list[list[str]], str]:
    """The lines of an address less postal code and "Thailand", and the postal code, if there is one at a line's end."""
    kept, code = [], ""
    for line in lines:
        words = list(line)
        while words and (words[-1] in _COUNTRY or _POSTAL_CODE.fullmatch(words[-1])):
            last = words.pop()
            code = last if last not in _COUNTRY else code
        if words and (tail := re.search(r"(?<![0-9])([1-9][0-9]{4})$", words[-1])) and not words[-1].isdigit():
            code, words[-1] = tail[1], words[-1][: tail.start()]
        kept.append(words)
    return [line for line in kept if line], code
