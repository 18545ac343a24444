"""Requests that come together are read together; a full queue turns away."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from scrawl.serve.batching import Batcher, Gate
from scrawl.serve.refusal import RefusalError


def test_what_comes_while_a_call_runs_is_one_call():
    calls = []

    began, all_came = threading.Event(), threading.Event()

    def run(items):
        calls.append(list(items))
        began.set()
        all_came.wait()
        return [item * 10 for item in items]

    async def ask():
        with ThreadPoolExecutor(1) as pool:
            batcher = Batcher(run, pool, most=4)
            first = batcher.submit(0)
            await asyncio.to_thread(began.wait)
            others = [batcher.submit(item) for item in range(1, 7)]
            all_came.set()
            return await asyncio.gather(first, *others)

    assert asyncio.run(ask()) == [0, 10, 20, 30, 40, 50, 60]
    assert calls == [[0], [1, 2, 3, 4], [5, 6]]


def test_an_error_reaches_all_that_wait_and_the_next_call_is_made():
    def run(items):
        if 0 in items:
            raise ValueError("no")
        return items

    async def ask():
        with ThreadPoolExecutor(1) as pool:
            batcher = Batcher(run, pool)
            failed = await asyncio.gather(
                batcher.submit(0), batcher.submit(1), return_exceptions=True
            )
            return failed, await batcher.submit(2)

    failed, after = asyncio.run(ask())
    assert [str(error) for error in failed] == ["no", "no"]
    assert after == 2


def test_a_gate_holds_so_many_and_so_long():
    async def quick():
        return "done"

    async def ask():
        ended = asyncio.Event()
        gate = Gate(2, 0.05, lambda held: None)
        both = asyncio.gather(gate.run(ended.wait()), gate.run(quick()), return_exceptions=True)
        await asyncio.sleep(0)
        with pytest.raises(RefusalError, match=r"queue is full \(2 requests\)") as full:
            await gate.run(quick())
        late, done = await both
        held = gate.held  # the late job still works
        ended.set()
        while gate.held:
            await asyncio.sleep(0)
        return full.value, late, done, held

    full, late, done, held = asyncio.run(ask())
    assert (full.status, full.headers) == (503, {"retry-after": "1"})
    assert (late.status, late.message[:26]) == (503, "no answer within 0.05 seco")
    assert (done, held) == ("done", 1)
