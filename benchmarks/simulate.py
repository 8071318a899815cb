"""How many requests are decided in a second on one core, by the library and by the command."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import orjson
from muniment.analysis.iam.simulate import simulate
from muniment.cli.garbage import RARE, little_garbage

from .measure import Figure, muniment
from .requests import distinct, requests

REQUESTS = 60_000
FIRST = 20_000
DISTINCT = 4_000
BATCH = 100
TARGET = 20_000


def figures() -> Iterator[Figure]:
    """Requests whose policies recur, sixty a principal, as in a file of one organization's; the first of them again;
    then with nothing known of the context; requests of which no two share a policy; and all as a process on a file.
    """
    lines = [orjson.dumps(request) for request in requests(REQUESTS)]
    first = lines[:FIRST]
    yield Figure("requests", len(lines), "")
    yield Figure("a request, on average", sum(map(len, lines)) / len(lines) / 1000, "kB")
    words: Counter[object] = Counter()
    begun = _seconds(first, words)
    yield Figure("decisions in a second, the first third", len(first) / begun, "")
    seconds = begun + _seconds(lines[FIRST:], words)
    yield Figure("decisions in a second, all", len(lines) / seconds, "", TARGET, at_least=True)
    yield Figure(
        "the first third again: every policy was seen", len(first) / _seconds(first), "", TARGET, at_least=True
    )
    for word, count in sorted(words.items()):
        yield Figure(f"answered {word}", 100 * count / len(lines), "%")
    discover = [orjson.dumps(orjson.loads(line) | {"mode": "discover", "context": {}}) for line in first]
    yield Figure("decisions in a second, the context unknown", len(discover) / _seconds(discover), "")
    others = [orjson.dumps(request) for request in distinct([orjson.loads(line) for line in lines[:DISTINCT]])]
    yield Figure("decisions in a second, no policy twice", len(others) / _seconds(others), "")
    with TemporaryDirectory(prefix="muniment-bench-") as folder:
        path = Path(folder) / "requests.jsonl"
        path.write_bytes(b"\n".join(lines))
        ended = muniment("simulate", str(path), environment={})
    assert ended.output.count(b"\n") == len(lines)
    per_second = len(lines) / ended.processor
    yield Figure("muniment simulate: lines in a second of the processor", per_second, "", TARGET, at_least=True)


def _seconds(lines: list[bytes], words: Counter[object] | None = None) -> float:
    """The processor seconds that deciding takes, without those of decoding the lines, of which a batch is held.

    Garbage is looked for as rarely as the command does: what is remembered of policies is none.
    """
    spent = 0.0
    with little_garbage(RARE):
        for start in range(0, len(lines), BATCH):
            asked = [orjson.loads(line) for line in lines[start : start + BATCH]]
            started = time.process_time()
            answers = [simulate(request) for request in asked]
            spent += time.process_time() - started
            if words is not None:
                words.update(answer["decision"] for answer in answers)
    return spent
