"""Requests that come together are read together."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

from scrawl.serve.batching import Batcher


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


def test_a_call_takes_so_many_digits_and_what_nobody_waits_for_is_left_out():
    calls = []

    async def ask():
        with ThreadPoolExecutor(1) as pool:
            batcher = Batcher(lambda items: calls.append(items) or items, pool, 4, len)
            futures = [batcher.submit("x" * size) for size in (3, 1, 2, 7, 1)]
            futures[1].cancel()
            return await asyncio.gather(*futures, return_exceptions=True)

    asyncio.run(ask())
    assert calls == [["xxx"], ["xx"], ["xxxxxxx"], ["x"]]
