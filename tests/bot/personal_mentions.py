"""Labelled messages as citizens type them, to measure a masker of personal data.

`mentions` holds what must not survive, `look_alikes` what resembles it and must be kept. Both were written from what
people type, not from any masker. Double brackets in a template mark the labelled part; without them it is the whole.
`#` is any digit, `^` one from 1 to 9, a bar a line break; a leading `~` asks for Thai digits, `=` for full-width ones,
`!` for a national id with a valid check digit, `?` for one typed wrong.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count as count_up
from itertools import islice
from random import Random

from tests.bot import personal_words as words
from tests.bot.personal_words import PLACEHOLDER, THAI, Voice, frames, is_english

_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
_FULL_WIDTH_DIGITS = str.maketrans("0123456789", "０１２３４５６７８９")
_INNER_GAP = re.compile(r"(?<=[ก-ฺเ-๎]) (?=\S)|(?<=\S) (?=[ก-ฺเ-๎])")
_AT_END = re.compile(r"\{x\} ?(\{p\})?$")
_TRIES = 1_000


@dataclass(frozen=True)
class Mention:
    kind: str
    format: str
    text: str
    secret: str


@dataclass(frozen=True)
class LookAlike:
    kind: str
    text: str
    keep: str


@dataclass(frozen=True)
class _Shape:
    kind: str
    format: str
    template: str
    frames: tuple[str, ...]


def _shapes(kind: str, frame_key: str, table: str) -> list[_Shape]:
    rows = (row.split(" = ", 1) for row in frames(table))
    return [_Shape(kind, name, template, words.FRAMES[frame_key]) for name, template in rows]


def _looks(frame_key: str, templates: str) -> list[_Shape]:
    kind = frame_key.partition(".")[0]
    return [_Shape(kind, template, template, words.LOOK_ALIKE_FRAMES[frame_key]) for template in frames(templates)]


_MENTIONS: tuple[_Shape, ...] = (
    *_shapes("phone", "phone", """mobile_plain = {mob}####### ¦ mobile_dashes = {mob}-###-####
        mobile_one_dash = {mob}-####### ¦ mobile_late_dash = {mob}###-#### ¦ mobile_2_4_4 = 0{m1}-####-####
        mobile_long_dash = {mob}–###–#### ¦ mobile_dots = {mob}.###.#### ¦ mobile_spaces = {mob} ### ####
        mobile_two_spaces = {mob}  ###  #### ¦ mobile_in_twos = {mob} ## ## ###
        mobile_spaced_dashes = {mob} - ### - #### ¦ mobile_slashes = {mob}/###/####
        mobile_brackets = ({mob}) ###-#### ¦ mobile_thai_digits = ~{mob}#######
        mobile_thai_digits_dashes = ~{mob}-###-#### ¦ mobile_full_width = ={mob}#######
        mobile_full_width_dashes = ={mob}-###-#### ¦ mobile_zero_width = {mob}\u200b###\u200b####
        mobile_letter_o = O{m1}#-###-#### ¦ landline_bangkok = 02-###-#### ¦ landline_bangkok_plain = 02#######
        landline_dashes = 0{l}-###-### ¦ landline_plain = 0{l}###### ¦ landline_2_4_3 = 0-{l}##-####
        landline_brackets = (0{l}) ###### ¦ landline_extension = ⟦0{l}-######⟧ ต่อ ^##
        landline_range = ⟦0{l}-######⟧-# ¦ landline_thai_digits = ~0{l} ###### ¦ plus66 = +66{m1}########
        plus66_spaces = +66 {m1}# ### #### ¦ plus66_dashes = +66-{m1}#-###-#### ¦ plus66_zero = +66(0){m1}#-###-####
        plus66_landline = +66 53 ### ### ¦ 0066 = 0066{m1}######## ¦ 0066_spaces = 00 66 {m1}# ### ####
        66_plain = 66{m1}######## ¦ 66_dashes = 66-{m1}#-####### ¦ word_before = โทร ⟦{mob}-### ####⟧
        tel_before = tel.⟦{mob}#######⟧ ¦ call_before = เบอร์โทร⟦{mob}-#######⟧ ¦ glued_after = ⟦{mob}#######⟧{end}
        glued_both = เบอร์⟦{mob}#######⟧{glue} ¦ glued_dashes = โทร⟦{mob}-###-####⟧{end}"""),
    *_shapes("phone", "phone.pair", """second_or = {o} หรือ ⟦{mob}-###-####⟧ ¦ second_comma = {o},⟦{mob}#######⟧
        second_slash = {o}/⟦{mob}#######⟧ ¦ second_space = {o} ⟦{mob}#######⟧ ¦ second_landline = {o} กับ ⟦0{l}-######⟧
        second_line = {o}|⟦{mob}-#######⟧"""),
    *_shapes("national_id", "national_id", """plain = !{n}############ ¦ dashes = !{n}-####-#####-##-#
        spaces = !{n} #### ##### ## # ¦ two_spaces = !{n}  ####  #####  ##  # ¦ dots = !{n}.####.#####.##.#
        thai_digits = ~!{n}############ ¦ thai_digits_dashes = ~!{n}-####-#####-##-# ¦ full_width = =!{n}############
        zero_width = !{n}\u200b####\u200b#####\u200b##\u200b# ¦ glued = !บัตร⟦{n}############⟧{end}
        glued_dashes = !เลข⟦{n}-####-#####-##-#⟧{end} ¦ wrong_plain = ?{n}############
        wrong_dashes = ?{n}-####-#####-##-# ¦ wrong_spaces = ?{n} #### ##### ## # ¦ stateless_plain = !0############
        stateless_dashes = !0-####-#####-##-# ¦ odd_groups = !{n}### #### #####
        after_phone = !{o} ⟦{n}############⟧"""),
    *_shapes("email", "email", """plain = {lat}##@{mail} ¦ dots = {lat}.{lats}@{mail} ¦ plus = {lat}+news@gmail.com
        underscore = {lat}_##@{mail} ¦ dash = {lat}-{lats}@{mail} ¦ subdomain = {lat}.{lat3}@student.crru.ac.th
        office = {lat}.{lat3}@mail.moi.go.th ¦ upper = {LAT}##@GMAIL.COM ¦ mixed_case = {Lat}.{Lats}@Gmail.com
        glued_before = เมล⟦{lat}##@{mail}⟧ ¦ glued_after = ⟦{lat}.{lats}@{mail}⟧{end}
        glued_both = อีเมล⟦{lat}##@{mail}⟧ใช้อยู่ ¦ spaced_at = {lat}## @{mail}
        second = {lat}@{mail} หรือ ⟦{lats}##@{mail}⟧ ¦ in_brackets = <⟦{lat}.{lats}@{mail}⟧>"""),
    *_shapes("line_id", "line_id", """plain = U{hex} ¦ glued_before = ไอดี⟦U{hex}⟧ ¦ glued_after = ⟦U{hex}⟧{end}
        quoted = "⟦U{hex}⟧" ¦ colon = line:⟦U{hex}⟧ ¦ upper = U{HEX}"""),
    *_shapes("account", "account", """id_line_thai = ไอดีไลน์ ⟦{h}⟧ ¦ id_line_thai_colon = ไอดีไลน์: ⟦{h}⟧
        id_line_thai_glued = ไอดีไลน์⟦{h}⟧ ¦ line_id = line id ⟦{h}⟧ ¦ line_id_colon = Line ID : ⟦{h}⟧
        line_id_short = id:⟦{h}⟧ ¦ line = ไลน์ ⟦{h}⟧ ¦ line_glued = ไลน์⟦{h}⟧ ¦ line_is = ไลน์{i}คือ ⟦{h}⟧
        line_at = ไลน์ ⟦@{h}⟧ ¦ line_misspelt = ลาย ⟦{h}⟧ ¦ line_misspelt_id = ไอดีลาย ⟦{h}⟧ ¦ add_line = แอดไลน์ ⟦{h}⟧
        line_url = line.me/ti/p/~⟦{h}⟧ ¦ ig = IG ⟦{h}⟧ ¦ ig_colon = ig:⟦{h}⟧ ¦ ig_thai = ไอจี ⟦{h}⟧ ¦ ig_at = ไอจี⟦@{h}⟧
        facebook_handle = เฟส ⟦{h}⟧ ¦ facebook_latin_name = เฟส ⟦{Name}⟧ ¦ facebook_thai_name = เฟสชื่อ ⟦{m}⟧
        facebook_short = fb: ⟦{Name}⟧ ¦ facebook_url = facebook.com/⟦{lat}.{lats}.##⟧ ¦ tiktok = tiktok ⟦@{h}⟧"""),
    *_shapes("bank", "bank", """ten_dashes = ###-#-#####-# ¦ ten_one_dash = ###-####### ¦ ten_plain = ^#########
        ten_plain_zero = 0{l5}######## ¦ ten_spaces = ### # ##### # ¦ ten_thai_digits = ~###-#-#####-#
        ten_glued = บัญชี⟦^#########⟧{end} ¦ ten_dashes_glued = เลขที่⟦###-#-#####-#⟧{end} ¦ twelve_dashes = 0200-####-####
        twelve_dashes_short = 020-#-######## ¦ twelve_plain = 0{l5}########## ¦ twelve_spaces = 0{l5}## #### ####
        twelve_thai_digits = ~01-###-#-#####-#"""),
    *_shapes("long_number", "long_number", """card_plain = เลขบัตรเครดิต ⟦4###############⟧
        card_spaces = บัตร ⟦5### #### #### ####⟧ ¦ card_dashes = บัตรเดบิต ⟦4###-####-####-####⟧
        house_code_plain = รหัสประจำบ้าน ⟦57#########⟧ ¦ house_code_dashes = เลขรหัสบ้าน ⟦57##-######-#⟧
        student_code = รหัสนักศึกษา ⟦6#########⟧ ¦ electricity = หมายเลขผู้ใช้ไฟ ⟦0200########⟧
        water = เลขผู้ใช้น้ำ ⟦12#########⟧ ¦ hospital_number = HN ⟦0######⟧ ¦ driving_licence = ใบขับขี่เลขที่ ⟦5#######⟧
        imei = imei ⟦35#############⟧ ¦ application_code = รหัสผู้ลงทะเบียน ⟦##########⟧
        thai_digits = ~รหัสประจำบ้าน ⟦57##-######-#⟧ ¦ glued = รหัส⟦6#########⟧{end} ¦ land_deed = โฉนดเลขที่ ⟦1#####⟧"""),
    *_shapes("titled_name", "titled_name", """นาย = นาย⟦{fm} {l1}⟧ ¦ ด.ช. = ด.ช.⟦{fm} {l1}⟧
        เด็กชาย = เด็กชาย⟦{fm} {l1}⟧ ¦ ลุง = ลุง⟦{fm} {l1}⟧ ¦ กำนัน = กำนัน⟦{fm} {l1}⟧ ¦ ร.ต.อ. = ร.ต.อ.⟦{fm} {l1}⟧
        อ้าย = อ้าย⟦{fm} {l1}⟧ ¦ พ่อ = พ่อ⟦{fm} {l1}⟧ ¦ นาง = นาง⟦{ff} {l1}⟧ ¦ นางสาว = นางสาว⟦{ff} {l1}⟧
        น.ส. = น.ส.⟦{ff} {l1}⟧ ¦ ด.ญ. = ด.ญ.⟦{ff} {l1}⟧ ¦ ป้า = ป้า⟦{ff} {l1}⟧ ¦ แม่ = แม่⟦{ff} {l1}⟧
        ยาย = ยาย⟦{ff} {l1}⟧ ¦ เจ๊ = เจ๊⟦{ff} {l1}⟧ ¦ ครู = ครู⟦{f} {l1}⟧ ¦ อาจารย์ = อาจารย์⟦{f} {l1}⟧ ¦ อ. = อ.⟦{f} {l1}⟧
        หมอ = หมอ⟦{f} {l1}⟧ ¦ ดร. = ดร.⟦{f} {l1}⟧ ¦ คุณ = คุณ⟦{f} {l1}⟧ ¦ พี่ = พี่⟦{f} {l1}⟧ ¦ น้อง = น้อง⟦{f} {l1}⟧
        นาย_spaced = นาย ⟦{fm} {l1}⟧ ¦ น.ส._spaced = น.ส. ⟦{ff} {l1}⟧ ¦ นส_no_dots = นส.⟦{ff} {l1}⟧
        คุณ_spaced = คุณ ⟦{f}  {l1}⟧ ¦ นาย_no_gap = นาย⟦{fm}{l1}⟧ ¦ นางสาว_no_gap = นางสาว⟦{ff}{l1}⟧
        นาย_surname = นาย{fm} ⟦{l1}⟧ ¦ นางสาว_surname = นางสาว{ff}  ⟦{l1}⟧ ¦ ครู_surname = ครู{f} ⟦{l1}⟧
        คุณ_first_only = คุณ⟦{f}⟧ ¦ ครู_first_only = ครู⟦{f}⟧ ¦ คุณ_nickname = คุณ⟦{nick}⟧
        two_second = นาย{fm} {l1} และนาง⟦{ff} {l1}⟧ ¦ ผู้ใหญ่ = ผู้ใหญ่⟦{fm} {l1}⟧ ¦ two_titles = คุณหมอ⟦{f} {l1}⟧"""),
    *_shapes("said_name", "said_name", """full = ⟦{sf} {l1}⟧ ¦ full_two_spaces = ⟦{sf}  {l1}⟧ ¦ no_gap = ⟦{sf}{l1}⟧
        title = {st}⟦{sf} {l1}⟧ ¦ title_spaced = {st} ⟦{sf} {l1}⟧ ¦ surname = {sf} ⟦{l1}⟧
        split_first = ⟦{sf}⟧ นามสกุล {l1} ¦ split_surname = {sf} นามสกุล ⟦{l1}⟧ ¦ split_short = {sf} สกุล⟦{l1}⟧
        first_only = ⟦{sf}⟧ ¦ first_and_nickname = ⟦{sf} {l1}⟧ ชื่อเล่น{nick} ¦ with_phone = ⟦{sf} {l1}⟧ {o}
        latin = ⟦{sname}⟧"""),
    *_shapes("said_name", "said_name.misspelt", "misspelt = {sf} {l1} ¦ misspelt_title = {st}⟦{sf} {l1}⟧"),
    *_shapes("bare_name", "bare_name", """full = {sf} {l1} ¦ two_spaces = {sf}  {l1} ¦ no_gap = {sf}{l1}
        surname = {sf} ⟦{l1}⟧ ¦ with_nickname = ⟦{sf} {l1}⟧ ({nick}) ¦ with_comma = ⟦{sf} {l1}⟧,"""),
    *_shapes("english_name", "english_name", """mr = Mr. ⟦{Mname}⟧ ¦ mr_no_dot = Mr ⟦{Mname}⟧ ¦ mr_glued = Mr.⟦{Mname}⟧
        mrs = Mrs. ⟦{Fname}⟧ ¦ ms = Ms. ⟦{Fname}⟧ ¦ miss = Miss ⟦{Fname}⟧ ¦ dr = Dr. ⟦{Name}⟧ ¦ khun = Khun ⟦{Name}⟧
        bare = {Name} ¦ bare_lower = {name} ¦ bare_upper = {NAME} ¦ mr_surname = Mr. {Lat} ⟦{Lats}⟧
        upper_title = MISS ⟦{FNAME}⟧"""),
    *_shapes("english_name", "english_name.said", """my_name_is = my name is ⟦{Name}⟧
        my_name_is_lower = my name is ⟦{name}⟧ ¦ i_am = I am ⟦{Name}⟧ ¦ im = I'm ⟦{Name}⟧ ¦ name_colon = Name: ⟦{Name}⟧
        my_names = my name ⟦{Name}⟧ ¦ thai_said = ชื่อ ⟦{Name}⟧"""),
    *_shapes("passport", "passport", """plain = {AA}####### ¦ spaced = {AA} ####### ¦ dash = {AA}-#######
        lower = {aa}####### ¦ glued_before = เลข⟦{AA}#######⟧ ¦ glued_after = ⟦{AA}#######⟧{end}
        with_no = No.⟦{AA}#######⟧"""),
    *_shapes("plate", "plate", """province = ⟦{กข} ^###⟧ เชียงราย ¦ province_short = ⟦{กข}^###⟧ ชร
        no_province = {กข} ^### ¦ glued = {กข}^### ¦ dash = {กข}-^### ¦ short = {กข} ^#
        lead_digit = ^{กข} ^### เชียงราย ¦ lead_digit_glued = ^{กข}^### ¦ motorcycle = ⟦^{กข} ^##⟧ พะเยา
        thai_digits = ~{กข} ^### ¦ truck = 7#-^###"""),
    *_shapes("address", "address", """full = บ้านเลขที่ ⟦{no} หมู่ {moo}⟧ ต.{t} อ.{td} จ.เชียงราย
        full_words = บ้านเลขที่ ⟦{no} หมู่ที่ {moo}⟧ ตำบล{t} อำเภอ{td} ¦ short_moo = ⟦{no} ม.{moo}⟧ ต.{t} อ.{td}
        short_moo_postcode = ⟦{no} ม.{moo}⟧ ต.{t} อ.{td} 57^^0 ¦ house_only = บ้านเลขที่ ⟦{no}⟧
        house_only_glued = บ้านเลขที่⟦{no}⟧{t} ¦ number_only = เลขที่ ⟦{no}⟧ ต.{t} ¦ soi = ⟦{no} ซอย ^⟧ ถ.พหลโยธิน ต.{t}
        village = บ้านเลขที่ ⟦{no}⟧ บ้านป่าซาง ม.{moo} {td} ¦ no_spaces = ⟦{no}ม.{moo}⟧ต.{t}อ.{td}
        thai_digits = ~บ้านเลขที่ ⟦{no} หมู่ {moo}⟧ ต.{t} ¦ room = หอพักหลังตลาด ห้อง ⟦^0#⟧ ต.{t}
        english = ⟦{no} Moo {moo}⟧, T.{Lt}, A.{Ltd}, Chiang Rai ¦ misspelt = บ้านเลกที่ ⟦{no} หมุ่ {moo}⟧ ต.{t}"""),
    *_shapes("birth_date", "birth_date", """long = {day} {mon} {by} ¦ long_era = {day} {mon} พ.ศ. {by}
        short = {day} {sm} {by} ¦ short_two = {day} {sm} {by2} ¦ short_glued = {day}{sm}{by}
        slashes = {day}/{mm}/{by} ¦ slashes_two = {dd}/{mm2}/{by2} ¦ dashes = {dd}-{mm2}-{by} ¦ dots = {day}.{mm}.{by}
        spaces = {day} {mm} {by} ¦ run_together = {dd}{mm2}{by} ¦ christian = {day}/{mm}/{bc} ¦ iso = {bc}-{mm2}-{dd}
        english = {day} {Mon} {bc} ¦ thai_digits = ~{day} {mon} {by} ¦ thai_digits_slashes = ~{day}/{mm}/{by}
        year_only = ปี ⟦{by}⟧"""),
)  # fmt: skip

