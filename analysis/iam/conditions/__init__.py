"""When something holds: patterns, context keys, operators, and formulas of what is not known yet."""
