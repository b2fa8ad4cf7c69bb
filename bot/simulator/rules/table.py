"""Every rule that the simulator keeps: what it says, where it is from, and whether LINE documents it.

`documented` is what LINE's Messaging API documentation says. `assumed` is where it is silent, or two of its pages
disagree, and somebody had to decide: try those on a real channel before trusting them. This module reads as a list.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Basis = Literal["documented", "assumed"]
DOCUMENTED: Basis = "documented"
ASSUMED: Basis = "assumed"


@dataclass(frozen=True, slots=True)
class Rule:
    name: str
    says: str
    source: str
    """A section of LINE's Messaging API reference, or of its development guides."""
    basis: Basis


def _rules(source: str, *rows: tuple[str, Basis, str]) -> tuple[Rule, ...]:
    return tuple(Rule(name, says, source, basis) for name, basis, says in rows)


RULES: tuple[Rule, ...] = (
    *_rules(
        "Common specifications",
        ("bearer-token", DOCUMENTED, "401 without the channel's access token"),
        ("media-type", DOCUMENTED, "415 for a body that is not application/json"),
        ("request-size", DOCUMENTED, "413 for a body over 2 MB"),
        ("request-size-unit", ASSUMED, "a megabyte is 1024 × 1024 bytes"),
        ("json-body", DOCUMENTED, "400 for a body that is not a JSON object"),
        ("property-type", DOCUMENTED, "400 for a property of the wrong JSON type"),
        ("required-property", DOCUMENTED, "400 when a required property is absent; null counts as absent (assumed)"),
        ("unknown-property", ASSUMED, "outside Flex, a property that LINE does not know is ignored"),
        ("endpoint-known", DOCUMENTED, "404 for an endpoint that does not exist"),
        ("rate-limit", DOCUMENTED, "429 over 2,000 calls a second; 200 for multicast, 100 for the loading animation"),
        ("rate-limit-bucket", ASSUMED, "a bucket holds one second's calls"),
        ("request-id", DOCUMENTED, "every answer carries X-Line-Request-Id"),
        ("url-https", DOCUMENTED, "an address that LINE fetches is HTTPS, and percent-encoded"),
        ("url-length", DOCUMENTED, "such an address has at most 2,000 characters"),
    ),
    *_rules(
        "Send messages",
        ("messages-count", DOCUMENTED, "1 to 5 messages a request"),
        ("message-type", DOCUMENTED, "only the message types that exist"),
        ("reply-token-given", DOCUMENTED, "a reply has a reply token"),
        ("reply-token-known", DOCUMENTED, "400 for a token that no webhook carried"),
        ("reply-token-once", DOCUMENTED, "a reply token works once"),
        ("reply-token-life", DOCUMENTED, "within a minute of its webhook; later LINE guarantees nothing, we refuse"),
        ("reply-token-redelivery", DOCUMENTED, "a redelivery renews the minute, up to 20 minutes after the event"),
        ("reply-token-kept", ASSUMED, "a request refused for its messages does not spend its token"),
        ("reply-blocked", ASSUMED, "a reply to a person who has blocked the bot since: 200, not delivered"),
        ("recipient-format", DOCUMENTED, "an id is U (C and R for push) and 32 hexadecimal digits"),
        ("push-recipient-known", DOCUMENTED, "400 for a push to an id that the channel does not know"),
        ("multicast-recipients", DOCUMENTED, "1 to 500 ids a multicast"),
        ("multicast-unknown", ASSUMED, "an unknown id in a multicast is passed over with 200: the documents disagree"),
        ("undelivered", DOCUMENTED, "blocked and not a friend: 200, nothing delivered, nothing billed"),
        ("non-friend-week", DOCUMENTED, "who is no friend but wrote within seven days is reached"),
        ("aggregation-units", DOCUMENTED, "one unit name of 1 to 30 letters, digits and underscores"),
        ("quota", DOCUMENTED, "429 when the month's quota is spent; counted by recipient, replies not counted"),
        ("quota-whole", ASSUMED, "a multicast over what is left is refused whole; a spent quota refuses every push"),
        ("quota-month", ASSUMED, "the month turns at midnight in Japan"),
        ("sent-message-quotes", ASSUMED, "which of our messages come back with a quote token"),
    ),
    *_rules(
        "Retry failed API requests",
        ("retry-key-format", DOCUMENTED, "400 for a key that is not a hexadecimal UUID"),
        ("retry-key-on-reply", DOCUMENTED, "400 for a key on a reply"),
        ("retry-key-remembered", DOCUMENTED, "409 within 24 hours of acceptance, with the id of the accepted request"),
        ("retry-key-any-body", ASSUMED, "409 whatever the body, and before the body is looked at"),
    ),
    *_rules(
        "Message objects: common",
        ("quick-reply-count", DOCUMENTED, "1 to 13 quick replies"),
        ("quick-reply-type", DOCUMENTED, "a quick reply is of type action"),
        ("sender-name", DOCUMENTED, "a sender's name has at most 20 grapheme clusters"),
        ("sender-name-reserved", DOCUMENTED, "a sender's name is not LINE; which other words, LINE does not say"),
        ("quote-token-place", ASSUMED, "a quote token elsewhere than on text, textV2 and sticker is refused"),
    ),
    *_rules(
        "Text message",
        ("text-length", DOCUMENTED, "1 to 5,000 UTF-16 code units"),
        ("emoji-count", DOCUMENTED, "at most 20 emoji"),
        ("emoji-placeholder", DOCUMENTED, "an emoji's index points at a dollar sign, in UTF-16 code units"),
        ("text-v2-length", DOCUMENTED, "1 to 5,000 UTF-16 code units"),
        ("text-v2-placeholder", DOCUMENTED, "every {key} has a substitution, every other brace is doubled"),
        ("text-v2-substitution", DOCUMENTED, "at most 100 keys of 1 to 20 letters, digits and underscores"),
        ("text-v2-part", DOCUMENTED, "a substitution is a mention of a user or of all, or an emoji"),
        ("text-v2-count", DOCUMENTED, "at most 20 mentions and 20 emoji"),
        ("text-v2-mention-place", DOCUMENTED, "mentions in groups and rooms only"),
    ),
    *_rules(
        "Sticker, image, video, audio, location and coupon messages",
        ("sticker-id", ASSUMED, "sticker and package ids are digits; which of them can be sent is not checked"),
        ("video-tracking-id", DOCUMENTED, "at most 100 characters of LINE's set"),
        ("video-tracking-place", DOCUMENTED, "no tracking id in groups and rooms"),
        ("audio-duration", DOCUMENTED, "a sound says how many milliseconds it lasts"),
        ("location-title", DOCUMENTED, "1 to 100 characters"),
        ("location-address", DOCUMENTED, "1 to 100 characters"),
        ("location-position", ASSUMED, "latitude within 90 degrees, longitude within 180"),
        ("coupon-id", ASSUMED, "a coupon id is not checked against coupons made"),
        ("coupon-tag", DOCUMENTED, "1 to 30 letters, digits and underscores"),
    ),
    *_rules(
        "Imagemap message",
        ("imagemap-width", DOCUMENTED, "the base is 1040 wide"),
        ("imagemap-actions", DOCUMENTED, "at most 50 actions"),
        ("imagemap-action", DOCUMENTED, "message, uri and clipboard"),
        ("imagemap-label", DOCUMENTED, "at most 100 characters"),
        ("imagemap-text", DOCUMENTED, "1 to 400 characters"),
        ("imagemap-area", ASSUMED, "an area has a size, and no negative corner"),
        ("imagemap-video-label", ASSUMED, "1 to 30 characters"),
    ),
    *_rules(
        "Template messages",
        ("alt-text", DOCUMENTED, "1 to 1,500 characters, for imagemaps and Flex too"),
        ("template-type", DOCUMENTED, "buttons, confirm, carousel and image_carousel"),
        ("template-title", DOCUMENTED, "at most 40 grapheme clusters"),
        ("template-picture-form", DOCUMENTED, "rectangle or square, cover or contain, #RRGGBB behind"),
        ("buttons-text", DOCUMENTED, "160 grapheme clusters, 60 beside a picture or a title"),
        ("buttons-actions", DOCUMENTED, "1 to 4 actions"),
        ("confirm-text", DOCUMENTED, "240 grapheme clusters"),
        ("confirm-actions", DOCUMENTED, "exactly 2 actions"),
        ("carousel-columns", DOCUMENTED, "1 to 10 columns"),
        ("carousel-text", DOCUMENTED, "120 grapheme clusters, 60 beside a picture or a title"),
        ("carousel-actions", DOCUMENTED, "1 to 3 actions a column"),
        ("carousel-alike", DOCUMENTED, "every column has as many actions, and the same of picture and title"),
    ),
    *_rules(
        "Flex message",
        ("flex-container", DOCUMENTED, "a bubble, or a carousel of bubbles"),
        ("flex-bubbles", DOCUMENTED, "1 to 12 bubbles"),
        ("flex-same-size", DOCUMENTED, "the bubbles of a carousel have one size"),
        ("flex-bubble-size", DOCUMENTED, "nano, micro, deca, hecto, kilo, mega, giga"),
        ("flex-bubble-bytes", DOCUMENTED, "a bubble's JSON has at most 30 KB"),
        ("flex-carousel-bytes", DOCUMENTED, "a carousel's JSON has at most 50 KB"),
        ("flex-bytes-unit", ASSUMED, "a kilobyte is 1,000 bytes of compact UTF-8"),
        ("flex-blocks", ASSUMED, "a bubble has at least one block"),
        ("flex-unknown-field", ASSUMED, "a property that the component does not have is refused"),
        ("flex-component", DOCUMENTED, "only the components that exist"),
        ("flex-component-place", DOCUMENTED, "what may stand in each block and each layout of box"),
        ("flex-layout", DOCUMENTED, "horizontal, vertical and baseline"),
        ("flex-text", ASSUMED, "a text component has a text that is not empty, or spans"),
        ("flex-measure", DOCUMENTED, "sizes, margins and offsets: keywords, pixels, percent where allowed"),
        ("flex-choice", DOCUMENTED, "alignments, weights, styles and the like, from their lists"),
        ("flex-colour", DOCUMENTED, "#RRGGBB or #RRGGBBAA"),
        ("flex-number", DOCUMENTED, "flex and maxLines are whole numbers from 0"),
        ("flex-aspect-ratio", DOCUMENTED, "1 to 100,000 each, the height at most three times the width"),
        ("flex-gradient", DOCUMENTED, "a linear gradient with an angle and two colours"),
        ("flex-animated", DOCUMENTED, "at most 10 animated pictures a message"),
        ("flex-video-place", DOCUMENTED, "a video is the hero of a kilo, mega or giga bubble, in no carousel"),
    ),
    *_rules(
        "Action objects",
        ("action-type", DOCUMENTED, "only the actions that exist"),
        ("action-place", DOCUMENTED, "camera, cameraRoll and location in quick replies only, richmenuswitch in none"),
        (
            "label-template",
            DOCUMENTED,
            "required, at most 20 grapheme clusters; of a default action optional (assumed)",
        ),
        ("label-image-carousel", DOCUMENTED, "at most 12 grapheme clusters"),
        ("label-quick-reply", DOCUMENTED, "required, at most 20 grapheme clusters"),
        ("label-flex-button", DOCUMENTED, "required, at most 40 grapheme clusters"),
        ("label-flex", DOCUMENTED, "at most 40 grapheme clusters"),
        ("postback-data", DOCUMENTED, "at most 300 characters"),
        ("postback-shown", DOCUMENTED, "at most 300 grapheme clusters"),
        ("postback-shown-once", DOCUMENTED, "displayText or the old text, not both"),
        ("postback-input", DOCUMENTED, "closeRichMenu, openRichMenu, openKeyboard, openVoice"),
        ("postback-fill-in", DOCUMENTED, "at most 300 grapheme clusters, with openKeyboard only"),
        ("message-action-text", DOCUMENTED, "1 to 300 grapheme clusters"),
        ("uri-length", DOCUMENTED, "1 to 1,000 characters"),
        ("uri-scheme", DOCUMENTED, "http, https, line or tel, percent-encoded"),
        ("picker-mode", DOCUMENTED, "date, time or datetime"),
        ("picker-moment", DOCUMENTED, "initial, min and max in the mode's form, years 1900 to 2100"),
        ("picker-order", DOCUMENTED, "min before max, initial between them"),
        ("clipboard-text", DOCUMENTED, "1 to 1,000 characters"),
    ),
    *_rules(
        "Users, content and the loading animation",
        ("profile-obtainable", DOCUMENTED, "404 for a profile that is unknown, or whose person has blocked the bot"),
        ("content-known", DOCUMENTED, "404 for content that is unknown, 410 for content that is gone"),
        ("loading-one-to-one", DOCUMENTED, "one-to-one chats only"),
        ("loading-seconds", DOCUMENTED, "5 to 60 seconds, in fives"),
        ("loading-anybody", DOCUMENTED, "202 for a person who has blocked the bot, and nothing is shown"),
    ),
    *_rules(
        "Webhooks",
        ("webhook-signature", DOCUMENTED, "HMAC-SHA256 of the exact bytes under the channel secret"),
        ("webhook-two-seconds", DOCUMENTED, "no 2xx within two seconds is a request_timeout"),
        (
            "webhook-redelivery",
            DOCUMENTED,
            "the same event and ids, marked isRedelivery, when the bot did not answer 2xx",
        ),
        ("webhook-redelivery-times", ASSUMED, "how often, and after how long: ours"),
        ("webhook-order", DOCUMENTED, "no order is promised"),
    ),
)

BY_NAME = {rule.name: rule for rule in RULES}