_LOOK_ALIKES: tuple[_Shape, ...] = (
    *_looks("hotline", """191 ¦ 199 ¦ 1669 ¦ 1323 ¦ 1300 ¦ 1567 ¦ 1111 ¦ 1422 ¦ 1506 ¦ 1444 ¦ 1784 ¦ 1155 ¦ 1330
        ~1669 ¦ ~191"""),
    *_looks("date", """{day}/{mm}/{be} ¦ {dd}/{mm2}/{be2} ¦ {day}-{mm}-{be2} ¦ {dd}-{mm2}-{be} ¦ {day} {sm} {be2}
        {day} {mon} {be} ¦ {day}{sm}{be2} ¦ {day} {mon} พ.ศ. {be} ¦ {day}.{mm}.{be2} ¦ {ce}-{mm2}-{dd}
        {day}/{mm}/{ce} ¦ 1^-2# {sm} {be2} ¦ ~{day} {mon} {be} ¦ ~{day}/{mm}/{be} ¦ {day} {Mon} {ce} ¦ {dd}{mm2}{be}
        1, 1^ และ 2# {mon} {be}"""),
    *_looks("time", """{hh}.{mi}-16.30 น. ¦ {hh}:{mi} ¦ {hh}.{mi} น. ¦ {hh}:{mi} - 17:00 ¦ {hh}{mi} น. ¦ ~{hh}.{mi} น.
        08.30–12.00 และ {hh}.{mi} น."""),
    *_looks("money", """^,#00 บาท ¦ ^#,###,### บาท ¦ ^#,000,000 บาท ¦ ^#0000 บาท ¦ งบ ^50000 ¦ ^.# ล้าน ¦ ^#,000.00 บาท
        ฿^,##0 ¦ ^00บาท ¦ งบประมาณ ^######## บาท ¦ ~^,#00 บาท ¦ ^00-^,000 บาท ¦ ^00.- ¦ ^#,### baht"""),
    *_looks("big_budget", """^,###,###,### บาท ¦ ^######### บาท ¦ ^#,###,###,### บาท ¦ ^,###,###,###.## บาท
        วงเงิน ^######000 บาท ¦ ~^,###,###,### บาท"""),
    *_looks("people", "^# คน ¦ ^## คน ¦ ^,### คน ¦ ^## ที่นั่ง ¦ ^## ครัวเรือน ¦ ^#### ราย ¦ ~^# คน ¦ ^#-^# คน ¦ ^#คน"),
    *_looks("year", "{be} ¦ พ.ศ. {be} ¦ 256#-257# ¦ {ce} ¦ ~{be} ¦ 254# ¦ พ.ศ.256#"),
    *_looks("short_code", "*^##*^# ¦ *^##*^###### ¦ ^### ¦ 4^##### ¦ *^##^*^# ¦ ^####"),
    *_looks("law_section", """มาตรา 1^# ¦ ม.^# ¦ มาตรา ^## วรรค ^ ¦ ม.^## (^) ¦ ม. ^# ¦ ~มาตรา ^##
        พ.ร.บ. เทศบาล {ce2} ¦ มาตรา 3#-4# ¦ ประมวลฯ ม.^##"""),
    *_looks("document_number", """เลขที่ มท 0^##.^/ว ^### ¦ ที่ ชร 00^#.^/^### ¦ เลขที่ มท 0^##.^/ว^##
        ที่ ชร ^####/^## ลงวันที่ {day} {sm} {be2} ¦ ด่วนที่สุด ที่ มท 08##.^/ว^### ¦ คำสั่งที่ ^##/{be} ¦ ~ที่ ชร ๐๐^#.^/^###
        เลขรับ ^###/{be}"""),
    *_looks("project_number", """โครงการที่ ^# ¦ โครงการเลขที่ ^#/{be} ¦ เลขที่โครงการ {be2}^######## ¦ โครงการ ชร.^##/{be2}
        สัญญาเลขที่ ^#/{be}"""),
    *_looks("postcode", "57000 ¦ 57^^0 ¦ 57130 ¦ ~57000 ¦ 57^#0 ¦ 10^^0"),
    *_looks("bus_flight", """รถสาย ^ ¦ รถเมล์สาย ^## ¦ สองแถวสาย ^ ¦ เที่ยวบิน FD3### ¦ TG^### ¦ เที่ยวบิน DD ^### ¦ VZ ^##
        รถทัวร์ ^##-^ ¦ สาย ^###"""),
    *_looks("distance", """^# กม. ¦ ^.# กิโล ¦ ^00 เมตร ¦ ^#กม. ¦ ^,#00 เมตร ¦ ~^# กม. ¦ ^ กม. ^00 เมตร ¦ ^# กิโลเมตร
        ^# km"""),
    *_looks("case_number", """เรื่องที่ ^### ¦ เรื่องเลขที่ ^### ¦ คำร้องที่ ^###/{be} ¦ เรื่อง no.^### ¦ เคส ^### ¦ case ^####
        เลขเรื่อง ^#### ¦ ~เรื่องที่ ^###"""),
    *_looks("version", """android 1# ¦ ios 1^.^.# ¦ เวอร์ชัน ^.^#.# ¦ v^.^#.^ ¦ LINE 1^.^#.# ¦ LINE เวอร์ชัน 1^.#
        version ^.#"""),
    *_looks("score", """^#-^# ¦ ^## ต่อ ^# ¦ ^#/100 คะแนน ¦ ^,### คะแนน ¦ ^#.## คะแนน ¦ ^-^ ¦ ^# : ^#
        ^#,###-^#,### เสียง"""),
    *_looks("percentage", "^#% ¦ ^#.## % ¦ ร้อยละ ^#.# ¦ ^#.##% ¦ 4#-6#% ¦ ~ร้อยละ ^# ¦ ^# เปอร์เซ็นต์ ¦ ร้อยละ ^^"),
    *_looks("web_address", """www.chiangrai.go.th ¦ https://www.ect.go.th/chiangrai ¦ www.kpi.ac.th
        http://www.dla.go.th/page/{be}/^##.html ¦ dopa.go.th ¦ https://www.chiangrai.go.th/news/^####
        chiangraipao.go.th ¦ www.{lat3}-tambon.go.th ¦ https://forms.example.go.th/r/^#ab^"""),
    *_looks("official_account", """ไลน์ของศูนย์ ⟦@civiccenter⟧ ¦ ไลน์ศูนย์⟦@civiccenter⟧ ¦ ไลน์ทางการ อบต. ⟦@{lat3}tambon⟧
        LINE OA ของศูนย์ ⟦@crcivic⟧ ¦ ไลน์จังหวัด ⟦@chiangraiprovince⟧ ¦ เพจศูนย์ ⟦@chiangraicivic⟧
        บัญชีทางการ ⟦@{lat3}office⟧ ¦ ไลน์ กกต. ⟦@ectchiangrai⟧"""),
    *_looks("title_word", """นายอำเภอ ¦ นายทะเบียน ¦ นายก อบต. ¦ นายกเทศมนตรี ¦ นายกรัฐมนตรี ¦ นายช่าง ¦ นายจ้าง ¦ นายหน้า
        นายตำรวจ ¦ นายก ¦ นางงาม ¦ นางรำ ¦ นางแบบ ¦ นางพยาบาล ¦ ครูดีเด่น ¦ ครูใหญ่ ¦ ครูอาสา ¦ ครูภูมิปัญญา ¦ อาจารย์ใหญ่
        อาจารย์มหาวิทยาลัย ¦ หมอดู ¦ หมอลำ ¦ หมอชาวบ้าน ¦ หมออนามัย ¦ คุณครู ¦ คุณหมอ ¦ คุณพ่อคุณแม่ ¦ พี่เลี้ยงเด็ก ¦ พี่น้องชาวบ้าน ¦ แม่บ้าน
        กำนัน ¦ ลุงป้าน้าอา ¦ ผู้ใหญ่บ้าน ¦ นายอำเภอ{d} ¦ นายกฯ ¦ เด็กชายเด็กหญิง ¦ นางสาวเชียงราย ¦ พ่อแม่ผู้ปกครอง ¦ น้องๆ นักเรียน"""),
    *_looks("title_word.alone", "ด.ญ. ¦ ด.ช. ¦ น.ส. ¦ นางสาว ¦ นาย"),
    *_looks("title_word.thing", """คุณภาพน้ำ ¦ คุณสมบัติ ¦ คุณธรรม ¦ คุณประโยชน์ ¦ คุณค่า ¦ ป้ายหาเสียง ¦ คุณวุฒิ ¦ คุณสมบัติผู้สมัคร
        ครุภัณฑ์ ¦ หมอกควัน ¦ นายทุน ¦ พ่อค้าแม่ค้า ¦ แม่น้ำกก ¦ น้องเรียนฟรี ¦ หมอพร้อม ¦ ป้ายทะเบียน ¦ ยายพาหลานเที่ยว ¦ นางนพมาศ"""),
    *_looks("name_word", """ชื่อโครงการ ¦ ชื่อกิจกรรมคือเวทีชาวบ้าน ¦ ชื่อหมู่บ้าน ¦ ชื่อโครงการ รักษ์น้ำกก ¦ ชื่อหมู่บ้าน ป่าซางวิวัฒน์
        ชื่องาน วันเด็ก ¦ ชื่อถนน ¦ ชื่อกลุ่มคือ คนรักป่าชุมชน ¦ รายชื่อผู้เข้าร่วม ¦ ชื่อเสียงของหมู่บ้าน ¦ เข้าชื่อเสนอกฎหมาย ¦ ชื่อเวทีว่า คุยกันวันเสาร์
        ชื่อเรื่อง ปัญหาขยะ ¦ การลงชื่อถอดถอน ¦ ชื่อตำบล ริมกก ¦ ชื่อโรงเรียน บ้านป่าตึง ¦ ชื่อสถานที่ ศาลากลาง ¦ ชื่อหน่วยงาน เทศบาล
        ตั้งชื่อกลุ่มไลน์ ¦ ชื่อวิชา หน้าที่พลเมือง"""),
    *_looks("place", """อำเภอ{d} ¦ อ.{d} ¦ {d} ¦ ต.{t} ¦ ตำบล{t} ¦ ต.{t} อ.{td} ¦ ดอยแม่สลอง ¦ ภูชี้ฟ้า ¦ วัดร่องขุ่น ¦ หอนาฬิกา
        ถ้ำหลวง ¦ สามเหลี่ยมทองคำ ¦ ดอยนางนอน ¦ ถ้ำหลวงขุนน้ำนางนอน ¦ นางแล ¦ หาดเชียงราย ¦ ไร่แม่ฟ้าหลวง ¦ พญาเม็งราย ¦ ขุนตาล
        Mae Sai ¦ Chiang Khong"""),
    *_looks("institution", """ที่ว่าการอำเภอ{d} ¦ อบต.{t} ¦ เทศบาลตำบล{t} ¦ โรงพยาบาลเชียงรายประชานุเคราะห์
        มหาวิทยาลัยแม่ฟ้าหลวง ¦ รพ.สต.{t} ¦ มหาวิทยาลัยราชภัฏเชียงราย ¦ โรงเรียนสามัคคีวิทยาคม ¦ ศาลากลางจังหวัด ¦ กกต.เชียงราย
        อบจ.เชียงราย ¦ วัดพระแก้ว ¦ สภ.{d}"""),
    *_looks("coordinates", """19.9###, 99.8### ¦ 19.9####,99.8#### ¦ 20.1####, 100.0##### ¦ (19.9###, 99.8###)
        19°5#'3#"N 99°4#'4#"E ¦ lat 19.9### lng 99.8###"""),
    *_looks("isbn", """978-616-^##-###-# ¦ 978616####### ¦ 978-974-^#-####-# ¦ 978-616-#-#####-#
        978 616 ### ### #"""),
    *_looks("parcel", """E{A}#########TH ¦ R{A}#########TH ¦ TH^###########{A} ¦ KER#########{A} ¦ E{A} #### #### # TH
        SPXTH0#########{A}"""),
    *_looks("election_number", """เบอร์ ^ ¦ เบอร์ 1# ¦ หมายเลข ^ ¦ ผู้สมัครเบอร์ ^ ¦ เบอร์^ ¦ ~หมายเลข 1# ¦ เขต ^ เบอร์ ^
        หมายเลข1#"""),
    *_looks("road", """ทางหลวง 1^## ¦ ถนนพหลโยธิน ¦ ถ.ธนาลัย ¦ ซอย ^ ¦ ถนนสาย ชร.^0## ¦ ทล.^### ¦ ทางหลวงหมายเลข ^
        กม.ที่ ^##"""),
    *_looks("age", "อายุ ^# ปี ¦ อายุ^# ¦ ^# ปี ¦ อายุ 15-2# ปี ¦ ~อายุ ^# ปี ¦ ^ขวบ ¦ วัย 6# ปี ¦ age ^#"),
)  # fmt: skip


