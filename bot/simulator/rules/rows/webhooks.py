"""What reaches the bot by itself. A list."""

from __future__ import annotations

from bot.simulator.rules.rule import ASSUMED, DOCUMENTED, Rule, from_section

WEBHOOKS: tuple[Rule, ...] = (
    *from_section(
        "Webhook settings",
        ("webhook-address", DOCUMENTED, "HTTPS, at most 500 characters; this very machine goes without (assumed)"),
        ("webhook-address-known", DOCUMENTED, "404 when none is set"),
    ),
    *from_section(
        "Webhooks",
        ("webhook-signature", DOCUMENTED, "HMAC-SHA256 of the exact bytes under the channel secret"),
        ("webhook-two-seconds", DOCUMENTED, "no 2xx within two seconds is a request_timeout"),
        (
            "webhook-redelivery",
            DOCUMENTED,
            "the same event and ids, marked isRedelivery, when the bot did not answer 2xx",
        ),
        ("webhook-redelivery-times", ASSUMED, "how often, and after how long: ours"),
        ("webhook-several", DOCUMENTED, "several events, of several people, in one request"),
        ("webhook-twice", DOCUMENTED, "an event may arrive twice, with the same id and the same reply token"),
        ("webhook-empty", DOCUMENTED, "a webhook without events tries the address"),
        ("webhook-order", DOCUMENTED, "no order is promised"),
    ),
    *from_section(
        "Webhook event objects",
        ("event-whole", DOCUMENTED, "type, mode, timestamp, webhookEventId and deliveryContext in every event"),
        ("event-standby", DOCUMENTED, "no reply token while a module holds the chat"),
        ("event-group-user", ASSUMED, "in groups postbacks name the person, too: LINE's documents say messages only"),
        ("event-no-token", DOCUMENTED, "no reply token with unsend, unfollow, leave, memberLeft and module events"),
        ("event-edited", DOCUMENTED, "messageEdited in groups only: same id, new quote and reply token, no read token"),
        ("event-beacon", DOCUMENTED, "a beacon is entered, stayed at, or its banner tapped"),
        ("event-video", DOCUMENTED, "a video with a tracking id was seen to its end"),
        ("event-membership", DOCUMENTED, "joined, renewed or left; not told of who never agreed to be told"),
        ("event-link-failed", DOCUMENTED, "a failed account link has neither source nor reply token"),
        ("event-module", DOCUMENTED, "attached with its scopes, or detached; no source"),
        ("event-module-turn", DOCUMENTED, "activated until a moment, or deactivated, in one chat"),
        ("event-suspended", DOCUMENTED, "botSuspended and botResumed; mode active, no source"),
        ("event-unknown", DOCUMENTED, "types that do not exist yet may come"),
        ("event-delivery", DOCUMENTED, "a delivery by telephone number has data and no source"),
    ),
)
