"""A second evaluator, written from the documentation alone: see ``evaluator``."""
