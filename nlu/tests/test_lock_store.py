import asyncio
import gc

import pytest
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig

from nlu.lock_store import InProcessLockStore


def test_rasa_builds_it_from_its_configuration():
    configuration = EndpointConfig(type="nlu.lock_store.InProcessLockStore")

    assert isinstance(LockStore.create(configuration), InProcessLockStore)


def test_turns_of_one_conversation_follow_each_other_in_order():
    async def scenario():
        store, seen = InProcessLockStore(), []

        async def turn(number):
            async with store.lock("7"):
                seen.append(("begin", number))
                await asyncio.sleep(0)
                seen.append(("end", number))

        await asyncio.gather(*(turn(number) for number in range(4)))
        return seen

    seen = asyncio.run(scenario())

    assert seen == [(what, number) for number in range(4) for what in ("begin", "end")]


def test_other_conversations_do_not_wait():
    async def scenario():
        store = InProcessLockStore()
        async with store.lock("7"), store.lock("8", lock_lifetime=0.01):
            return True

    assert asyncio.run(scenario())


def test_who_waits_too_long_is_told():
    async def scenario():
        store = InProcessLockStore()
        async with store.lock("7"), store.lock("7", lock_lifetime=0.01):
            pass

    with pytest.raises(LockError):
        asyncio.run(scenario())


def test_a_turn_that_fails_frees_the_conversation_and_leaves_nothing_behind():
    async def scenario():
        store = InProcessLockStore()
        with pytest.raises(RuntimeError):
            async with store.lock("7"):
                raise RuntimeError
        async with store.lock("7", lock_lifetime=0.01):
            pass
        gc.collect()
        return len(store._locks)

    assert asyncio.run(scenario()) == 0
