"""Asking the trainer's service, as the tests of it do."""

import asyncio
import time
from contextlib import asynccontextmanager

from aiohttp.test_utils import TestClient, TestServer

from nlu.trainer.service import Trainer

TOKEN = "a token of this test"  # noqa: S105 - opens nothing
PATIENCE_SECONDS = 120
FORMS = ["证件让扒手摸走", "钱包里那张卡没影了"]


@asynccontextmanager
async def trainer_of(places, token=TOKEN):
    places.models.vectors.touch()  # else every start computes them in the background
    server = TestServer(Trainer(places, token).app())
    async with TestClient(server, headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        yield client


async def told(response):
    return response.status, await response.json(content_type=None)


async def ended(client, version):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        _, about = await told(await client.get(f"/trainings/{version}"))
        if about["state"] != "running":
            return about
        assert time.monotonic() < deadline, about
        await asyncio.sleep(0.1)


def wanted(store, version="r1"):
    entries = [entry.plain() for entry in store.entries]
    changed = entries[0] | {"variants": [*entries[0]["variants"], *FORMS]}
    change = {"id": "1", "slug": changed["slug"], "entry": changed}
    return {"version": version, "entries": entries, "changes": [change]}
