"""A virtual environment with packages from PyPI, in target/python/NAME, installed once."""

import fcntl
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[3]
CANNOT_INSTALL = 77
LIMIT_SECONDS = 300


def run_in(name: str, packages: list[str]) -> None:
    """Returns in a Python that has the packages: if this one is another, it runs the script again.

    Ends with 77 if they cannot be installed.
    """
    folder = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "python" / name
    if pathlib.Path(sys.prefix) == folder.resolve():
        return
    python, done = folder / "bin/python", folder / "installed"
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Two at once would break each other's installation.
    with open(folder.with_suffix(".lock"), "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = "\n".join(packages)
        if not done.exists() or done.read_text() != wanted:
            pip = [python, "-m", "pip", "install", "-q", "--timeout", "20", "--retries", "1", *packages]
            for command in ([sys.executable, "-m", "venv", folder], pip):
                if subprocess.run(command, stdout=sys.stderr, timeout=LIMIT_SECONDS).returncode:
                    print(f"{', '.join(packages)} cannot be installed", file=sys.stderr)
                    sys.exit(CANNOT_INSTALL)
            done.write_text(wanted)
    os.execv(python, [python, *sys.argv])
