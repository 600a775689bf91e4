"""docker-compose.yml keeps the promises that the production form rests on."""

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings
from tests.deploy import compose

SECRETS = (
    "POSTGRES_PASSWORD",
    "REDIS_PASSWORD",
    "DESK_RASA_TOKEN",
    "DESK_SECRET_KEY",
    "DESK_DATA_KEY",
)
GIVEN = {name: f"a-{name.lower()}-for-tests" for name in (*SECRETS, "DESK_PUBLIC_URL")}
COMPOSE = compose.read(GIVEN)
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
ONE_SHOT = {"migrate", "model", "seed"}
LASTING = sorted(SERVICES.keys() - ONE_SHOT)
EXAMPLES = (".env.example", "deploy/production.env.example")


def every_service(*names: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("name", names or sorted(SERVICES))


def test_the_parts_of_the_desk_are_all_there():
    assert {"nginx", "gateway", "worker", "console", "rasa", "actions"} <= SERVICES.keys()
    assert {"postgres", "redis", "migrate"} <= SERVICES.keys()


@every_service()
def test_a_service_has_an_image_that_can_be_carried_to_another_machine(name: str):
    _, _, tag = SERVICES[name]["image"].partition(":")

    assert tag
    assert tag != "latest"


@every_service()
def test_a_built_image_names_a_file_and_a_stage_that_exist(name: str):
    build = SERVICES[name].get("build")
    if build is None:
        assert name in {"postgres", "redis"}
        return
    text = (compose.ROOT / build["dockerfile"]).read_text(encoding="utf-8")

    assert f" AS {build.get('target', 'rasa')}\n" in text
    assert set(build["args"]) <= set(re.findall(r"^ARG (\w+)", text, re.MULTILINE))


@every_service(*LASTING)
def test_a_lasting_service_is_watched_and_started_again(name: str):
    assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES[name]["healthcheck"]["test"][0] in {"CMD", "CMD-SHELL"}


@every_service(*sorted(ONE_SHOT))
def test_what_is_done_once_is_not_started_again(name: str):
    assert SERVICES[name]["restart"] == "no"


@every_service()
def test_a_service_can_do_no_more_than_it_needs(name: str):
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] not in {"root", "0", "0:0"}


@every_service()
def test_a_service_cannot_use_up_the_machine(name: str):
    limits = SERVICES[name]["deploy"]["resources"]["limits"]

    assert set(limits) == {"cpus", "memory"}
    assert {"max-size", "max-file"} <= SERVICES[name]["logging"]["options"].keys()


@every_service()
def test_a_service_runs_on_the_clock_of_the_office(name: str):
    assert SERVICES[name]["environment"]["TZ"] == "Asia/Shanghai"


@every_service()
def test_what_a_service_waits_for_exists_and_can_be_waited_for(name: str):
    for needed, how in SERVICES[name].get("depends_on", {}).items():
        if how["condition"] == "service_healthy":
            assert "healthcheck" in SERVICES[needed]
        else:
            assert how["condition"] == "service_completed_successfully"
            assert needed in ONE_SHOT


def test_only_the_web_server_is_open_to_the_network():
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

    assert published.pop("nginx") == ["80:8080", "443:8443"]
    assert all(port.startswith("127.0.0.1:") for ports in published.values() for port in ports)


def test_only_the_worker_reaches_the_outside():
    open_networks = {name for name, network in COMPOSE["networks"].items() if not network}

    reaching = {
        name
        for name, service in SERVICES.items()
        if open_networks & set(service["networks"]) and "profiles" not in service
    }

    assert reaching == {"nginx", "worker"}


@every_service("rasa", "actions", "postgres", "redis", "model", "migrate")
def test_the_inside_is_on_the_inner_network_alone(name: str):
    assert SERVICES[name]["networks"] == ["inner"]


@every_service()
def test_volumes_and_networks_of_a_service_are_declared(name: str):
    service = SERVICES[name]
    named = {volume.partition(":")[0] for volume in service.get("volumes", [])}

    assert set(service["networks"]) <= COMPOSE["networks"].keys()
    assert {volume for volume in named if not volume.startswith(".")} <= COMPOSE["volumes"].keys()


@pytest.mark.parametrize("name", SECRETS)
def test_a_missing_secret_stops_the_start(name: str):
    without = {key: value for key, value in GIVEN.items() if key != name}

    with pytest.raises(compose.VariableMissing, match=name):
        compose.read(without)


@pytest.mark.parametrize("name", sorted(compose.variables()))
def test_a_variable_is_explained_in_an_example_file(name: str):
    explained = "\n".join(
        (compose.ROOT / example).read_text(encoding="utf-8") for example in EXAMPLES
    )

    assert re.search(rf"^#? ?{name}=", explained, re.MULTILINE)


def test_the_production_example_names_nothing_that_nobody_reads():
    text = (compose.ROOT / "deploy/production.env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#? ?([A-Z]\w+)=", text, re.MULTILINE))
    settings = {f"DESK_{name.upper()}" for name in Settings.model_fields}

    unknown = {name for name in named - compose.variables() - settings if "__" not in name}

    assert unknown == set()


@every_service(*(name for name in SERVICES if "-m" in SERVICES[name].get("command", [])))
def test_the_program_of_a_service_exists(name: str):
    command = SERVICES[name]["command"]
    module = command[command.index("-m") + 1]
    if module == "rasa":
        assert (compose.ROOT / "requirements/rasa.txt").read_text().count("\nrasa==") == 1
        return

    found = importlib.util.find_spec(module)

    assert found is not None
    if found.submodule_search_locations is not None:
        assert importlib.util.find_spec(f"{module}.__main__") is not None


@every_service(*(name for name in SERVICES if "env_file" in SERVICES[name]))
def test_what_our_programs_are_told_is_a_setting_of_ours(name: str):
    known = {f"DESK_{field.upper()}" for field in Settings.model_fields}

    told = {key for key in SERVICES[name]["environment"] if key.startswith("DESK_")}

    assert told - known <= {"DESK_ENV_FILE"}


def test_the_names_the_web_server_calls_are_services_with_that_port():
    text = (compose.ROOT / "config/nginx/locations.inc").read_text(encoding="utf-8")
    called = dict(re.findall(r"^set \$\w+ (\w+):(\d+);", text, re.MULTILINE))

    assert called == {
        "gateway": SERVICES["gateway"]["environment"]["DESK_GATEWAY_PORT"],
        "console": SERVICES["console"]["environment"]["DESK_CONSOLE_PORT"],
    }


def test_the_folder_of_certificates_is_not_committed():
    ignored = (compose.ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()

    assert "tls/" in ignored


def test_the_probe_needs_nothing_installed():
    source = Path(compose.ROOT / "deploy/probe.py").read_text(encoding="utf-8")

    imported = re.findall(r"^(?:from|import) (\w+)", source, re.MULTILINE)

    assert set(imported) <= {"sys", "urllib"}
