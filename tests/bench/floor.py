"""The floor: a Django view without middleware that asks the database one trivial query."""

import os

from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path


@transaction.non_atomic_requests
def one_query(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return HttpResponse(str(cursor.fetchone()[0]), content_type="text/plain")


urlpatterns = [path("", one_query)]


def web():
    """For granian, as config.run:web is for the pages."""
    from config.child import die_with_parent

    die_with_parent()
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.floor_settings"
    from django.core.wsgi import get_wsgi_application

    return get_wsgi_application()
