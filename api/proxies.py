"""Proxies that are believed where requests come from: those that ``proxies`` under ``[api]`` or MUNIMENT_API_PROXIES
names, none by default.

What ``X-Forwarded-For`` and ``X-Forwarded-Proto`` say is anybody's to write. From a connection of such a proxy the
address counts that it added itself: the last one that is no such proxy's, however many were written before it.
"""

from __future__ import annotations

from ipaddress import ip_network

from ..errors import SettingsError
from ..settings import Settings


def proxies_believed(settings: Settings) -> list[str]:
    """The addresses and networks that the settings name; SettingsError for what is none, and for all there are."""
    named = settings.table("api").get("proxies", list(settings.api_proxies))
    if not isinstance(named, list):
        raise SettingsError("api.proxies in the settings file is not a list", 'Write ["10.0.0.0/24"].')
    for one in named:
        try:
            found = ip_network(str(one))
        except ValueError as error:
            raise SettingsError(f"{one!r} is no address and no network: {error}", 'Write "10.0.0.0/24".') from error
        if not found.prefixlen:
            raise SettingsError(f"{one!r} is everybody", "Name the network that your ingress is in.")
    return [str(one) for one in named]
