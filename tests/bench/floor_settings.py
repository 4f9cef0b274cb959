"""The project's own settings with one page and without middleware (and the apps that ask for it)."""

from config.settings import *  # noqa: F403

MIDDLEWARE = []
INSTALLED_APPS = []
ROOT_URLCONF = "tests.bench.floor"
