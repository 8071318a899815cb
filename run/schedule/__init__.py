"""Scheduled ingestion: what is declared, when it is due, and the process that sees to it."""
