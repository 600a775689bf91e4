"""`.env.example` lists every setting with its default, and nothing else."""

import json
import re
from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo

from config.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE_ACCOUNT = "town"
LINE = re.compile(r"^#? ?(?P<name>[A-Z][A-Za-z0-9_]+)=(?P<value>.*)$")


def listed() -> dict[str, str]:
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    found = (LINE.match(line) for line in text.splitlines())
    return {line["name"]: line["value"] for line in found if line}


def account_model(field: FieldInfo) -> type[BaseModel] | None:
    """Return the model of a setting that maps account names to accounts."""
    for part in get_args(field.annotation):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
    return None


def as_text(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        return json.dumps(value)
    return str(value)


def known() -> dict[str, str]:
    """Every name the settings understand, with its default; empty where one must be given."""
    names = {}
    for name, field in Settings.model_fields.items():
        model = account_model(field)
        if model is None:
            shown = str(field.validation_alias or f"DESK_{name.upper()}")
            names[shown] = "" if field.is_required() else as_text(field.get_default())
        else:
            start = f"DESK_{name.upper()}__{EXAMPLE_ACCOUNT}__"
            names |= {f"{start}{inner.upper()}": "" for inner in model.model_fields}
    return names


def test_every_setting_is_listed():
    missing = [f"{name}={value}" for name, value in known().items() if name not in listed()]

    assert missing == []


def test_nothing_else_is_listed():
    assert sorted(listed().keys() - known().keys()) == []


@pytest.mark.parametrize("name", [name for name, value in known().items() if value])
def test_the_listed_value_is_the_default(name: str):
    assert listed().get(name) == known()[name]


def test_no_secret_is_given_away():
    secrets = [
        f"DESK_{name.upper()}"
        for name, field in Settings.model_fields.items()
        if field.annotation is SecretStr
    ]

    assert {name: listed().get(name) for name in secrets} == dict.fromkeys(secrets, "")
