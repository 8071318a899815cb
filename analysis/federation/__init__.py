"""Whom a trust in an identity provider lets in: subjects of tokens and assertions, read off trust policies."""
