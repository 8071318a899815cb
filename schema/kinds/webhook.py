"""What webhooks were told, and what they are still to be told."""

from __future__ import annotations

from ..model import Field, Kind, Type

WEBHOOK = Kind(
    "Webhook",
    "What the register knows of one webhook of the settings file.",
    extends="Record",
    private=True,
    identifier="The webhook's name.",
    fields=(
        Field(
            "version",
            Type.INTEGER,
            "Announcements so far. Of two processes that announce the same, one finds it raised.",
        ),
        Field("announced_at", Type.TIMESTAMP, "When it was last compared with what is in force."),
        Field("events", Type.STRINGS, "Kinds of event that it has been told of, if only that there were none."),
        Field("pages", Type.STRINGS, "The pages of what it was told, each as `EVENT/PAGE`."),
        Field("quiet_until", Type.TIMESTAMP, "Until when its receiver asked to be left alone (`Retry-After`)."),
        Field("gone", Type.STRING, "A hash of the address that answered 410 Gone: nothing is sent there any more."),
    ),
)

WEBHOOK_BASELINE = Kind(
    "WebhookBaseline",
    "A page of what a webhook has been told: what is in force is compared with it. In pages, for there may be a "
    "million facts of which one changes.",
    extends="Record",
    private=True,
    identifier="`WEBHOOK/EVENT/PAGE`, the page being how the hashes of its facts begin.",
    fields=(
        Field("facts", Type.STRING, "A hash of each fact that was told, and how sure it was: `HASH:2` for `allow`."),
    ),
)

WEBHOOK_MESSAGE = Kind(
    "WebhookMessage",
    "A message that is to be delivered, or could not be. One that was delivered is deleted. It tells of every account: "
    "no saved question may name these nodes.",
    extends="Record",
    private=True,
    identifier="The `webhook-id` that the receiver is given, the same at every attempt.",
    fields=(
        Field("webhook", Type.STRING, "The webhook's name."),
        Field("event", Type.STRING, "The type of the message."),
        Field("body", Type.STRING, "What is sent, to the letter."),
        Field("status", Type.STRING, "`due`, or `failed` after the last attempt."),
        Field("created_at", Type.TIMESTAMP, "When it was written."),
        Field(
            "due_at", Type.TIMESTAMP, "When it is attempted next; while an attempt goes on, when another may be made."
        ),
        Field("attempts", Type.INTEGER, "Attempts so far."),
        Field("error", Type.STRING, "Why the last attempt failed."),
    ),
)
