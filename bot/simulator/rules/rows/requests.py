"""What every request has to keep, and what happens when one is tried again. A list."""

from __future__ import annotations

from bot.simulator.rules.rule import ASSUMED, DOCUMENTED, Rule, from_section

REQUESTS: tuple[Rule, ...] = (
    *from_section(
        "Common specifications",
        ("bearer-token", DOCUMENTED, "401 without the channel's access token"),
        ("token-revoked", DOCUMENTED, "401 with a channel access token that was revoked"),
        ("token-expired", DOCUMENTED, "401 with a channel access token whose time is over"),
        ("media-type", DOCUMENTED, "415 for a body that is not application/json"),
        ("request-size", DOCUMENTED, "413 for a body over 2 MB"),
        ("request-size-unit", ASSUMED, "a megabyte is 1024 × 1024 bytes"),
        ("json-body", DOCUMENTED, "400 for a body that is not a JSON object"),
        ("property-type", DOCUMENTED, "400 for a property of the wrong JSON type"),
        ("required-property", DOCUMENTED, "400 when a required property is absent; null counts as absent (assumed)"),
        ("unknown-property", ASSUMED, "outside Flex, a property that LINE does not know is ignored"),
        ("endpoint-known", DOCUMENTED, "404 for an endpoint that does not exist"),
        (
            "rate-limit",
            DOCUMENTED,
            "switched on: 429 over 2,000 calls a second; 200 for multicast, coupons, memberships, 100 for loading",
        ),
        ("rate-limit-minute", DOCUMENTED, "60 a minute: each endpoint of audiences; 1,000 for the webhook's address"),
        ("rate-limit-hour", DOCUMENTED, "60 an hour: broadcast, narrowcast, webhook test, insight; 100 for rich menus"),
        ("rate-limit-endpoint", DOCUMENTED, "every endpoint and method counts by itself, whatever its parameters"),
        ("rate-limit-bucket", ASSUMED, "a bucket holds the calls of one second, or of its minute or hour"),
        (
            "rate-limit-concurrency",
            ASSUMED,
            "429 for calls at the same time, over a number that is switched on by hand",
        ),
        (
            "rate-limit-same-user",
            ASSUMED,
            "429 for many messages to one person: LINE tells no number, one is set by hand",
        ),
        ("request-id", DOCUMENTED, "every answer carries X-Line-Request-Id"),
        ("url-https", DOCUMENTED, "an address that LINE fetches is HTTPS, and percent-encoded"),
        ("url-length", DOCUMENTED, "such an address has at most 2,000 characters"),
    ),
    *from_section(
        "Retry failed API requests",
        ("retry-key-format", DOCUMENTED, "400 for a key that is not a hexadecimal UUID"),
        (
            "retry-key-elsewhere",
            DOCUMENTED,
            "400 for a key on any other endpoint than push, multicast, narrowcast, broadcast",
        ),
        ("retry-key-on-reply", DOCUMENTED, "400 for a key on a reply"),
        ("retry-key-remembered", DOCUMENTED, "409 within 24 hours of acceptance, with the id of the accepted request"),
        ("retry-key-any-body", ASSUMED, "409 whatever the body, and before the body is looked at"),
    ),
)
