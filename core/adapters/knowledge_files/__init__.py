"""Entries in files: read line by line with what is wrong with each, and written to return."""

from core.adapters.knowledge_files.faq_yaml import as_faq_folder, read_faq
from core.adapters.knowledge_files.lines import FileRefused
from core.adapters.knowledge_files.rasa_yaml import as_rasa, read_rasa
from core.adapters.knowledge_files.reading import LARGEST_BYTES, read_file
from core.adapters.knowledge_files.tables import as_csv, as_xlsx, read_csv, read_xlsx

__all__ = [
    "LARGEST_BYTES",
    "FileRefused",
    "as_csv",
    "as_faq_folder",
    "as_rasa",
    "as_xlsx",
    "read_csv",
    "read_faq",
    "read_file",
    "read_rasa",
    "read_xlsx",
]
