"""What ``make nightly`` runs with: ``--hypothesis-profile=nightly``, without Hypothesis's limits of time."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "nightly", deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
