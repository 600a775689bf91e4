"""The platform's refusals: HTTP 4xx with the address asked for, a code and a sentence."""

from typing import Any

# Where nothing else is said the status is 400. Codes 20310 and 20311 stand for the rules of
# private messages (48 hours; once for each mention), whose codes are not published.
SENTENCES: dict[int, tuple[int, str]] = {
    10001: (503, "System error"),
    10006: (400, "Source paramter (appkey) is missing"),
    10008: (400, "Param error, see doc for more info"),
    10014: (403, "Insufficient app permissions"),
    10016: (400, "Miss required parameter ({name}), see doc for more info"),
    10017: (400, "Parameter ({name})'s value invalid, expect ({wanted}), see doc for more info"),
    10020: (404, "Request Api not found"),
    10021: (405, "HTTP method is not suported for this request"),
    10022: (403, "IP requests out of rate limit"),
    10023: (403, "User requests out of rate limit"),
    20003: (400, "User does not exists"),
    20008: (400, "Content is null"),
    20012: (400, "Text too long, please input text less than 140 characters"),
    20013: (400, "Text too long, please input text less than 300 characters"),
    20017: (400, "Repeated content: similar to what was sent before"),
    20019: (400, "Repeat content"),
    20101: (400, "Target weibo does not exist"),
    20201: (400, "Target weibo comment does not exist"),
    20206: (403, "Only his fans or friends may comment"),
    20207: (403, "Only trusted users may comment"),
    20301: (403, "Does your fan: can not send a direct message to who does not follow you"),
    20310: (403, "Out of the time limit of 48 hours"),
    20311: (403, "Out of quota: a mention may be answered once within 48 hours"),
    21301: (401, "Auth faild"),
    21327: (403, "expired_token"),
    21332: (403, "invalid_access_token"),
}


class WeiboRefusal(Exception):
    """A call the platform refuses."""

    def __init__(self, error_code: int, **facts: str) -> None:
        super().__init__(f"error_code {error_code}")
        self.error_code = error_code
        self.facts = facts

    @property
    def status(self) -> int:
        return SENTENCES[self.error_code][0]

    def as_json(self, path: str) -> dict[str, Any]:
        sentence = SENTENCES[self.error_code][1].format(**self.facts)
        return {"request": path, "error_code": self.error_code, "error": sentence}
