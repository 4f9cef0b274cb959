from django.urls import path

from meetings.views import agenda, answers, calendar, meetings, series

app_name = "meetings"

urlpatterns = [
    path("meetings/", meetings.coming, name="list"),
    # meetings/<pk>/
    path("meetings/<int:pk>/", meetings.detail, name="detail"),
    path("meetings/<int:pk>/time/", series.move, name="time"),
    path("meetings/<int:pk>/cancellation/", series.cancel, name="cancellation"),
    path("meetings/<int:pk>/answer/", answers.answer, name="answer"),
    path("meetings/<int:pk>/questions/", agenda.propose, name="questions"),
    # questions/<pk>/
    path("questions/<int:pk>/", agenda.reword, name="question"),
    path("questions/<int:pk>/support/", agenda.support, name="support"),
    path("questions/<int:pk>/withdrawal/", agenda.withdraw, name="withdrawal"),
    path("questions/<int:pk>/parking/", agenda.park, name="parking"),
    path("questions/<int:pk>/return/", agenda.bring_back, name="return"),
    path("parked/<int:pk>/", agenda.unpark, name="parked"),
    # calendar: /me/calendar/ is one's own page, /calendar/<token>.ics what a calendar fetches
    path("me/calendar/", calendar.choose, name="calendar"),
    path("me/calendar/feeds/", calendar.make, name="feeds"),
    path("me/calendar/feeds/<int:pk>/end/", calendar.end, name="end_feed"),
    path("calendar/<slug:token>.ics", calendar.feed, name="feed"),
    # seasons
    path("groups/<int:pk>/series/new/", series.new, name="new_series"),
    path("series/<int:pk>/", series.detail, name="series"),
]
