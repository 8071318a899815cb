"""The declarations: every module here is found automatically, and every Kind or Relationship in it counts."""
