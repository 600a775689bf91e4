"""What WeChat makes tappable in a text: `<a>` elements, bare addresses, nothing else."""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

_ANCHOR = re.compile(r"<a\s+([^>]*)>(.*?)</a\s*>", re.IGNORECASE | re.DOTALL)
_HREF = re.compile(r"""(?:^|\s)href\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"https?://[\w.~:/?#@!$&*+,;=%\-\[\]()]+", re.ASCII)
_TRAILING = ".,;:!?)]"


@dataclass(frozen=True)
class Tap:
    """A link that makes the citizen say `content`."""

    content: str
    menu_id: str


@dataclass(frozen=True)
class Segment:
    """A stretch of a text: plain, with an address to open, or with something to say when tapped."""

    text: str
    href: str = ""
    tap: Tap | None = None

    def as_json(self) -> dict[str, Any]:
        said: dict[str, Any] = {"text": self.text}
        said |= {"href": self.href} if self.href else {}
        return said | ({"tap": self.tap.__dict__} if self.tap else {})


def segments(text: str) -> list[Segment]:
    found: list[Segment] = []
    end = 0
    for anchor in _ANCHOR.finditer(text):
        found += _with_bare_addresses(text[end : anchor.start()])
        found.append(_from_anchor(anchor))
        end = anchor.end()
    return found + _with_bare_addresses(text[end:])


def taps(text: str) -> list[tuple[str, Tap]]:
    """Return the self-sending links of a text with the words they show."""
    return [(segment.text, segment.tap) for segment in segments(text) if segment.tap]


def _from_anchor(anchor: re.Match[str]) -> Segment:
    attributes, label = anchor.groups()
    found = _HREF.search(attributes)
    href = ((found[1] or found[2] or "") if found else "").replace("&amp;", "&").strip()
    if href.startswith(("http://", "https://")):
        return Segment(label, href=href)
    return Segment(label, tap=_tap(href))


def _tap(href: str) -> Tap | None:
    try:
        address = urlsplit(href)
    except ValueError:
        return None
    if (address.scheme, address.netloc) != ("weixin", "bizmsgmenu"):
        return None
    query = parse_qs(address.query)
    content, menu_id = query.get("msgmenucontent", [""])[0], query.get("msgmenuid", [""])[0]
    # WeChat's own client ignores a link whose content or id is empty.
    return Tap(content, menu_id) if content and menu_id else None


def _with_bare_addresses(text: str) -> list[Segment]:
    found: list[Segment] = []
    end = 0
    for match in _BARE_ADDRESS.finditer(text):
        address = match[0].rstrip(_TRAILING)
        found += [Segment(text[end : match.start()])] if match.start() > end else []
        found.append(Segment(address, href=address))
        end = match.start() + len(address)
    return found + ([Segment(text[end:])] if text[end:] else [])
