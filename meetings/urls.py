from django.urls import path

from meetings.views import (
    agenda,
    answers,
    calendar,
    cases,
    meetings,
    notes,
    room,
    seasons,
    series,
    sparring,
    ten_minutes,
)

app_name = "meetings"

urlpatterns = [
    path("meetings/", meetings.coming, name="list"),
    # meetings/<pk>/
    path("meetings/<int:pk>/", meetings.detail, name="detail"),
    path("meetings/<int:pk>/time/", series.move, name="time"),
    path("meetings/<int:pk>/cancellation/", series.cancel, name="cancellation"),
    path("meetings/<int:pk>/answer/", answers.answer, name="answer"),
    path("meetings/<int:pk>/questions/", agenda.propose, name="questions"),
    # meetings/<pk>/room/
    path("meetings/<int:pk>/room/", room.room, name="room"),
    path("meetings/<int:pk>/room/wall/", room.wall, name="room_wall"),
    path("meetings/<int:pk>/room/step/", room.step, name="room_step"),
    path("meetings/<int:pk>/room/clock/", room.clock, name="room_clock"),
    path("meetings/<int:pk>/room/question/", room.question, name="room_question"),
    path("meetings/<int:pk>/room/chair/", room.chair, name="room_chair"),
    path("meetings/<int:pk>/room/round/", room.round, name="room_round"),
    path("meetings/<int:pk>/room/end/", room.end, name="room_end"),
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
    # questions for one another, in network groups
    path("groups/<int:pk>/cases/", cases.cases, name="cases"),
    path("cases/<int:pk>/", cases.reword, name="case"),
    path("cases/<int:pk>/withdrawal/", cases.withdraw, name="case_withdrawal"),
    path("cases/<int:pk>/return/", cases.bring_back, name="case_return"),
    path("cases/<int:pk>/hiding/", cases.hide, name="case_hiding"),
    path("meetings/<int:pk>/sparring/", sparring.talks, name="talks"),
    path("sparring/<int:pk>/", sparring.sparring, name="sparring"),
    path("sparring/<int:pk>/part/", sparring.part, name="part"),
    path("sparring/<int:pk>/question/", sparring.question, name="talk_question"),
    path("sparring/<int:pk>/format/", sparring.follow, name="talk_format"),
    path("sparring/<int:pk>/start/", sparring.start, name="talk_start"),
    path("sparring/<int:pk>/clock/", sparring.clock, name="talk_clock"),
    path("sparring/<int:pk>/close/", sparring.close, name="talk_close"),
    path("sparring/<int:pk>/notes/", notes.notes, name="notes"),
    path("sparring/<int:pk>/keeping/", notes.keep, name="keeping"),
    path("sparring/<int:pk>/letting-go/", notes.let_go, name="letting_go"),
    path("sparring/<int:pk>/outcome/", notes.tell, name="outcome"),
    path("me/notes/", notes.mine, name="my_notes"),
    # ten minutes?
    path("groups/<int:pk>/ten-minutes/", ten_minutes.ten_minutes, name="ten_minutes"),
    path("ten-minutes/<int:pk>/call/", ten_minutes.call, name="call"),
    path("ten-minutes/<int:pk>/end/", ten_minutes.end, name="end_ten_minutes"),
    # seasons
    path("groups/<int:pk>/series/new/", series.new, name="new_series"),
    path("series/<int:pk>/", series.detail, name="series"),
    path("series/<int:pk>/place/", seasons.relocate, name="series_place"),
    path("series/<int:pk>/end/", seasons.end, name="end_series"),
    path("meetings/<int:pk>/from-here-on/", seasons.from_here_on, name="from_here_on"),
]
