"""Build the console."""

from datetime import timedelta

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from redis import Redis
from werkzeug.middleware.proxy_fix import ProxyFix

from config.settings import Settings
from console import (
    addresses,
    assets,
    context,
    entered,
    errors,
    formats,
    guard,
    health,
    large_forms,
    live,
    metrics,
    navigation,
    security,
)
from console.cases import section as cases
from console.channels import section as channels
from console.citizen import section as citizen
from console.desk import section as desk
from console.erasures import section as erasures
from console.gaps import section as gaps
from console.knowledge import section as knowledge
from console.menus import section as menus
from console.models import section as models
from console.organisation import section as organisation
from console.overview import section as overview
from console.sections import Section
from console.sign_in import section as sign_in
from core.adapters.media_folder import MediaFolder
from core.bootstrap import Core
from core.operators.permissions import Permission

MAX_FORM_BYTES = 1024 * 1024

# A new part of the console is a folder with a `section`, and one line here.
SECTIONS: tuple[Section, ...] = (
    sign_in,
    overview,
    desk,
    cases,
    knowledge,
    models,
    gaps,
    menus,
    organisation,
    channels,
    erasures,
    citizen,
)


def create_app(settings: Settings, core: Core, redis: "Redis") -> Flask:
    app = Flask(__name__)
    app.secret_key = settings.secret_key.get_secret_value()
    app.config.update(
        SESSION_COOKIE_NAME="__Host-desk" if settings.secure_cookies else "desk",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(hours=settings.session_hours),
        MAX_CONTENT_LENGTH=MAX_FORM_BYTES,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
    )
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "autoescape": True}
    app.extensions.update(
        core=core, settings=settings, redis=redis, media=MediaFolder(settings.media_place)
    )
    if settings.trusted_proxies:
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
    app.context_processor(
        lambda: {
            "operator": context.find_operator(),
            "Permission": Permission,
            "office_name": core.office.name,
        }
    )
    metrics.register(app)
    guard.register(app)
    large_forms.register(app)
    CSRFProtect(app)
    for room in (addresses, entered, assets, errors, formats, navigation):
        room.register(app)
    security.register(app, settings)
    health.register(app)
    live.register(app, redis)
    for section in SECTIONS:
        app.register_blueprint(section.blueprint)
        for entry in section.menu:
            navigation.add(app, entry)
    return app