def _choices(rng: Random, voice: Voice) -> dict[str, Callable[[], str]]:
    """What each name in curly brackets may become, in one message by one writer."""
    pick = rng.choice
    place, latin_place = pick(words.PLACES), pick(words.LATIN_PLACES)
    month = rng.randrange(12)
    male, surname = rng.random() < 0.5, words.LATIN_SURNAMES

    def latin(*, man: bool) -> str:
        return f"{pick(words.LATIN_MALE if man else words.LATIN_FEMALE)} {pick(surname)}"

    def letters(some: int, alphabet: str) -> str:
        return "".join(pick(alphabet) for _ in range(some))

    def handle() -> str:
        return pick(words.HANDLES) + pick(("", f"{rng.randrange(10, 100)}", f"{rng.randrange(2490, 2560)}", "_cr", "1"))

    def first(*, man: bool) -> str:
        return pick(words.MALE if man else words.FEMALE)

    def latin_first() -> str:
        return pick(words.LATIN_MALE + words.LATIN_FEMALE)

    return {
        "i": lambda: voice.me, "p": lambda: voice.says, "q": lambda: voice.asks,
        "end": lambda: voice.says or pick(("นะ", "จ้า", "เด้อ", "เน้อ")),
        "glue": lambda: pick(("โทรมาได้", "นะ", "ใช้ได้อยู่", "อันนี้")), "d": lambda: pick(words.PLACES)[1],
        "t": lambda: place[0], "td": lambda: place[1], "Lt": lambda: latin_place[0], "Ltd": lambda: latin_place[1],
        "m": lambda: f"{first(man=male)} {pick(words.SURNAMES)}", "o": lambda: f"0{pick('689')}########",
        "mob": lambda: f"0{pick('689')}#", "m1": lambda: pick("689"),
        "l": lambda: pick(("53", "53", "54", "55", "44", "74", "38")), "fm": lambda: first(man=True),
        "ff": lambda: first(man=False), "f": lambda: first(man=male), "sf": lambda: first(man=voice.male),
        "l1": lambda: pick(words.SURNAMES), "nick": lambda: pick(words.NICKNAMES),
        "st": lambda: "นาย" if voice.male else pick(("นาง", "นางสาว", "น.ส.")), "sname": lambda: latin(man=voice.male),
        "Name": lambda: latin(man=male), "name": lambda: latin(man=male).lower(),
        "NAME": lambda: latin(man=male).upper(), "Mname": lambda: latin(man=True), "Fname": lambda: latin(man=False),
        "FNAME": lambda: latin(man=False).upper(), "Lat": latin_first, "lat": lambda: latin_first().lower(),
        "LAT": lambda: latin_first().upper(), "lat3": lambda: letters(3, "abcdkmnprst"), "Lats": lambda: pick(surname),
        "lats": lambda: pick(surname).lower(),
        "mail": lambda: pick(("gmail.com", "gmail.com", "hotmail.com", "yahoo.co.th", "outlook.com", "icloud.com")),
        "hex": lambda: letters(32, "0123456789abcdef"), "HEX": lambda: letters(32, "0123456789ABCDEF"), "h": handle,
        "n": lambda: pick("1335578"), "l5": lambda: pick("25"), "A": lambda: pick("ABCDEFKLX"),
        "กข": lambda: letters(2, words.PLATE_LETTERS), "AA": lambda: pick(("AA", "AB", "AC", "MD", "MF", "PA")),
        "aa": lambda: pick(("aa", "ab", "ac", "md")),
        "no": lambda: pick(("^#", "^##", "^#/^", "^##/^", "^/^#", "^##/^#")), "moo": lambda: str(rng.randint(1, 18)),
        "day": lambda: str(rng.randint(1, 28)), "dd": lambda: f"{rng.randint(1, 28):02}", "mm": lambda: str(month + 1),
        "mm2": lambda: f"{month + 1:02}", "mon": lambda: words.MONTHS[month], "sm": lambda: words.SHORT_MONTHS[month],
        "Mon": lambda: words.LATIN_MONTHS[month], "be": lambda: str(rng.randint(2567, 2572)),
        "be2": lambda: str(rng.randint(67, 72)), "ce": lambda: str(rng.randint(2024, 2029)),
        "ce2": lambda: str(rng.randint(2490, 2562)), "by": lambda: str(rng.randint(2482, 2553)),
        "by2": lambda: str(rng.randint(10, 53)), "bc": lambda: str(rng.randint(1939, 2010)),
        "hh": lambda: f"{rng.randint(8, 16):02}", "mi": lambda: pick(("00", "30", "15", "45")),
    }  # fmt: skip


