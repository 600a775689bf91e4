"""Texts that hypothesis makes up, harmless and hostile."""

from hypothesis import strategies as st

from core.messaging import Choice, OutboundMessage

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()))
# Text that tries to be more than text.
TRICKY = st.lists(
    st.one_of(
        ANYTHING,
        st.sampled_from(
            [
                "]]>",
                "<![CDATA[",
                "</Content><MsgType>news</MsgType><Content>",
                '<a href="weixin://bizmsgmenu?msgmenucontent=x&msgmenuid=1">',
                "</a>",
                "&lt;a href=&quot;",
                "&#60;a",
                "&amp;lt;",
                "https://www.example.gov.cn/a?b=1&c=2",
                "👨‍👩‍👧‍👦",
                "🇨🇳",
                "。",
                "\n",
                "\r\n",
            ]
        ),
    )
).map("".join)
CHOICES = st.lists(st.builds(Choice, TRICKY, TRICKY), max_size=4).map(tuple)
MESSAGES = st.builds(OutboundMessage, TRICKY, CHOICES)
