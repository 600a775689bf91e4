"""`python -m launch.seeding`: fill the database of DATABASE_URL with the demo, if it is empty."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import create_engine, text
from sqlalchemy.orm import sessionmaker

from config.notices import load_notices
from config.settings import Settings
from core.bootstrap import Core, build_office
from core.database.base import driver_url
from core.events import Event
from core.operators.errors import PasswordTooWeak
from core.sealing import Seal
from launch.seeding.filling import fill, is_empty
from launch.seeding.menus import tell_simulated_platform

SEED_LOCK = 7_404_250_2


@contextmanager
def all_or_nothing(settings: Settings) -> Iterator[Core]:
    """Lend a core whose changes come true together, and only one such core at a time."""
    office = build_office(
        settings.office_name,
        settings.office_hours,
        load_notices(),
        public_url=settings.public_url,
    )
    engine = create_engine(driver_url(settings.database_url))
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": SEED_LOCK})
        factory = sessionmaker(
            connection, expire_on_commit=False, join_transaction_mode="create_savepoint"
        )
        seal = Seal(settings.data_key.get_secret_value())
        yield Core(factory, nobody_listens, office, seal, defers_jobs=False)
    engine.dispose()


def nobody_listens(event: Event) -> None:
    """Announce nothing: the past is no news to open screens."""


def main() -> int:
    settings = Settings()
    password = settings.demo_password.get_secret_value()
    try:
        with all_or_nothing(settings) as core:
            with core.session_factory() as session:
                has_data = not is_empty(session)
            if has_data:
                tell_simulated_platform(core, settings)
                print("数据库中已有数据，没有写入演示数据。")
                return 0
            cast = fill(
                core,
                account=next(iter(settings.wechat), "town"),
                password=password,
                weibo=settings.weibo,
            )
            tell_simulated_platform(core, settings)
    except PasswordTooWeak as refused:
        print(
            "没有写入演示数据：DESK_DEMO_PASSWORD 未设置或太弱，"
            f"至少 {refused.details['minimum']} 个字符，不能全是数字，不能包含账号。",
            file=sys.stderr,
        )
        return 1
    print(
        f"已写入演示数据：{len(cast.departments)} 个部门、{len(cast.operators)} 名工作人员、"
        f"{len(cast.conversations)} 个会话、{len(cast.cases)} 件工单。"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
