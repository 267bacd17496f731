"""The WSGI application that the web server loads."""

import os

from apaise.config.start import use_newer_sqlite

use_newer_sqlite()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "apaise.config.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402  (Django must come after the newer SQLite)

application = get_wsgi_application()
