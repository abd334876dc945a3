"""`sizao serve`: the application and its worker on this machine, until Ctrl-C.

The application is loaded once, here, and every process that serves is a fork of this one, so that they share its
memory. Until all of them are forked nothing is asked of the database and nothing is computed: neither connections
nor pools of threads survive a fork.
"""

import argparse
import gc
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.process import BaseProcess

from sizao.config.commands import speaking
from sizao.vocabulary.text import N_

FORK = get_context("fork")
#: Two processes answer 50 busy clients on two cores; four threads let a quick page pass a slow one (docs/explanation).
WEB_PROCESSES, THREADS = min(2, os.cpu_count() or 1), 4


def main(argv: list[str]) -> int:
    parser = speaking.Parser(prog="sizao serve", about=N_("serve the application on this machine"), details=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--host", default="127.0.0.1", help=N_("loopback unless you put a TLS server in front"))
    parser.add_argument("--workers", type=int, default=WEB_PROCESSES, help=N_("processes that answer pages"))
    parser.add_argument("--threads", type=int, default=THREADS, help=N_("threads of each of these processes"))
    alone = N_("pages alone; `sizao worker` runs elsewhere")
    parser.add_argument("--no-worker", action="store_true", help=alone)
    options = parser.parse_args(argv)
    application = loaded()
    worker = None if options.no_worker else forked(_work)
    forked(_greet, options.host, options.port).join()
    with suppress(KeyboardInterrupt):
        try:
            serve_pages(application, options)
        finally:
            if worker:
                end(worker)
    return 0


def loaded() -> Callable:
    """The application with all its pages, frozen: what is here now is never looked through for garbage again, so
    that the forks go on sharing it."""
    from django.urls import get_resolver

    from sizao.config.commands import worker  # noqa: F401  the worker is a fork too
    from sizao.config.wsgi import application

    get_resolver().url_patterns  # noqa: B018  imports every page
    gc.collect()
    gc.freeze()
    return application


def forked(work: Callable[..., None], *values: object) -> BaseProcess:
    """A process of ours that does `work`."""
    process = FORK.Process(target=work, args=values)
    process.start()
    return process


def serve_pages(application: Callable, options: argparse.Namespace) -> None:
    """Answer pages until told to stop. The server forks its processes from this one."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    server = Granian(
        "sizao.config.wsgi:application", options.host, options.port, interface=Interfaces.WSGI,
        workers=options.workers, blocking_threads=options.threads, backpressure=256, websockets=False,
        log_level=LogLevels.warning,
    )  # fmt: skip
    server.serve(target_loader=lambda _name: application)


def _work() -> None:
    from sizao.config.commands.worker import main as work

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is told, and ends this process
    work([])


def _greet(host: str, port: int) -> None:
    from sizao.config.demonstration.people import PASSWORD
    from sizao.ops.governance.models import User

    address = f"http://{host}:{port}/"
    speaking.tell(N_("Sizao 四早 is at {address}  (Ctrl-C stops it)", address=address), start="\n")
    people = User.objects.filter(is_demonstration=True).order_by("id")
    if people:
        speaking.tell(N_("Log in as one of these, all with the password “{password}”:", password=PASSWORD))
        for user in people:
            print(f"  {user.username:<14} {user.display_name}")
        print(flush=True)


def end(process: BaseProcess) -> None:
    """Ask, wait, then insist."""
    process.terminate()
    process.join(timeout=10)
    if process.is_alive():
        process.kill()
        process.join()