def _filled(template: str, rng: Random, choices: dict[str, Callable[[], str]]) -> str:
    text = PLACEHOLDER.sub(lambda found: choices[found[1]](), template)
    return re.sub("[#^]", lambda found: rng.choice("0123456789" if found[0] == "#" else "123456789"), text)


def _checked(secret: str, *, valid: bool) -> str:
    """The national id with its last digit made right, or wrong by one."""
    digits = [int(one) for one in secret if one.isdigit()]
    check = (11 - sum(one * (13 - place) for place, one in enumerate(digits[:12])) % 11) % 10
    return f"{secret[:-1]}{check if valid else (check + 1) % 10}"


def _piece(template: str, rng: Random, choices: dict[str, Callable[[], str]]) -> tuple[str, str, str]:
    """What stands before the labelled part, the part, and what stands after it."""
    bare = template.lstrip("~=!?")
    flags = template[: len(template) - len(bare)]
    filled = _filled(bare, rng, choices)
    before, opened, rest = filled.partition("⟦")
    part, _, after = rest.partition("⟧")
    if not opened:
        before, part = "", filled
    if "!" in flags or "?" in flags:
        part = _checked(part, valid="!" in flags)
    for flag, digits in (("~", _THAI_DIGITS), ("=", _FULL_WIDTH_DIGITS)):
        if flag in flags:
            before, part, after = (one.translate(digits) for one in (before, part, after))
    return before, part, after


