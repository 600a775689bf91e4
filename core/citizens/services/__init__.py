"""Changes about citizens: entering and leaving the pages, linking identities and undoing it."""

from core.citizens.services.entering import (
    enter_pages,
    leave_pages,
    offer_page_link,
    open_page_link,
    page_entrance,
    send_entrance,
)
from core.citizens.services.linking import (
    Linking,
    find_linking,
    give_linking_code,
    link_citizens,
    propose_linking,
    unlink_citizen,
)
from core.citizens.services.visiting import leave_page, look_at_page

__all__ = [
    "Linking",
    "enter_pages",
    "find_linking",
    "give_linking_code",
    "leave_page",
    "leave_pages",
    "link_citizens",
    "look_at_page",
    "offer_page_link",
    "open_page_link",
    "page_entrance",
    "propose_linking",
    "send_entrance",
    "unlink_citizen",
]
