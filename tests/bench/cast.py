"""python -m tests.bench.cast N: sign N leaders in, print what each of them may ask for.

A process of its own, since a process knows one database only.
"""

import json
import os
import sys

PAGES = ("today", "meeting", "group", "propose")


def main(count: int) -> dict[str, list[dict]]:
    """For each page a list of {path, cookie, token} in turn for each leader."""
    from django.conf import settings
    from django.middleware.csrf import _get_new_csrf_string
    from django.utils import timezone

    from meetings.models import Meeting

    now = timezone.now()
    found = {page: [] for page in PAGES}
    for user in leaders(count):
        token = _get_new_csrf_string()
        cookies = {settings.SESSION_COOKIE_NAME: session_of(user), "csrftoken": token}
        signed_in = {
            "cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "token": token,
            "by": str(user.pk),
        }
        theirs = Meeting.objects.visible_to(user).standing().coming(now).for_page()
        upcoming = list(theirs.filter(series__group__kind="team"))
        opened = next((one for one in upcoming if one.is_open), upcoming[0])
        found["today"].append(signed_in | {"path": "/"})
        found["meeting"].append(signed_in | {"path": opened.get_absolute_url()})
        found["group"].append(signed_in | {"path": opened.group.get_absolute_url()})
        for meeting in upcoming:
            if meeting.takes_questions:
                path = meeting.get_absolute_url() + "questions/"
                found["propose"].append(signed_in | {"path": path})
    return found


def leaders(count: int):
    """Spread over the whole organisation, so that they don't all ask for one team's rows."""
    from meetings.models import Meeting
    from networks.models import Membership, User

    building = Meeting.objects.building().filter(series__group__kind="team")
    members = Membership.objects.standing().filter(group__series__meetings__in=building)
    everybody = list(
        User.objects.active().filter(memberships__in=members).distinct().order_by("pk")
    )
    if len(everybody) < count:
        return everybody
    step = len(everybody) // count
    return everybody[: step * count : step]


def session_of(user) -> str:
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.cached_db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "networks.sign_in.Backend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return session.session_key


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    json.dump(main(int(sys.argv[1])), sys.stdout)
