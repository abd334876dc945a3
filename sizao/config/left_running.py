"""Which worker is which: machine, process and when the process began, so that a number used again is another worker."""

import os
import socket
from pathlib import Path


def worker_id() -> str:
    """This process as a worker."""
    pid = os.getpid()
    return f"{socket.gethostname()[:30]}.{pid}.{_began(pid)}"


def is_gone(worker: str) -> bool:
    """Whether a worker of this machine lives no more. Of another machine's nobody here can say."""
    host, _, rest = worker.rpartition(".")[0].rpartition(".")
    began = worker.rpartition(".")[2]
    return host == socket.gethostname()[:30] and rest.isdigit() and _began(int(rest)) != began


def _began(pid: int) -> str:
    """When a process began, in ticks since the machine did; empty when there is none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
    except (FileNotFoundError, ProcessLookupError):
        return ""
