"""The environment the programs get on one machine: addresses, and secrets made once."""

import json
import os
import secrets
import string
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import ValidationError

from config.settings import Settings
from launch.failures import LaunchFailed
from launch.ports import free_ports

LETTERS_AND_DIGITS = string.ascii_letters + string.digits
WECHAT_ACCOUNTS = "DESK_WECHAT__"
WEIBO_ACCOUNTS = "DESK_WEIBO__"
ACCOUNTS = (WECHAT_ACCOUNTS, WEIBO_ACCOUNTS)


def letters(count: int) -> str:
    return "".join(secrets.choice(LETTERS_AND_DIGITS) for _ in range(count))


def made_once(folder: Path) -> dict[str, str]:
    """Read the development secrets of this data folder; make those it has not yet."""
    file = folder / "secrets.json"
    kept: dict[str, str] = {}
    if file.exists():
        try:
            kept = json.loads(file.read_text())
        except ValueError:
            raise LaunchFailed(f"{file} 已损坏，删除它再启动会生成新的密钥。") from None
    made = fresh_secrets() | kept
    if made != kept:
        folder.mkdir(parents=True, exist_ok=True)
        draft = file.with_suffix(".new")
        draft.touch(mode=0o600)
        draft.write_text(json.dumps(made, indent=2))
        draft.rename(file)
    return made


def fresh_secrets() -> dict[str, str]:
    account, weibo = f"{WECHAT_ACCOUNTS}town__", f"{WEIBO_ACCOUNTS}town__"
    return {
        "DESK_SECRET_KEY": letters(48),
        "DESK_DATA_KEY": letters(48),
        "DESK_RASA_TOKEN": letters(32),
        "DESK_DEMO_PASSWORD": f"Wenzheng-{secrets.randbelow(10**6):06d}",
        f"{account}NAME": "清河县政务服务",
        f"{account}APP_ID": f"wx{secrets.token_hex(8)}",
        f"{account}APP_SECRET": secrets.token_hex(16),
        f"{account}ORIGINAL_ID": f"gh_{secrets.token_hex(6)}",
        f"{account}TOKEN": letters(32),
        f"{account}ENCODING_AES_KEY": letters(43),
        f"{weibo}NAME": "清河发布",
        f"{weibo}UID": str(10**9 + secrets.randbelow(10**9)),
        f"{weibo}APP_KEY": str(10**9 + secrets.randbelow(10**9)),
        f"{weibo}APP_SECRET": secrets.token_hex(16),
        f"{weibo}ACCESS_TOKEN": f"2.00{letters(28)}",
    }


def simulated_addresses(port: object) -> dict[str, str]:
    """Name the simulator in the place of every server of the platforms."""
    simulator = f"http://127.0.0.1:{port}"
    names = ("WECHAT_API", "WECHAT_OPEN", "WEIBO_API", "WEIBO_OPEN_API", "WEIBO_UPLOAD")
    return {f"DESK_{name}_URL": simulator for name in names}


def for_make_run(root: Path) -> dict[str, str]:
    """Let count what the person has set; give development values to what is missing."""
    file = dotenv_values(root / os.environ.get("DESK_ENV_FILE", ".env"))
    given = {name.upper(): value for name, value in (file | os.environ).items() if value}
    folder = given.get("DESK_DATA_FOLDER") or ".data"
    console_port = given.get("DESK_CONSOLE_PORT") or default_of("console_port")
    simulator_port = given.get("DESK_SIMULATOR_PORT") or default_of("simulator_port")
    made = made_once(root / folder)
    if any(name.startswith(ACCOUNTS) for name in given):
        # The office has accounts of its own: no demo account beside them.
        made = {name: value for name, value in made.items() if not name.startswith(ACCOUNTS)}
    else:
        made |= simulated_addresses(simulator_port)
    made |= {
        "DESK_PUBLIC_URL": f"http://127.0.0.1:{console_port}",
        "DESK_SECURE_COOKIES": "false",
    }
    missing = {name: value for name, value in made.items() if name not in given}
    return dict(os.environ) | missing | {"DESK_DATA_FOLDER": str(root / folder)}


def for_tests(folder: Path) -> dict[str, str]:
    """Free ports and nothing of the person's own settings."""
    own = {
        name: value
        for name, value in os.environ.items()
        if not name.upper().startswith("DESK_") and name not in {"DATABASE_URL", "REDIS_URL"}
    }
    gateway, console, actions, simulator, worker, rasa, trainer = free_ports(7)
    return (
        own
        | made_once(folder)
        | {
            "DESK_ENV_FILE": "",
            "DESK_SECURE_COOKIES": "false",
            "DESK_GATEWAY_PORT": str(gateway),
            "DESK_CONSOLE_PORT": str(console),
            "DESK_ACTIONS_PORT": str(actions),
            "DESK_SIMULATOR_PORT": str(simulator),
            "DESK_WORKER_HEALTH_PORT": str(worker),
            "DESK_RASA_URL": f"http://127.0.0.1:{rasa}",
            "DESK_TRAINER_URL": f"http://127.0.0.1:{trainer}",
            "DESK_PUBLIC_URL": f"http://127.0.0.1:{console}",
        }
        | simulated_addresses(simulator)
    )


def default_of(name: str) -> object:
    return Settings.model_fields[name].default


def platform_is_simulated(environment: Mapping[str, str]) -> bool:
    """Tell whether the simulator stands in for WeChat's servers."""
    settings = settings_from(environment)
    return urlsplit(settings.wechat_api_url).port == settings.simulator_port


def settings_from(environment: Mapping[str, str]) -> Settings:
    """Read the settings as a program with this environment does."""
    try:
        with _standing_in(environment):
            return Settings(_env_file=environment.get("DESK_ENV_FILE", ".env") or None)
    except ValidationError as error:
        wrong = "\n    ".join(
            f"{'.'.join(str(part) for part in problem['loc'])}: {problem['msg']}"
            for problem in error.errors(include_input=False)
        )
        raise LaunchFailed(f"设置有误（.env 或环境变量）：\n    {wrong}") from None


@contextmanager
def _standing_in(environment: Mapping[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
