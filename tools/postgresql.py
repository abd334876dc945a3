"""Runs a command with a private PostgreSQL: started in a temporary folder on a socket, ended with the command.

python tools/postgresql.py COMMAND …     SIZAO_DATABASE names the server for the command
"""

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: A test server may forget everything at a power cut; it is faster that way.
SETTINGS = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c listen_addresses= -c max_connections=60"


def binaries() -> Path | None:
    """The folder of the newest installed server, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


def as_server_user(*command: str) -> list[str]:
    """PostgreSQL refuses to run as root; root runs it as the user Debian made for it."""
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else list(command)


@contextmanager
def server(settings: str = SETTINGS) -> Iterator[str]:
    """The address of a fresh server, for SIZAO_DATABASE."""
    folder = binaries()
    if folder is None:
        raise SystemExit("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    with tempfile.TemporaryDirectory(prefix="sizao-pg-") as name:
        home = Path(name)
        if os.geteuid() == 0:
            os.chown(home, pwd.getpwnam("postgres").pw_uid, -1)
        data = str(home / "data")
        quiet = {"check": True, "stdout": subprocess.DEVNULL, "cwd": home}
        init = ("-U", "sizao", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-D", data)
        subprocess.run(as_server_user(str(folder / "initdb"), *init), **quiet)
        control = (str(folder / "pg_ctl"), "-D", data, "-w")
        options = f"{settings} -c unix_socket_directories={home}"
        subprocess.run(as_server_user(*control, "-l", str(home / "log"), "-o", options, "start"), **quiet)
        try:
            yield f"postgresql://sizao@/postgres?host={home}"
        finally:
            subprocess.run(as_server_user(*control, "-m", "immediate", "stop"), **quiet)


def main(command: list[str]) -> int:
    with server() as address:
        return subprocess.run(command, env={**os.environ, "SIZAO_DATABASE": address}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
