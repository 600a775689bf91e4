"""Fills an empty database with the whole demo."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from core.bootstrap import Core
from core.cases import queries as cases
from core.clock import office_date
from core.conversations import queries as conversations
from core.departments import queries as departments
from core.knowledge import queries as knowledge
from core.messaging import ChannelName
from core.operators import queries as operators
from launch.programs import ROOT
from launch.seeding import faq, menus, office
from launch.seeding.cases import Matter
from launch.seeding.chats import Chat
from launch.seeding.files import read_yaml
from launch.seeding.moments import Moment
from launch.seeding.office import Person, ReviewSoon, Unit
from launch.seeding.story import Act, Cast, Scene, play

SEEDS = ROOT / "config" / "seeds"

FOUNDED = Moment(working_days_ago=40, at="09:00")
KNOWLEDGE_PUBLISHED = Moment(working_days_ago=35, at="09:00")
MENU_PUBLISHED = Moment(working_days_ago=34, at="10:00")
CAME_ON_DUTY = Moment(minutes_ago=90)


def read_seed(name: str, kind: Any) -> Any:
    """Read one of the seed files as a list of `kind`; a field nobody knows is refused."""
    return TypeAdapter(list[kind]).validate_python(read_yaml(SEEDS / f"{name}.yml"))


def is_empty(session: Session) -> bool:
    """Tell whether nobody has worked with this database yet."""
    return not (
        departments.all_departments(session)
        or operators.everybody(session)
        or conversations.recent(session, limit=1)
        or cases.listed(session, cases.CaseFilter(), limit=1)
        or knowledge.topics(session)
    )


def fill(
    core: Core,
    *,
    account: str,
    password: str,
    faq_folder: Path = faq.FOLDER,
    weibo: Collection[str] = (),
) -> Cast:
    """Tell the whole story up to now; return who and what is in it.

    `account` is the short name of the official account the citizens wrote to, `weibo` those of
    the Weibo accounts;
    `password` is what all demo accounts sign in with.
    """
    cast = Cast()
    people: list[Person] = read_seed("people", Person)
    matters: list[Matter] = read_seed("cases", Matter)
    chats: list[Chat] = read_seed("conversations", Chat)
    now = core.clock()
    reviews: list[ReviewSoon] = read_seed("knowledge", ReviewSoon)
    review_by = {
        review.slug: office_date(now) + timedelta(days=review.in_days) for review in reviews
    }

    told: list[tuple[Moment, Act]] = [
        (FOUNDED, partial(office.add_units, cast=cast, units=read_seed("organisation", Unit))),
        (FOUNDED, partial(office.add_people, cast=cast, people=people, password=password)),
        (
            KNOWLEDGE_PUBLISHED,
            partial(office.add_knowledge, drafts=faq.drafts(faq_folder, review_by=review_by)),
        ),
        (
            MENU_PUBLISHED,
            partial(
                menus.publish,
                cast=cast,
                told=read_seed("menus", menus.Menus),
                accounts=[
                    (ChannelName.WECHAT, account),
                    *((ChannelName.WEIBO, it) for it in weibo),
                ],
            ),
        ),
        (CAME_ON_DUTY, partial(office.come_on_duty, cast=cast, people=people)),
    ]
    for matter in matters:
        told += matter.acts(cast)
    in_chats = {matter.key: matter for matter in matters if matter.submitted is None}
    for chat in chats:
        told += chat.acts(cast, account=account, matters=in_chats)

    play(core, [Scene(_time_of(moment, core, now), act) for moment, act in told])
    return cast


def _time_of(moment: Moment, core: Core, now: datetime) -> datetime:
    return moment.seen_from(now, core.office.calendar)
