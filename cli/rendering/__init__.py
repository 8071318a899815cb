"""Answers as people and programs want them: tables, JSON, CSV, Markdown."""
