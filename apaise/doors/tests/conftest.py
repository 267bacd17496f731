"""Pages without the models: the same environment the product uses, in either language."""

import pytest
from django.conf import settings

from apaise.doors.jinja import environment

if not settings.configured:  # run alone, without pytest-django
    import django

    settings.configure(
        DEMO=False,
        LANGUAGE_CODE="fr",
        LANGUAGES=[("fr", "Français"), ("en", "English")],
        LOCALE_PATHS=[],
        STATIC_URL="/static/",
        TIME_ZONE="Europe/Paris",
        USE_I18N=True,
        USE_TZ=True,
    )
    django.setup()


@pytest.fixture(scope="session")
def jinja():
    from pathlib import Path

    from jinja2 import FileSystemLoader

    return environment(loader=FileSystemLoader(Path(__file__).parent.parent / "templates"), autoescape=True)
