"""How many requests are decided in a second on one core, by the library and by the command."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from muniment.analysis.iam.simulate import simulate

from .account import Document
from .measure import Figure, muniment
from .requests import distinct, requests

REQUESTS = 20_000
DISTINCT = 4_000
LINES = 60_000
TARGET = 20_000


def figures() -> Iterator[Figure]:
    """Requests whose policies recur, as in a file of one organization's; requests of which no two share a policy; and
    the first as a whole process that reads and writes files.
    """
    asked = list(requests(REQUESTS))
    lines = [orjson.dumps(request) for request in asked]
    yield Figure("requests", len(asked), "")
    yield Figure("principals", len({request["principal"] for request in asked}), "")
    yield Figure("a request, on average", sum(map(len, lines)) / len(lines) / 1000, "kB")
    seconds, words = _decided(asked)
    for word, count in sorted(words.items()):
        yield Figure(f"answered {word}", 100 * count / len(asked), "%")
    yield Figure("decisions in a second, policies recur", len(asked) / seconds, "", TARGET, at_least=True)
    others = distinct(asked[:DISTINCT])
    yield Figure("decisions in a second, no policy twice", len(others) / _decided(others)[0], "")
    discover = [{**request, "mode": "discover", "context": {}} for request in asked]
    yield Figure("decisions in a second, nothing known of the context", len(asked) / _decided(discover)[0], "")
    with TemporaryDirectory(prefix="muniment-bench-") as folder:
        path = Path(folder) / "requests.jsonl"
        path.write_bytes(b"\n".join(lines * (LINES // REQUESTS)))
        ended = muniment("simulate", str(path), environment={})
    assert ended.output.count(b"\n") == LINES
    yield Figure("muniment simulate, lines in a second", LINES / ended.seconds, "")


def _decided(asked: list[Document]) -> tuple[float, Counter[object]]:
    words: Counter[object] = Counter()
    started = time.process_time()
    for request in asked:
        words[simulate(request)["decision"]] += 1
    return time.process_time() - started, words
