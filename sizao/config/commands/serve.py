"""`sizao serve`: the application and its worker on this machine, until Ctrl-C."""

import argparse
import signal
import subprocess
import sys

from sizao.config.commands import speaking
from sizao.ops.governance.models import User
from sizao.vocabulary.text import N_


def main(argv: list[str]) -> int:
    parser = speaking.Parser(prog="sizao serve", about=N_("serve the application on this machine"), details=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1", help=N_("loopback unless you put a TLS server in front"))
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args(argv)
    signal.signal(signal.SIGTERM, _stop)
    worker = subprocess.Popen([sys.executable, "-m", "sizao", "worker"])
    web = subprocess.Popen(_granian(options))
    _greet(options)
    try:
        return web.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        for process in (web, worker):
            _end(process)


def _granian(options: argparse.Namespace) -> list[str]:
    return [
        sys.executable, "-m", "granian", "--interface", "wsgi", "--host", options.host, "--port", str(options.port),
        "--workers", str(options.workers), "--blocking-threads", "4", "--backpressure", "256", "--no-ws",
        "--log-level", "warning", "sizao.config.wsgi:application",
    ]  # fmt: skip


def _greet(options: argparse.Namespace) -> None:
    address = f"http://{options.host}:{options.port}/"
    speaking.tell(N_("Sizao 四早 is at {address}  (Ctrl-C stops it)", address=address), start="\n")
    people = User.objects.filter(is_demonstration=True).order_by("id")
    if people:
        from sizao.config.commands.demo import PASSWORD

        speaking.tell(N_("Log in as one of these, all with the password “{password}”:", password=PASSWORD))
        for user in people:
            print(f"  {user.username:<14} {user.display_name}")
        print(flush=True)


def _stop(_signal, _frame) -> None:
    raise KeyboardInterrupt


def _end(process: subprocess.Popen) -> None:
    """Ask, wait, then insist."""
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