def _typed(left: str, piece: str, right: str, rng: Random) -> tuple[str, str]:
    """The frame around `piece` as somebody in a hurry types it; the piece itself stays as it is."""
    style = rng.choice(words.STYLES)
    if style == "squashed":
        left, right = _INNER_GAP.sub("", left), _INNER_GAP.sub("", right)
        if left.endswith(" ") and (THAI.match(left[-2:-1]) or THAI.match(piece)):
            left = left[:-1]
        if right.startswith(" ") and (THAI.match(right[1:]) or THAI.match(piece[-1])):
            right = right[1:]
    elif style == "gaps":
        left, right = (side.replace(" ", " " * rng.randint(2, 4)) for side in (left, right))
    elif style == "lines":
        left = f"{left[:-1]}\n" if left.endswith(" ") else left
        right = f"\n{right[1:]}" if right.startswith(" ") else right
    elif style == "emoji":
        emoji = rng.choice(words.EMOJI)
        left, right = (emoji + left, right) if rng.random() < 0.3 else (left, right + rng.choice(("", " ")) + emoji)
    elif style == "misspelt":
        for word, misspelt in rng.sample(words.MISSPELT, 16):
            left, right = (side.replace(word, rng.choice(misspelt)) for side in (left, right))
    return left, right


def _message(shape: _Shape, rng: Random) -> tuple[str, str]:
    choices = _choices(rng, rng.choice(words.VOICES))
    before, part, after = _piece(shape.template, rng, choices)
    choosable = shape.frames
    if "{end}" in shape.template:  # the ending closes the sentence
        choosable = tuple(frame.removesuffix("{p}").rstrip() for frame in choosable if _AT_END.search(frame))
    if THAI.search(before + part + after):
        choosable = tuple(frame for frame in choosable if not is_english(frame))
    frame = rng.choice(choosable)
    thai = not is_english(frame)
    if rng.random() < 0.3 and not frame.startswith("สวัสดี"):
        frame = rng.choice(words.OPENERS if thai else words.LATIN_OPENERS) + frame
    if rng.random() < 0.25:
        frame += rng.choice(words.TAILS if thai else words.LATIN_TAILS)
    sides = (re.sub(" +", " ", _filled(side, rng, choices)) for side in frame.split("{x}"))
    left, right = _typed(next(sides), before + part + after, next(sides), rng)
    return f"{left}{before}{part}{after}{right}".strip(), part


