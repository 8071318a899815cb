"""Pages of other places that browsers let ask here: none, unless ``origins`` under ``[api]`` names them."""

from __future__ import annotations

from urllib.parse import urlsplit

from ..errors import SettingsError
from ..settings import Settings

ALLOWED = ("authorization", "content-type", "if-none-match", "muniment-max-age")
"""Headers that such pages may send."""
SHOWN = ("etag", "retry-after", "muniment-complete", "muniment-exit-code", "muniment-as-of")
"""Headers of answers that they may read."""


def origins_let_in(settings: Settings) -> tuple[str, ...]:
    """The origins that the settings name; SettingsError for what is none, and for ``*``, which is everybody."""
    named = settings.table("api").get("origins", [])
    if not isinstance(named, list):
        raise SettingsError("api.origins in the settings file is not a list", 'Write ["https://console.example.com"].')
    for origin in named:
        parts = urlsplit(str(origin))
        if parts.scheme not in ("http", "https") or not parts.netloc or origin != f"{parts.scheme}://{parts.netloc}":
            raise SettingsError(f"{origin!r} is no origin", "Write a scheme and a name: https://console.example.com")
    return tuple(named)
