"""Where a button leads."""

import pytest

from core.menus.buttons import Button
from core.menus.states import OWN_PATHS, ButtonKind, OwnPage

SITE = "https://wz.example.gov.cn/"


def a_page(page: OwnPage) -> Button:
    return Button(name="页面", kind=ButtonKind.PAGE, value=page.value)


@pytest.mark.parametrize("page", OwnPage)
def test_every_page_of_our_own_has_an_address_on_our_site(page):
    link = a_page(page).link(SITE)

    assert link == f"https://wz.example.gov.cn{OWN_PATHS[page]}"


@pytest.mark.parametrize("page", [OwnPage.MINE, OwnPage.MESSAGE])
def test_a_page_about_the_citizen_is_told_whose_menu_it_was_opened_from(page):
    link = a_page(page).link(SITE, account="town&co")

    assert link == f"https://wz.example.gov.cn{OWN_PATHS[page]}?account=town%26co"


def test_a_page_for_everybody_is_told_nothing():
    assert a_page(OwnPage.HOME).link(SITE, account="town") == "https://wz.example.gov.cn/c/"


def test_a_page_that_is_no_more_leads_nowhere():
    assert Button(name="旧", kind=ButtonKind.PAGE, value="gone").link(SITE) == ""
