"""A file that has grown too long becomes a folder of the same name."""

from tests.conventions.sources import ROOT, committed

LONGEST_LINES = 350


def test_no_file_is_too_long_to_be_read_at_once():
    found = {}
    for name in committed("*.py", "*.html", "*.js", "*.css"):
        if "/migrations/versions/" not in name:
            lines = (ROOT / name).read_text(encoding="utf-8").count("\n")
            if lines > LONGEST_LINES:
                found[name] = lines

    assert found == {}
