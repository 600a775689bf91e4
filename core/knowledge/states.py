"""Where an entry stands, and what its answer rests on."""

from enum import StrEnum


class EntryState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class EntryScope(StrEnum):
    NATIONAL = "national"  # rests on national law alone
    LOCAL = "local"  # a frame from national law; the office must add what is local
    PLATFORM = "platform"  # a rule of this desk itself
