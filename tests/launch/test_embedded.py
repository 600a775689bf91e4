import os
from pathlib import Path

import psycopg
import pytest
import redis

from launch.embedded import (
    POSTGRES_BINARIES,
    require_postgres,
    require_redis,
    start_postgres,
    start_valkey,
)
from launch.failures import LaunchFailed
from launch.ports import free_ports
from tests.launch.waiting import wait_until


def answers(url: str) -> bool:
    try:
        psycopg.connect(url).close()
    except psycopg.OperationalError:
        return False
    return True


def test_postgres_keeps_its_data_between_starts(tmp_path: Path):
    with start_postgres(tmp_path, durable=False) as server, psycopg.connect(server.url) as once:
        once.execute("CREATE TABLE kept AS SELECT '清河县' AS name")

    with (
        start_postgres(tmp_path, durable=False) as postgres,
        psycopg.connect(postgres.url) as again,
    ):
        assert again.execute("SELECT name FROM kept").fetchall() == [("清河县",)]


def test_postgres_knows_vectors_and_sorts_alike_everywhere(tmp_path: Path):
    with (
        start_postgres(tmp_path, durable=False) as postgres,
        psycopg.connect(postgres.url) as opened,
    ):
        opened.execute("CREATE EXTENSION vector")
        locale = opened.execute(
            "SELECT datlocprovider, datlocale FROM pg_database WHERE datname = current_database()"
        ).fetchone()

    assert locale == ("b", "C.UTF-8")


def test_a_killed_postgres_comes_back_with_what_was_committed(tmp_path: Path):
    with start_postgres(tmp_path) as postgres:
        with psycopg.connect(postgres.url) as before:
            before.execute("CREATE TABLE kept AS SELECT 1 AS one")

        postgres.process.kill()

        wait_until(lambda: postgres.process.deaths)
        wait_until(lambda: answers(postgres.url))
        with psycopg.connect(postgres.url) as after:
            assert after.execute("SELECT one FROM kept").fetchone() == (1,)


def test_the_mark_of_a_server_long_gone_does_not_block_the_start(tmp_path: Path):
    start_postgres(tmp_path, durable=False).stop()
    (tmp_path / "postgres" / "postmaster.pid").write_text(f"{os.getpid()}\n/elsewhere\n1\n5432\n")

    with start_postgres(tmp_path, durable=False) as postgres:
        assert answers(postgres.url)


def test_a_path_too_long_for_a_socket_does_not_matter(tmp_path: Path):
    with start_postgres(tmp_path / ("long" * 25), durable=False) as postgres:
        assert answers(postgres.url)


def test_data_of_another_postgres_version_is_refused_in_words(tmp_path: Path):
    start_postgres(tmp_path, durable=False).stop()
    (tmp_path / "postgres" / "PG_VERSION").write_text("16\n")

    with pytest.raises(LaunchFailed, match="PostgreSQL 16"):
        start_postgres(tmp_path, durable=False)


def test_a_postgres_that_cannot_start_says_why(tmp_path: Path):
    start_postgres(tmp_path, durable=False).stop()
    (tmp_path / "postgres" / "postgresql.conf").write_text("no_such_setting = 1\n")

    with pytest.raises(LaunchFailed, match="no_such_setting"):
        start_postgres(tmp_path, durable=False)


def test_valkey_keeps_its_data_between_starts(tmp_path: Path):
    with start_valkey(tmp_path) as valkey, redis.Redis.from_url(valkey.url) as once:
        once.set("kept", "工单")

    with start_valkey(tmp_path) as valkey, redis.Redis.from_url(valkey.url) as again:
        assert again.get("kept") == "工单".encode()


def test_valkey_does_not_answer_without_its_password(tmp_path: Path):
    with start_valkey(tmp_path) as valkey:
        stranger = "redis://" + valkey.url.partition("@")[2]
        with redis.Redis.from_url(stranger) as client, pytest.raises(redis.AuthenticationError):
            client.ping()


def test_the_wheel_brings_the_tools_for_backups():
    assert (POSTGRES_BINARIES / "pg_dump").exists()


def test_a_named_server_that_does_not_answer_is_told_by_its_setting():
    [nobody] = free_ports(1)

    with pytest.raises(LaunchFailed, match="DATABASE_URL"):
        require_postgres(f"postgresql://desk@127.0.0.1:{nobody}/desk")
    with pytest.raises(LaunchFailed, match="REDIS_URL"):
        require_redis(f"redis://127.0.0.1:{nobody}/0")


def test_an_address_that_is_none_is_told_by_its_setting_too():
    with pytest.raises(LaunchFailed, match="DATABASE_URL"):
        require_postgres("mysql://127.0.0.1/desk")
    with pytest.raises(LaunchFailed, match="REDIS_URL"):
        require_redis("127.0.0.1:6379")
