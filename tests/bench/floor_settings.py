"""The project's settings with one page, without middleware and the apps that ask for it."""

from config.settings import *  # noqa: F403

MIDDLEWARE = []
INSTALLED_APPS = []
ROOT_URLCONF = "tests.bench.floor"
