"""A disk without a free byte: the training fails and says why, the live model stays."""

import asyncio
import subprocess
from contextlib import suppress

import pytest

from nlu.tests.trainer.asking import ended, told, trainer_of, wanted
from nlu.trainer.folder import ModelFolder
from nlu.trainer.preparing import prepare
from nlu.trainer.training import Places


@pytest.fixture
def small_disk(tmp_path):
    """A disk of one megabyte; only root may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def fill(disk):
    """Leave no byte free."""
    with suppress(OSError), (disk / "filled").open("wb", buffering=0) as out:
        while True:
            out.write(b"x" * 512)


@pytest.mark.parametrize("fills_up", ["before", "meanwhile"])
def test_a_full_disk_ends_the_training_and_leaves_the_live_model(
    small_disk, base, nlu_data, store, fills_up
):
    places = Places(ModelFolder(small_disk / "models"), base, nlu_data)
    prepare(places)
    live = places.models.live().read_bytes()

    async def run():
        async with trainer_of(places) as client:
            if fills_up == "before":
                fill(small_disk)
                refused = await told(await client.post("/trainings", json=wanted(store)))
                failure = refused[1]
            else:
                await client.post("/trainings", json=wanted(store))
                fill(small_disk)
                failure = (await ended(client, "r1"))["failure"]
            served = places.models.live().read_bytes()
            (small_disk / "filled").unlink()
            await client.post("/trainings", json=wanted(store, "r2"))
            about = await ended(client, "r2")
            kept = await told(await client.post("/models/r2/keep"))
            return failure, served, about, kept

    failure, served, about, (_, kept) = asyncio.run(run())

    assert failure["code"] == "disk_full"
    assert "No space left" in failure["detail"]
    assert served == live
    assert about["report"]["verdict"] == "passed"
    assert kept["is_whole"]


def test_a_disk_that_is_full_when_the_model_is_kept_leaves_the_live_model(
    small_disk, base, nlu_data, store
):
    places = Places(ModelFolder(small_disk / "models"), base, nlu_data)
    prepare(places)
    live = places.models.live().read_bytes()

    async def run():
        async with trainer_of(places) as client:
            await client.post("/trainings", json=wanted(store))
            await ended(client, "r1")
            fill(small_disk)
            full = await told(await client.post("/models/r1/keep"))
            (small_disk / "filled").unlink()
            return full, await told(await client.post("/models/r1/keep"))

    (status, refusal), (_, kept) = asyncio.run(run())

    assert (status, refusal["code"]) == (507, "disk_full")
    assert kept["is_whole"]
    assert places.models.live().read_bytes() == live
