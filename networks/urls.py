from django.urls import path

from networks.views import groups, me

app_name = "networks"

urlpatterns = [
    path("networks/", groups.groups, name="list"),
    path("me/", me.me, name="me"),
    path("me/mails/", me.mails, name="mails"),
    # groups/<pk>/
    path("groups/<int:pk>/membership/", groups.join, name="membership"),
    path("groups/<int:pk>/membership/end/", groups.leave, name="leave"),
    path("groups/<int:pk>/affirmation/", groups.affirm, name="affirmation"),
    path("groups/<int:pk>/beginning/", groups.begin_team, name="begin_team"),
    # office/
    path("office/beginning/", groups.begin, name="begin"),
]
