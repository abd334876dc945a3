"""The house's own settings for a program that a test breaks: tables made at once instead of by each migration."""

from sizao.config.settings import *  # noqa: F403
from sizao.config.settings import INSTALLED_APPS, STORAGES

MIGRATION_MODULES = dict.fromkeys((name.rpartition(".")[2] for name in INSTALLED_APPS), None)
MIGRATION_MODULES |= {"tasks_db": None, "django_tasks_db": None, "django_tasks_database": None}
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
