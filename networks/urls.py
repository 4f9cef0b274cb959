from django.urls import path

from networks import views

app_name = "networks"

urlpatterns = [
    path("networks/", views.groups, name="list"),
    path("me/", views.me, name="me"),
    path("me/mails/", views.mails, name="mails"),
    # groups/<pk>/
    path("groups/<int:pk>/membership/", views.join, name="membership"),
    path("groups/<int:pk>/membership/end/", views.leave, name="leave"),
    path("groups/<int:pk>/affirmation/", views.affirm, name="affirmation"),
    path("groups/<int:pk>/beginning/", views.begin_team, name="begin_team"),
    # office/
    path("office/beginning/", views.begin, name="begin"),
]
