"""How strict and how patient the simulated platform is; the defaults are Tencent's."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Options:
    public_url: str = "http://127.0.0.1:8090"

    # The official page says "总共重试三次"; in the field three deliveries are seen in all.
    push_deliveries: int = 3
    push_cut_seconds: float = 5.0

    # The official figure is not published; 2048 bytes is what public bots found out.
    max_text_bytes: int = 2048
    max_passive_articles: int = 1

    token_calls_a_day: int = 2000
    stable_token_calls_a_day: int = 500_000
    sends_a_day: int = 500_000

    # Whether a tap on a weixin://bizmsgmenu link inside a text counts as a menu click is not
    # documented; the careful reading is that it does, as it does for msgmenu entries.
    text_links_count_as_menu_clicks: bool = True

    # 一个应用内单授权用户每天累计只能请求 100 次. Whether messages count as well is not told:
    # the careful reading is that they do.
    weibo_calls_a_day: int = 100
    weibo_messages_count_as_calls: bool = True

    malfunction_notice: str = "该公众号提供的服务出现故障，请稍后再试"

    remembered_pushes: int = 2000
    remembered_calls: int = 500
    remembered_entries_a_citizen: int = 5000
    max_citizens: int = 20_000
    demo_citizens: bool = True
