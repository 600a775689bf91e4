"""The console as a WSGI application: `gunicorn -c …  console.wsgi:app`."""

from console.building import build_app

app = build_app()
