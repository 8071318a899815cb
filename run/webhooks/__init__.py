"""Webhooks: what a run changed that somebody must know, and its delivery."""
