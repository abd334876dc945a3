"""Many clients asking one server without pause, each on its own connection: how long answers take.

Run as a program of its own, so that its work is not the server's:
`python -m bench.clients PORT SECONDS CLIENTS < requests.json` prints what `Answers` holds as JSON.
"""

import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass
from itertools import cycle


@dataclass(frozen=True)
class Answers:
    """What came back: how many, how many were not 200, seconds it took, and the time of answers in milliseconds."""

    n: int
    n_wrong: int
    seconds: float
    p50_ms: float
    p95_ms: float


class Client(asyncio.Protocol):
    """Asks, waits for the whole answer, notes the time, asks again."""

    def __init__(self, requests, times: list[float], until: float, done: asyncio.Future):
        self.requests, self.times, self.until, self.done = requests, times, until, done
        self.received, self.length, self.wrong = bytearray(), -1, 0

    def connection_made(self, transport):
        self.transport = transport
        self.ask()

    def ask(self):
        if time.perf_counter() >= self.until:
            self.transport.close()
            return
        self.received, self.length, self.started = bytearray(), -1, time.perf_counter()
        self.transport.write(next(self.requests))

    def data_received(self, data: bytes):
        self.received += data
        if self.length < 0 and (end := self.received.find(b"\r\n\r\n")) > 0:
            self.length = end + 4 + _body_length(self.received[:end])
        if self.length >= 0 and len(self.received) >= self.length:
            self.times.append(time.perf_counter() - self.started)
            self.wrong += not self.received.startswith(b"HTTP/1.1 200")
            self.ask()

    def connection_lost(self, problem):
        self.done.set_result(self.wrong)


def _body_length(head: bytes | bytearray) -> int:
    for line in bytes(head).lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    raise ValueError(f"the answer has no length: {bytes(head[:200])!r}")


async def ask_all(port: int, seconds: float, n_clients: int, requests: list[bytes]) -> Answers:
    """Every client goes round all requests, each from another start."""
    loop, times, begin = asyncio.get_running_loop(), [], time.perf_counter()
    waiting = []
    for number in range(n_clients):
        done = loop.create_future()
        turn = number % len(requests)
        mine = cycle(requests[turn:] + requests[:turn])
        await loop.create_connection(lambda m=mine, d=done: Client(m, times, begin + seconds, d), "127.0.0.1", port)
        waiting.append(done)
    wrong = sum(await asyncio.gather(*waiting))
    took, ordered = time.perf_counter() - begin, sorted(times)
    return Answers(len(times), wrong, took, _share(ordered, 0.5), _share(ordered, 0.95))


def _share(ordered: list[float], share: float) -> float:
    return 1000 * ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else float("nan")


def main() -> None:
    port, seconds, clients = int(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    requests = [text.encode() for text in json.load(sys.stdin)]
    print(json.dumps(asdict(asyncio.run(ask_all(port, seconds, clients, requests)))))


if __name__ == "__main__":
    main()
