"""How long a browser takes to draw the chains of transmission of a large outbreak, as tree and as network.

python -m bench.pictures         2,000 cases      --quick   200 cases

Debian's chromium, headless, asks `sizao serve` over loopback. Each figure is the median of several loads, from the
start of the navigation until the picture is drawn (tree, network) or, without asking the server again, from the press
of a button until the next frame is painted. "× empty" is that time against the same page of an incident without a
case, measured in the same run. Needs chromium.
"""

import argparse
import os
import shutil
import statistics
import tempfile
from datetime import timedelta

FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]
LINKED = 0.85  # share of cases whose source is known
DRAWN = "performance.getEntriesByName('chains-drawn')[0]?.startTime"
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"
#: Presses a button of the picture and waits until the frame after it is painted.
PRESSED = """(nth) => new Promise((done) => {
    const began = performance.now();
    document.querySelectorAll(".picture-buttons button")[nth].click();
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - began)));
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    program = shutil.which("chromium")
    if not program:
        raise SystemExit("chromium is not installed (Debian: apt-get install chromium)")
    n, times = (200, 2) if options.quick else (2_000, 5)
    with tempfile.TemporaryDirectory(prefix="sizao-bench-") as folder:
        os.environ |= {"SIZAO_HOME": folder, "SIZAO_TASKS": "django_tasks.backends.immediate.ImmediateBackend"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "sizao.config.settings"
        import django

        django.setup()
        from bench.outbreak import filled

        outbreak = filled(n)
        link(outbreak, n)
        empty = outbreak._opened()
        session = outbreak.readers()["nation"][0]
        measure(program, {"full": outbreak.incident.pk, "empty": empty.pk}, session, times)


def link(outbreak, n: int) -> None:
    """Each case but some is infected by an earlier one; a few of these infect very many."""
    import numpy as np
    import polars as pl

    from bench.outbreak import AT
    from sizao.ops.tracing.actions import record_exposures

    rng = np.random.default_rng(20251122)
    weight = rng.gamma(0.2, size=n)  # few infect most
    rows = []
    for case in range(1, n):
        if rng.random() < LINKED:
            start = max(0, case - n // 4)
            near = weight[start:case]
            source = start + int(rng.choice(case - start, p=near / near.sum()))
            rows.append((case, f"B{source:08d}", f"B{case:08d}", ("household", "workplace")[case % 2]))
    frame = pl.DataFrame(rows, schema=["row", "source_id", "exposed_id", "setting"], orient="row")
    done = record_exposures(incident=outbreak.incident, records=frame, by=outbreak.writer, at=AT + timedelta(hours=1))
    print(f"{n:,} cases, {done.created:,} of them with a known source")


def measure(program: str, incidents: dict[str, int], session: str, times: int) -> None:
    from playwright.sync_api import sync_playwright

    from bench.served import served

    with served("--no-worker") as (_pid, port), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=FLAGS)
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        site = f"http://127.0.0.1:{port}"
        context.add_cookies([{"name": "sessionid", "value": session, "url": site}])
        page = context.new_page()
        print(f"{'':28} {'ms':>8} {'× empty':>8}")
        address = f"{site}/incidents/{{}}/chains/"
        empty = _loads(page, address.format(incidents["empty"]), LOADED, times)
        _line("empty page", empty, empty)
        for name, query in (("tree", ""), ("network", "?view=network")):
            _line(f"{name} drawn", _loads(page, address.format(incidents["full"]) + query, DRAWN, times), empty)
            for nth, button in enumerate(("closer", "further away", "show all")):
                _line(f"{name}, {button}", statistics.median(page.evaluate(PRESSED, nth) for _ in range(times)), empty)
        browser.close()
    print(f"load of the machine (1 minute): {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _loads(page, address: str, moment: str, times: int) -> float:
    """Milliseconds until the moment, the first load, which fills the browser's cache, left out."""
    found = []
    for _ in range(times + 1):
        answer = page.goto(address)
        if answer.status != 200 or answer.request.redirected_from:
            raise SystemExit(f"{address}: {answer.status} {answer.url}")
        while not (took := page.evaluate(moment)):  # the pages' policy allows no function to wait for
            page.wait_for_timeout(20)
        found.append(took)
    return statistics.median(found[1:])


def _line(name: str, ms: float, empty: float) -> None:
    print(f"{name:28} {ms:8.0f} {ms / empty:8.1f}", flush=True)


if __name__ == "__main__":
    main()
