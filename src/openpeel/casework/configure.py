"""Django, configured in code: no settings module, no manage.py, no database until a workspace is opened."""

from __future__ import annotations

#: Stands where no workspace has been opened: Django's own stand-in, which refuses every use with a clear error.
NO_DATABASE = {"ENGINE": "django.db.backends.dummy"}


def configure() -> None:
    """Make Django ready, unless whoever runs us (the pages, a test) has done so already."""
    import django
    from django.conf import settings

    if settings.configured:
        return
    settings.configure(
        INSTALLED_APPS=["openpeel.casework"],
        DATABASES={"default": NO_DATABASE},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        TIME_ZONE="UTC",
        LOGGING_CONFIG=None,
    )
    django.setup()
