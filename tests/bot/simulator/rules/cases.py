"""For every rule about a message: messages that just keep it, and messages that just break it. Reads as a list."""

from __future__ import annotations

from tests.bot.simulator.rules.messages import (
    HTTPS,
    MARKED,
    Message,
    area,
    box,
    bubble,
    button,
    buttons,
    card,
    cards,
    carousel,
    column,
    copy,
    emoji,
    film,
    film_on_map,
    flex,
    gradient,
    imagemap,
    link,
    mention,
    pick,
    picture,
    pictures,
    place,
    press,
    quick,
    say,
    sound,
    spot,
    template,
    text,
    text_v2,
    video,
    words,
)

CASES: dict[str, tuple[list[Message], list[Message]]] = {
    "property-type": ([text()], [text(text=5), text(quickReply=[]), flex([])]),
    "required-property": ([text(quoteToken=None)], [{"type": "text"}, {"type": "flex", "altText": "ก"}]),
    "message-type": ([text()], [{"type": "file"}, {"type": ""}]),
    "url-https": (
        [video(), {"type": "image", "originalContentUrl": "https://example.org/%E0%B8%81", "previewImageUrl": HTTPS}],
        [
            video(previewImageUrl="http://example.org/a"),
            video(previewImageUrl="https://example.org/ภาพ"),
            video(previewImageUrl="https://"),
            video(previewImageUrl="https://example.org/a b"),
        ],
    ),
    "url-length": (
        [video(previewImageUrl=HTTPS + "a" * (2000 - len(HTTPS)))],
        [video(previewImageUrl=HTTPS + "a" * 2000)],
    ),
    "quick-reply-count": ([quick(say(), 13)], [quick(say(), 14), quick(say(), 0)]),
    "quick-reply-type": ([quick(say())], [text(quickReply={"items": [{"type": "button", "action": say()}]})]),
    "sender-name": ([text(sender={"name": MARKED * 20})], [text(sender={"name": MARKED * 21})]),
    "sender-name-reserved": ([text(sender={"name": "Airline"})], [text(sender={"name": "LINE Team"})]),
    "quote-token-place": ([text(quoteToken="q")], [place(quoteToken="q")]),
    "text-length": (
        [text(text="ก" * 5000), text(text="😀" * 2500)],
        [text(text=""), text(text="ก" * 5001), text(text="😀" * 2501)],
    ),
    "emoji-count": (
        [text(text="$" * 20, emojis=[{"index": i, **emoji()} for i in range(20)])],
        [text(text="$" * 21, emojis=[{"index": i, **emoji()} for i in range(21)])],
    ),
    "emoji-placeholder": (
        [text(text="😀$", emojis=[{"index": 2, **emoji()}])],
        [text(text="😀$", emojis=[{"index": 1, **emoji()}]), text(text="$", emojis=[{"index": 9, **emoji()}])],
    ),
    "text-v2-length": ([text_v2("ก" * 5000)], [text_v2("ก" * 5001), text_v2("")]),
    "text-v2-placeholder": (
        [text_v2("สวัสดี {who} {{ไม่ใช่}}", who=mention())],
        [text_v2("สวัสดี {who}"), text_v2("วงเล็บ { เดียว"), text_v2("}")],
    ),
    "text-v2-substitution": (
        [text_v2("ก", **{f"k{i}": emoji() for i in range(20)})],
        [
            text_v2("ก", **{"k-1": emoji()}),
            text_v2("ก", **{"k" * 21: emoji()}),
            text_v2("ก", **{f"k{i}": emoji() for i in range(101)}),
        ],
    ),
    "text-v2-part": (
        [text_v2("{a}", a={"type": "mention", "mentionee": {"type": "all"}})],
        [text_v2("{a}", a={"type": "link"}), text_v2("{a}", a={"type": "mention", "mentionee": {"type": "room"}})],
    ),
    "text-v2-count": (
        [text_v2("ก", **{f"k{i}": mention() for i in range(20)})],
        [text_v2("ก", **{f"k{i}": mention() for i in range(21)})],
    ),
    "sticker-id": (
        [{"type": "sticker", "packageId": "446", "stickerId": "1988"}],
        [{"type": "sticker", "packageId": "a", "stickerId": "1988"}],
    ),
    "video-tracking-id": ([video(trackingId="a" * 100)], [video(trackingId="a" * 101), video(trackingId="ก")]),
    "audio-duration": ([sound()], [sound(duration=0)]),
    "location-title": ([place(title="ก" * 100)], [place(title="ก" * 101), place(title="")]),
    "location-address": ([place(address="ก" * 100)], [place(address="ก" * 101), place(address="")]),
    "location-position": ([place(latitude=-90)], [place(latitude=90.1), place(longitude=-181)]),
    "coupon-id": ([{"type": "coupon", "couponId": "01JYNW8JMQVFBNWF1APF8Z3FS7"}], [{"type": "coupon", "couponId": ""}]),
    "coupon-tag": (
        [{"type": "coupon", "couponId": "c", "deliveryTag": "a" * 30}],
        [
            {"type": "coupon", "couponId": "c", "deliveryTag": "a" * 31},
            {"type": "coupon", "couponId": "c", "deliveryTag": "-"},
        ],
    ),
    "imagemap-width": ([imagemap()], [imagemap(width=1041), imagemap(width=700)]),
    "imagemap-actions": ([imagemap(*[spot()] * 50)], [imagemap(*[spot()] * 51)]),
    "imagemap-action": (
        [imagemap({"type": "uri", "linkUri": HTTPS, "area": area()})],
        [imagemap({"type": "postback", "data": "a", "area": area()})],
    ),
    "imagemap-label": ([imagemap(spot(label="ก" * 100))], [imagemap(spot(label="ก" * 101))]),
    "imagemap-text": ([imagemap(spot("ก" * 400))], [imagemap(spot("ก" * 401)), imagemap(spot(""))]),
    "imagemap-area": ([imagemap(spot())], [imagemap(spot(area=area(x=-1))), imagemap(spot(area=area(width=0)))]),
    "imagemap-video-label": ([film_on_map("ก" * 30)], [film_on_map("ก" * 31)]),
    "alt-text": (
        [flex(bubble(), alt="ก" * 1500), template("confirm", alt="ก" * 1500, text="ก", actions=[say(), say()])],
        [flex(bubble(), alt="ก" * 1501), flex(bubble(), alt=""), imagemap(altText="ก" * 1501)],
    ),
    "template-type": ([buttons()], [template("list", text="ก")]),
    "template-title": ([buttons(title=MARKED * 40)], [buttons(title=MARKED * 41)]),
    "template-picture-form": (
        [buttons(imageAspectRatio="square", imageSize="contain", imageBackgroundColor="#FFFFFF")],
        [buttons(imageAspectRatio="round"), buttons(imageSize="fill"), buttons(imageBackgroundColor="white")],
    ),
    "buttons-text": (
        [buttons(MARKED * 160), buttons(MARKED * 60, title="หัวข้อ"), buttons("ก" * 60, thumbnailImageUrl=HTTPS)],
        [buttons(MARKED * 161), buttons(MARKED * 61, title="หัวข้อ"), buttons("ก" * 61, thumbnailImageUrl=HTTPS)],
    ),
    "buttons-actions": ([buttons(actions=4)], [buttons(actions=5), buttons(actions=0)]),
    "confirm-text": (
        [template("confirm", text=MARKED * 240, actions=[say(), say()])],
        [template("confirm", text=MARKED * 241, actions=[say(), say()])],
    ),
    "confirm-actions": (
        [template("confirm", text="ก", actions=[say(), link()])],
        [template("confirm", text="ก", actions=[say()]), template("confirm", text="ก", actions=[say()] * 3)],
    ),
    "carousel-columns": (
        [carousel(*[column()] * 10), pictures("ก", 10)],
        [carousel(*[column()] * 11), carousel(), pictures("ก", 11)],
    ),
    "carousel-text": (
        [carousel(column(MARKED * 120)), carousel(column("ก" * 60, title="ก"))],
        [carousel(column(MARKED * 121)), carousel(column("ก" * 61, title="ก"))],
    ),
    "carousel-actions": ([carousel(column(actions=3))], [carousel(column(actions=4)), carousel(column(actions=0))]),
    "carousel-alike": (
        [carousel(column(actions=2), column(actions=2))],
        [
            carousel(column(actions=2), column(actions=1)),
            carousel(column(title="ก"), column()),
            carousel(column(thumbnailImageUrl=HTTPS), column()),
        ],
    ),
    "flex-container": ([card(), cards(bubble())], [flex({"type": "box"}), cards({"type": "carousel", "contents": []})]),
    "flex-bubbles": ([cards(*[bubble()] * 12)], [cards(*[bubble()] * 13), cards()]),
    "flex-same-size": ([cards(bubble(), bubble(size="mega"))], [cards(bubble(size="kilo"), bubble())]),
    "flex-bubble-size": ([card(size="deca")], [card(size="large")]),
    "flex-bubble-bytes": ([card(*[words("ก" * 1600)] * 6)], [card(*[words("ก" * 1700)] * 6)]),
    "flex-carousel-bytes": (
        [cards(*[bubble(*[words("ก" * 800)] * 2)] * 10)],
        [cards(*[bubble(*[words("ก" * 900)] * 2)] * 10)],
    ),
    "flex-blocks": ([card()], [flex({"type": "bubble"}), flex({"type": "bubble", "body": None})]),
    "flex-unknown-field": (
        [card(words(wrap=True), styles={"body": {"backgroundColor": "#ffffff"}})],
        [
            card(words(colour="#ffffff")),
            card(background="#ffffff"),
            card(styles={"type": "a"}),
            card({"type": "button", "action": {**say(), "data": "x"}}),
        ],
    ),
    "flex-component": ([card(words())], [card({"type": "spacer"}), card({"type": "title", "text": "ก"})]),
    "flex-component-place": (
        [
            card(
                box({"type": "icon", "url": HTTPS}, words(), layout="baseline"),
                {"type": "filler"},
                {"type": "separator"},
            ),
            card(hero=picture()),
        ],
        [
            card({"type": "icon", "url": HTTPS}),
            card(box(button(), layout="baseline")),
            card(film()),
            card({"type": "span", "text": "ก"}),
            flex({"type": "bubble", "body": words()}),
            card(hero=words()),
            card({"type": "text", "contents": [words()]}),
        ],
    ),
    "flex-layout": ([card(box(words(), layout="horizontal"))], [card(box(words(), layout="grid"))]),
    "flex-text": (
        [card({"type": "text", "contents": [{"type": "span", "text": "ก"}]})],
        [card(words("")), card({"type": "text", "text": "ก", "contents": [{"type": "span", "text": ""}]})],
    ),
    "flex-measure": (
        [
            card(
                words(size="17px", margin="xl"),
                box(paddingAll="5%", cornerRadius="md", offsetTop="-3px"),
                picture(size="50%"),
            )
        ],
        [
            card(words(size="huge")),
            card(words(margin="5%")),
            card(box(paddingAll="5em")),
            card(picture(size="51")),
            card(box(width="xl")),
            card(words(lineSpacing="sm")),
        ],
    ),
    "flex-choice": ([card(words(weight="bold"), direction="rtl")], [card(words(weight="600")), card(direction="up")]),
    "flex-colour": ([card(words(color="#0a0B0cff"))], [card(words(color="red")), card(words(color="#fff"))]),
    "flex-number": ([card(words(flex=0, maxLines=2))], [card(words(flex=-1)), card(words(maxLines=-1))]),
    "flex-aspect-ratio": (
        [card(picture(aspectRatio="1:3")), card(picture(aspectRatio="1.91:1"))],
        [card(picture(aspectRatio="1:4")), card(picture(aspectRatio="0:1")), card(picture(aspectRatio="20x13"))],
    ),
    "flex-gradient": (
        [gradient(centerColor="#ffffff", centerPosition="10%")],
        [gradient(angle="45"), gradient(type="radial")],
    ),
    "flex-animated": ([card(*[picture(animated=True)] * 10)], [card(*[picture(animated=True)] * 11)]),
    "flex-video-place": (
        [card(hero=film(), size="giga")],
        [card(hero=film(), size="micro"), cards(bubble(hero=film()), bubble())],
    ),
    "action-type": ([quick(say())], [quick({"type": "call", "label": "ก"})]),
    "action-place": (
        [quick({"type": "camera", "label": "ก"}), quick({"type": "location", "label": "ก"})],
        [
            template("buttons", text="ก", actions=[{"type": "camera", "label": "ก"}]),
            card(button(action={"type": "cameraRoll", "label": "ก"})),
            quick({"type": "richmenuswitch", "label": "ก", "data": "d", "richMenuAliasId": "a"}),
        ],
    ),
    "label-template": (
        [
            template("buttons", text="ก", actions=[say(MARKED * 20)]),
            buttons(defaultAction={"type": "uri", "uri": HTTPS}),
        ],
        [template("buttons", text="ก", actions=[say(MARKED * 21)]), template("buttons", text="ก", actions=[say("")])],
    ),
    "label-image-carousel": ([pictures(MARKED * 12)], [pictures(MARKED * 13)]),
    "label-quick-reply": ([quick(say(MARKED * 20))], [quick(say(MARKED * 21)), quick(say(""))]),
    "label-flex-button": ([card(button(MARKED * 40))], [card(button(MARKED * 41)), card(button(""))]),
    "label-flex": ([card(box(action=link(label=MARKED * 40)))], [card(box(action=link(label=MARKED * 41)))]),
    "postback-data": ([quick(press(data="ก" * 300))], [quick(press(data="ก" * 301)), quick(pick(data="😀" * 151))]),
    "postback-shown": (
        [quick(press(displayText=MARKED * 300))],
        [quick(press(displayText=MARKED * 301)), quick(press(text="ก" * 301))],
    ),
    "postback-shown-once": ([quick(press(text="ก"))], [quick(press(text="ก", displayText="ก"))]),
    "postback-input": ([quick(press(inputOption="openVoice"))], [quick(press(inputOption="open"))]),
    "postback-fill-in": (
        [quick(press(inputOption="openKeyboard", fillInText="ก" * 300))],
        [quick(press(fillInText="ก")), quick(press(inputOption="openKeyboard", fillInText="ก" * 301))],
    ),
    "message-action-text": ([quick(say(words=MARKED * 300))], [quick(say(words=MARKED * 301)), quick(say(words=""))]),
    "uri-length": (
        [quick(link("https://example.org/" + "a" * 980))],
        [quick(link("https://example.org/" + "a" * 981)), quick(link(""))],
    ),
    "uri-scheme": (
        [quick(link("tel:1567")), quick(link("line://app/1")), quick(link("http://example.org:8080/?q=%E0%B8%81#a"))],
        [
            quick(link("javascript:alert(1)")),
            quick(link("example.org")),
            quick(link("https://example.org/ก")),
            quick(link("http://")),
            quick(link("https://example.org/%zz")),
            quick(link("tel:")),
            quick(link("mailto:a@example.org")),
        ],
    ),
    "picker-mode": ([quick(pick(mode="time", initial="09:00"))], [quick(pick(mode="month"))]),
    "picker-moment": (
        [quick(pick(initial="2024-02-29")), quick(pick(mode="datetime", max="2100-12-31T23:59"))],
        [
            quick(pick(initial="2025-02-29")),
            quick(pick(min="1899-12-31")),
            quick(pick(mode="datetime", max="2025-01-01")),
            quick(pick(mode="time", min="24:00")),
        ],
    ),
    "picker-order": (
        [quick(pick(min="2025-01-01", initial="2025-01-01", max="2025-01-02"))],
        [quick(pick(min="2025-01-02", max="2025-01-01")), quick(pick(min="2025-01-02", initial="2025-01-01"))],
    ),
    "clipboard-text": ([quick(copy("ก" * 1000))], [quick(copy("ก" * 1001)), quick(copy(""))]),
}
