"""Headers that narrow what a browser may do with our pages."""

from urllib.parse import urlsplit

from flask import Flask, Response, request

from config.settings import Settings

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Picture servers of the platforms refuse requests that come from elsewhere.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def picture_hosts(settings: Settings) -> frozenset[str]:
    """Hosts a citizen's picture may be shown from: the platforms', or what stands in for them."""
    stand_in = urlsplit(settings.wechat_api_url)
    hosts = set(settings.image_hosts)
    if stand_in.hostname in {"127.0.0.1", "localhost"}:
        hosts.add(stand_in.netloc)
    return frozenset(hosts)


def register(app: Flask, settings: Settings) -> None:
    hosts = sorted(picture_hosts(settings))
    policy = "; ".join([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data: " + " ".join(hosts),
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ])  # fmt: skip

    @app.after_request
    def harden(answer: Response) -> Response:
        answer.headers["Content-Security-Policy"] = policy
        for name, value in HEADERS.items():
            answer.headers[name] = value
        if request.endpoint != "static":
            # Pages show personal data: the next person at this machine goes "back" to nothing.
            answer.headers.setdefault("Cache-Control", "no-store")
        if settings.secure_cookies:
            answer.headers["Strict-Transport-Security"] = "max-age=31536000"
        return answer
