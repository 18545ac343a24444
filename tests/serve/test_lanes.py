"""Work has its turn, and ends with the request that wanted it; a full house turns away."""

import asyncio
import threading

import pytest
from starlette.requests import ClientDisconnect

from scrawl.serve.gate import Gate
from scrawl.serve.lanes import Lane, together
from scrawl.serve.refusal import RefusalError


async def staying():
    """What a request receives whose client stays."""
    await asyncio.Event().wait()


def gate(most=2, pixels=100, seconds=0.05):
    return Gate(most, pixels, seconds, lambda held: None)


class Work:
    """Work in pieces that goes on until it is told that nobody waits for it."""

    def __init__(self):
        self.began, self.ended = threading.Event(), threading.Event()

    def __call__(self, check):
        self.began.set()
        try:
            while True:
                check()
        finally:
            self.ended.set()


def test_a_gate_holds_so_many_and_so_long():
    async def ask():
        house = gate()
        late = house.run(staying, asyncio.Event().wait())
        both = asyncio.gather(
            late, house.run(staying, asyncio.sleep(0, "done")), return_exceptions=True
        )
        await asyncio.sleep(0)
        with pytest.raises(RefusalError, match=r"queue is full \(2 requests\)") as full:
            await house.run(staying, asyncio.sleep(0))
        late, done = await both
        await asyncio.sleep(0)
        return full.value, late, done, house.held

    full, late, done, held = asyncio.run(ask())
    assert (full.status, full.headers) == (503, {"retry-after": "1"})
    assert (late.status, late.message[:26]) == (503, "no answer within 0.05 seco")
    assert late.headers == {"retry-after": "1"}  # it did not come to its turn
    assert (done, held) == ("done", 0)


def test_a_gate_holds_so_many_pixels_and_one_large_picture():
    house = gate(pixels=100)
    full = pytest.raises(RefusalError, match="pictures held have 500 pixels")
    with house.room(500), full, house.room(1):
        pass
    with house.room(60), house.room(40):
        assert house.pixels == 100
    assert house.pixels == 0


def test_work_that_takes_too_long_ends_and_says_that_trying_again_is_no_use():
    async def ask():
        lane, work = Lane("test", 1, large=True), Work()
        with pytest.raises(RefusalError, match="trying again will not help") as late:
            await gate().run(staying, lane.run(work))
        await asyncio.to_thread(work.ended.wait)
        return late.value, await lane.run(lambda check: "next")

    late, after = asyncio.run(ask())
    assert (late.status, late.headers) == (503, {})
    assert after == "next"


def test_work_ends_when_its_client_is_gone():
    async def ask():
        lane, work = Lane("test", 1), Work()

        async def leaving():
            await asyncio.to_thread(work.began.wait)
            return {"type": "http.disconnect"}

        with pytest.raises(ClientDisconnect):
            await gate(seconds=60).run(leaving, lane.run(work))
        await asyncio.to_thread(work.ended.wait)
        return await lane.run(lambda check: "next")

    assert asyncio.run(ask()) == "next"


def test_work_that_waits_for_its_turn_is_forgotten_with_its_request():
    async def ask():
        lane, work, done = Lane("test", 1), Work(), []
        first = asyncio.ensure_future(lane.run(work))
        await asyncio.to_thread(work.began.wait)
        second = asyncio.ensure_future(lane.run(lambda check: done.append(2)))
        third = asyncio.ensure_future(lane.run(lambda check: done.append(3)))
        await asyncio.sleep(0)
        second.cancel()
        first.cancel()
        await third
        return done

    assert asyncio.run(ask()) == [3]


def test_the_first_error_ends_the_others():
    async def fail():
        raise ValueError("first")

    async def ask():
        other = asyncio.ensure_future(asyncio.sleep(60))

        async def wait():
            await other

        with pytest.raises(ValueError, match="first"):
            await together([wait(), fail()])
        return other.cancelled(), await together([asyncio.sleep(0, 1), asyncio.sleep(0, 2)])

    assert asyncio.run(ask()) == (True, [1, 2])
