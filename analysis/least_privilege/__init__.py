"""Least privilege: what principals were granted against what they used, and a policy that grants no more than that."""
