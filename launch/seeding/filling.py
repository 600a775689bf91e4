"""Fills an empty database with the whole demo, or with nothing of it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter
from sqlalchemy.orm import Session

from core.bootstrap import Core
from core.cases import queries as cases
from core.clock import office_date
from core.conversations import queries as conversations
from core.departments import queries as departments
from core.knowledge import queries as knowledge
from core.knowledge.services import EntryDraft
from core.operators import queries as operators
from launch.programs import ROOT
from launch.seeding import faq, office
from launch.seeding.cases import Matter
from launch.seeding.chats import Chat
from launch.seeding.moments import Moment, Told
from launch.seeding.office import Person, Unit
from launch.seeding.story import Cast, Scene, play

FOLDER = ROOT / "config" / "seeds"

FOUNDED = Moment(working_days_ago=40, at="09:00")
KNOWLEDGE_PUBLISHED = Moment(working_days_ago=35, at="09:00")
ON_DUTY_SINCE = Moment(minutes_ago=45)


class ReviewSoon(Told):
    slug: str
    in_days: int


@dataclass(frozen=True)
class Told_:
    pass
