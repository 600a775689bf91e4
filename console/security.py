"""Headers that narrow what a browser may do with our pages."""

from flask import Flask, Response, request

from config.settings import Settings

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def register(app: Flask, settings: Settings) -> None:
    policy = "; ".join([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "font-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ])  # fmt: skip

    @app.after_request
    def harden(answer: Response) -> Response:
        answer.headers.setdefault("Content-Security-Policy", policy)
        for name, value in HEADERS.items():
            answer.headers[name] = value
        if request.endpoint != "static":
            # Pages show personal data: the next person at this machine goes "back" to nothing.
            answer.headers.setdefault("Cache-Control", "no-store")
        if settings.secure_cookies:
            answer.headers["Strict-Transport-Security"] = "max-age=31536000"
        return answer
