"""Measurements against published targets, on real components: `python -m benchmarks` at the root of the repository."""
