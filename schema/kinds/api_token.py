"""Who may ask the API."""

from __future__ import annotations

from ..model import Field, Kind, Type

API_TOKEN = Kind(
    "ApiToken",
    "A token of the API, as `muniment token` makes it. The token itself is kept nowhere; the API answers nothing of "
    "these nodes, and no saved question may name them.",
    extends="Record",
    private=True,
    identifier="Ten letters and digits, which the token begins with after `mnt_`.",
    fields=(
        Field("name", Type.STRING, "What it is for."),
        Field("role", Type.STRING, "`reader`, `auditor`, `operator` or `admin`."),
        Field("limited", Type.BOOLEAN, "Whether it sees some accounts only: those below."),
        Field("accounts", Type.STRINGS, "Ids of accounts."),
        Field("units", Type.STRINGS, "Ids of organizational units, whose accounts are those at the time of asking."),
        Field("hash", Type.STRING, "SHA-256 of the token, in hexadecimal digits."),
        Field("created_at", Type.TIMESTAMP, "When it was made."),
        Field("expires_at", Type.TIMESTAMP, "When it ends by itself."),
        Field("revoked_at", Type.TIMESTAMP, "When it was revoked; absent while it is not."),
        Field("last_used_at", Type.TIMESTAMP, "When it was last used, to ten minutes; absent if never."),
    ),
)
