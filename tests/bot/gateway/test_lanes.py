import asyncio
from contextlib import suppress

from bot.gateway.lanes import Lanes


def test_who_comes_first_goes_first_and_the_lane_is_cleared_away():
    async def drive() -> tuple[list[int], int]:
        lanes, order = Lanes(), []

        async def travel(number: int) -> None:
            async with lanes.of("citizen"):
                await asyncio.sleep(0.01 / (number + 1))
                order.append(number)

        await asyncio.gather(*(travel(number) for number in range(5)))
        return order, len(lanes)

    assert asyncio.run(drive()) == ([0, 1, 2, 3, 4], 0)


def test_different_citizens_do_not_wait_for_each_other():
    async def drive() -> int:
        lanes, seen = Lanes(), []
        async with lanes.of("slow"), asyncio.timeout(1), lanes.of("quick"):
            seen.append(len(lanes))
        return sum(seen)

    assert asyncio.run(drive()) == 2


def test_a_failure_in_the_lane_lets_the_next_one_pass():
    async def drive() -> int:
        lanes = Lanes()
        for _ in range(2):
            with suppress(ZeroDivisionError):
                async with lanes.of("citizen"):
                    _ = 1 / 0
        return len(lanes)

    assert asyncio.run(drive()) == 0
