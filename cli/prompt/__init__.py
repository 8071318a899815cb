"""The shell's parts: statements from lines, completion, what commands do, and reading from a terminal."""
