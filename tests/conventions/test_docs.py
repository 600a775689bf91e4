"""The documents tell the truth where a machine can tell: links, commands, settings, tables."""

import re
from enum import StrEnum
from pathlib import Path

import pytest

from core.cases import states as cases
from core.conversations import states as conversations
from core.knowledge import states as knowledge
from core.releases import states as releases
from tests.conventions.test_env_example import known

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
NAMED_PATH = re.compile(
    r"`((?:core|bot|actions|console|nlu|nlu_data|config|launch|setup|deploy|docs|tests)/[\w./-]*)`"
)
MAKE = re.compile(r"\bmake ([a-z-]+)\b")
SETTING_ROW = re.compile(
    r"^\| `(?P<name>[A-Z][\w…]+)` \| *(?P<default>\S*?) *\| .+ \|$", re.MULTILINE
)


def every_document() -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "document", DOCUMENTS, ids=lambda file: str(file.relative_to(ROOT))
    )


def text(document: Path) -> str:
    return document.read_text(encoding="utf-8")


def anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings, as code hosts make them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", text(document)), re.MULTILINE)
    bare = (re.sub(r"[^\w\- ]", "", heading) for heading in headings)
    return {heading.strip().lower().replace(" ", "-") for heading in bare}


def targets(document: Path) -> list[str]:
    found = LINK.finditer(FENCED.sub("", text(document)))
    return [link["target"] for link in found if "://" not in link["target"]]


@every_document()
def test_every_link_leads_somewhere(document: Path):
    missing = []
    for target in targets(document):
        path, _, anchor = target.partition("#")
        file = (document.parent / path).resolve() if path else document
        if not file.exists() or (anchor and anchor not in anchors(file)):
            missing.append(target)

    assert missing == []


@every_document()
def test_every_file_that_is_named_exists(document: Path):
    named = {path.rstrip("/") for path in NAMED_PATH.findall(text(document))}

    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


@every_document()
def test_every_make_command_that_is_named_exists(document: Path):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    blocks, words = FENCED.findall(text(document)), FENCED.sub("", text(document))
    code = " ".join([*blocks, *re.findall(r"`[^`\n]+`", words)])
    rules = " ".join(re.findall(r"^([a-z -]+):", makefile, re.MULTILINE)).split()

    assert set(MAKE.findall(code)) <= set(rules)


def test_both_readmes_show_the_two_commands_and_the_same_pictures():
    chinese, english = text(ROOT / "README.md"), text(ROOT / "README.en.md")

    for readme in (chinese, english):
        assert {"make run", "make test"} <= set(re.findall(r"^make \w+", readme, re.MULTILINE))
    assert re.findall(r"docs/images/\w+\.png", chinese) == re.findall(
        r"docs/images/\w+\.png", english
    )


def listed_settings() -> dict[str, str]:
    rows = SETTING_ROW.finditer(text(ROOT / "docs/operations.md"))
    return {row["name"]: row["default"].strip("`") for row in rows}


def own_settings() -> dict[str, str]:
    """Every setting with its default, but for those that each official account has."""
    return {name: default for name, default in known().items() if "__" not in name}


def test_the_table_of_settings_is_complete():
    """Rows to add are shown as they are to be written, but for their meaning."""
    missing = [
        f"| `{name}` | {default and f'`{default}`'} | … |"
        for name, default in own_settings().items()
        if name not in listed_settings()
    ]

    assert missing == []


def test_the_table_of_settings_names_nothing_else():
    listed = {name for name in listed_settings() if "__" not in name}

    assert listed - own_settings().keys() == set()


@pytest.mark.parametrize("name", [name for name, default in own_settings().items() if default])
def test_the_table_of_settings_tells_the_default(name: str):
    assert listed_settings()[name] == own_settings()[name]


@pytest.mark.parametrize(
    "name", [name for name in known() if "__" in name and not name.endswith("__NAME")]
)
def test_the_settings_of_an_account_are_explained(name: str):
    assert name.rpartition("__")[2] in text(ROOT / "docs/operations.md")


@pytest.mark.parametrize(
    ("title", "table"),
    [
        ("Who speaks: the states of a conversation", conversations.TRANSITIONS),
        ("The life of a case", cases.TRANSITIONS),
        ("The life of a change of knowledge", knowledge.TRANSITIONS),
        ("The life of a model", releases.TRANSITIONS),
    ],
)
def test_a_picture_of_states_is_the_table_in_the_code(
    title: str, table: dict[tuple[StrEnum, StrEnum], StrEnum]
):
    section = text(ROOT / "docs/architecture.md").partition(f"## {title}\n")[2]
    drawn = re.findall(r"^ +(\w+) --> (\w+): (\w+)$", section.partition("```\n\n")[0], re.MULTILINE)

    assert sorted(drawn) == sorted((before, after, step) for (before, step), after in table.items())