def _messages(shapes: tuple[_Shape, ...], seed: int) -> Iterator[tuple[_Shape, str, str]]:
    """Kinds in turn, and in each kind its formats in turn; no text twice."""
    rng = Random(seed)
    rings: dict[str, list[_Shape]] = {}
    for shape in shapes:
        rings.setdefault(shape.kind, []).append(shape)
    for ring in rings.values():
        rng.shuffle(ring)
    kinds, seen = list(rings), set[str]()
    for turn in count_up():
        ring = rings[kinds[turn % len(kinds)]]
        shape = ring[turn // len(kinds) % len(ring)]
        for _ in range(_TRIES):
            text, part = _message(shape, rng)
            if text not in seen and text.count(part) == 1:
                break
        else:
            raise ValueError(f"no new message of {shape.kind} {shape.format} after {turn}")
        seen.add(text)
        yield shape, text, part


def mentions(seed: int, count: int) -> list[Mention]:
    found = islice(_messages(_MENTIONS, seed), count)
    return [Mention(shape.kind, shape.format, text, part) for shape, text, part in found]


def look_alikes(seed: int, count: int) -> list[LookAlike]:
    found = islice(_messages(_LOOK_ALIKES, seed), count)
    return [LookAlike(shape.kind, text, part) for shape, text, part in found]
