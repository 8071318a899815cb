"""Builds the source distribution, from it the wheel, installs that beside nothing else, and type-checks what is there.

Run by ``make check``. The checkout's own folder, whatever its name, plays no part.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(*command: str, **environment: str) -> None:
    """Run a command in an empty folder; end with its exit code if it fails."""
    with tempfile.TemporaryDirectory() as elsewhere:
        finished = subprocess.run(command, cwd=elsewhere, env={**os.environ, **environment}, check=False)
    if finished.returncode:
        sys.exit(finished.returncode)


def main() -> None:
    """Build, install, check."""
    with tempfile.TemporaryDirectory() as folder:
        wheels, installed = Path(folder, "wheels"), Path(folder, "installed")
        build = ("-m", "build", "--no-isolation", "--outdir", str(wheels), str(ROOT))
        with tempfile.TemporaryFile() as log:
            if subprocess.run([sys.executable, *build], stdout=log, stderr=log, check=False).returncode:
                log.seek(0)
                sys.exit(log.read().decode(errors="replace"))
        (wheel,) = wheels.glob("*.whl")
        install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps")
        run(sys.executable, *install, "--target", str(installed), str(wheel))
        check = ("-m", "mypy", "--config-file", str(ROOT / "pyproject.toml"), "-p", "muniment")
        run(sys.executable, *check, "--cache-dir", str(ROOT / ".mypy_cache"), MYPYPATH=str(installed))


if __name__ == "__main__":
    main()
