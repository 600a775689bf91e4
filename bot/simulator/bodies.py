"""Fields as XML, the way both platforms write and read them."""

import re
from typing import Any
from xml.etree import ElementTree as ET

from bot.simulator.verdicts import Malformed

Fields = dict[str, Any]

# Everything outside the characters XML 1.0 allows, lone surrogates included.
_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_xml(fields: Fields) -> bytes:
    return f"<xml>{_elements(fields)}</xml>".encode()


def _elements(fields: Fields) -> str:
    """Write the fields; a list is an element repeated."""
    written = ""
    for name, value in fields.items():
        for each in value if isinstance(value, list) else [value]:
            inside = _elements(each) if isinstance(each, dict) else _xml_value(each)
            written += f"<{name}>{inside}</{name}>"
    return written


def read_xml(body: bytes) -> Fields:
    if b"<!DOCTYPE" in body:
        raise Malformed("not_xml")
    try:
        root = ET.fromstring(body)  # noqa: S314 - no DOCTYPE, so no entities
    except (ET.ParseError, ValueError):
        raise Malformed("not_xml") from None
    if root.tag != "xml":
        raise Malformed("not_xml")
    return _children(root)


def _children(element: ET.Element) -> Fields:
    fields: Fields = {}
    for child in element:
        if child.tag == "item":
            fields.setdefault("item", []).append(_children(child))
        elif child.tag in fields:
            raise Malformed("duplicate_field")
        else:
            fields[child.tag] = _children(child) if len(child) else (child.text or "")
    return fields


def _xml_value(value: Any) -> str:
    if isinstance(value, int | float):
        return str(value)
    text = _NOT_XML.sub("", str(value))
    # A CDATA section cannot hold its own end mark; it is cut in two there.
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"
