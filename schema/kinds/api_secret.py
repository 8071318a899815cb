"""What all processes of the API must know and nobody else."""

from __future__ import annotations

from ..model import Field, Kind, Type

API_SECRET = Kind(
    "ApiSecret",
    "A secret that all processes of the API on this register share. No saved question may name it.",
    extends="Record",
    private=True,
    identifier="What it is for: `places`.",
    fields=(Field("value", Type.STRING, "Random, in hexadecimal digits."),),
)
