"""What the desk itself says, and what its menu says for citizens, read from data files."""

from collections.abc import Mapping
from pathlib import Path

import yaml

NOTICES_FILE = Path(__file__).parent / "notices.yml"
ANSWER_WORDS_FILE = Path(__file__).parent / "answer_words.yml"
IMPORT_PROBLEMS_FILE = Path(__file__).parent / "import_problems.yml"
MENU_WORDS_FILE = Path(__file__).parent / "menu_words.yml"
SCENE_WORDS_FILE = Path(__file__).parent / "scene_words.yml"


def load_notices(file: Path = NOTICES_FILE) -> Mapping[str, str]:
    notices: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return notices


def load_menu_words(file: Path = MENU_WORDS_FILE) -> Mapping[str, str]:
    """Return what a tap on each key of the account's menu says in the citizen's name."""
    words: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return words


def load_scene_words(file: Path = SCENE_WORDS_FILE) -> Mapping[str, str]:
    """Return what scanning a code of each scene says in the citizen's name."""
    words: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return words


def load_answer_words(file: Path = ANSWER_WORDS_FILE) -> Mapping[str, str]:
    """Return the headings of an answer's parts, and the label of what a machine has said."""
    words: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return words


def load_import_problems(file: Path = IMPORT_PROBLEMS_FILE) -> Mapping[str, str]:
    """Return what is said of a line of an imported file, by what is wrong with it."""
    words: dict[str, str] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return words
