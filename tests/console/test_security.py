"""What browsers are told not to do."""

import re
from pathlib import Path

import pytest
from flask import Flask

import console
from tests.console.browsing import Visitor

FOLDER = Path(console.__file__).parent
TEMPLATES = sorted(FOLDER.rglob("templates/**/*.html"))
FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "inline style": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "handler attribute": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "evaluated attribute": re.compile(r"hx-on|hx-vals=.js|javascript:", re.IGNORECASE),
    "unescaped words": re.compile(r"\|\s*safe|autoescape\s+false", re.IGNORECASE),
    "another host": re.compile(r"(?:src|href)=[\"']https?://", re.IGNORECASE),
}


def test_scripts_and_styles_come_from_here_alone(visitor: Visitor):
    policy = visitor.get("/sign-in").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", ["/sign-in", "/healthz", "/no-such-page", "/static/favicon.svg"])
def test_every_answer_carries_the_headers(visitor: Visitor, path: str):
    answer = visitor.get(path)

    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "Content-Security-Policy" in answer.headers


def test_pages_are_not_kept_by_the_browser_but_static_files_are(seat: Visitor):
    assert seat.get("/").headers["Cache-Control"] == "no-store"
    assert "max-age=31536000" in seat.get("/static/favicon.svg").headers["Cache-Control"]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_template_needs_more_than_the_policy_allows(what: str):
    found = [
        str(template.relative_to(FOLDER))
        for template in TEMPLATES
        if FORBIDDEN[what].search(template.read_text(encoding="utf-8"))
    ]

    assert TEMPLATES
    assert found == []


def test_what_citizens_sent_is_shown_from_here_and_from_nowhere_else(seat: Visitor):
    policy = seat.get("/desk/").headers["Content-Security-Policy"]

    assert "img-src 'self' data:;" in policy
    assert "media-src 'self';" in policy


def test_every_static_file_a_page_names_is_there(app: Flask, seat: Visitor):
    for page in ("/", "/desk/"):
        for address in re.findall(r'(?:src|href)="(/static/[^"]+)"', seat.get(page).text):
            assert seat.get(address).status_code == 200, address
