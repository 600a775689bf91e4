"""A file that somebody sends: told apart by its name and what is in it."""

from collections.abc import Mapping

from core.adapters.knowledge_files.faq_yaml import load, read_faq
from core.adapters.knowledge_files.lines import FileRefused
from core.adapters.knowledge_files.rasa_yaml import read_rasa
from core.adapters.knowledge_files.tables import read_csv, read_xlsx
from core.knowledge.contents import EntryDraft, FileLine

# The front door takes forms of 2 MB; a file travels in one, with what the form adds.
LARGEST_BYTES = 1536 * 1024


def read_file(name: str, data: bytes, live: Mapping[str, EntryDraft]) -> list[FileLine]:
    """Return every entry of the file with what is wrong with it, or raise FileRefused.

    `live` are the entries there are, by slug; Rasa's form names no answers of its own.
    """
    if not data:
        raise FileRefused("empty_file")
    if len(data) > LARGEST_BYTES:
        raise FileRefused("file_too_large", megabytes="1.5")
    ending = name.rpartition(".")[2].lower()
    if ending in {"yml", "yaml"}:
        return _read_yaml(data, live)
    if ending in {"csv", "tsv", "txt"}:
        return read_csv(data)
    if ending == "xlsx":
        return read_xlsx(data)
    raise FileRefused("kind_unknown", ending=ending[:20])


def _read_yaml(data: bytes, live: Mapping[str, EntryDraft]) -> list[FileLine]:
    try:
        content = load(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise FileRefused("not_utf8") from error
    if isinstance(content, Mapping) and "nlu" in content:
        return read_rasa(content, live)
    return read_faq(content)
