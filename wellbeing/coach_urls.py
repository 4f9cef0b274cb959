from django.urls import path

from wellbeing.views import coach, coach_office

# Part of wellbeing.urls.
urlpatterns = [
    path("decisions/<int:pk>/programme/", coach.new, name="programme_new"),
    path("coaching/", coach.programmes, name="programmes"),
    path("coaching/<int:pk>/", coach.programme, name="programme"),
    path("coaching/<int:pk>/invitation/", coach.invitation, name="coach_invitation"),
    path("coaching/<int:pk>/cohorts/", coach.cohorts, name="cohorts"),
    path("coaching/<int:pk>/cancellation/", coach.cancellation, name="coach_cancellation"),
    # a leader's own
    path("coaching/cohorts/<int:pk>/seat/", coach.seat, name="coach_seat"),
    path("coaching/<int:pk>/waiting/", coach.waiting, name="coach_waiting"),
    path("coaching/<int:pk>/passing/", coach.passing, name="coach_passing"),
    path("coaching/<int:pk>/withdrawal/", coach.withdrawal, name="coach_withdrawal"),
    path("coaching/<int:pk>/through/", coach.through, name="coach_through"),
    # the secretariat's
    path("coaching/cohorts/<int:pk>/", coach_office.cohort, name="cohort"),
    path("coaching/cohorts/<int:pk>/opening/", coach_office.cohort_opening, name="cohort_opening"),
    path("coaching/cohorts/<int:pk>/removal/", coach_office.cohort_removal, name="cohort_removal"),
    path("coaching/cohorts/<int:pk>/days/", coach_office.days, name="course_days"),
    path("coaching/days/<int:pk>/", coach_office.day, name="course_day"),
    path(
        "coaching/days/<int:pk>/cancellation/",
        coach_office.day_cancellation,
        name="course_day_cancellation",
    ),
    path("coaching/<int:pk>/leaders/", coach_office.leaders, name="coach_leaders"),
    path("coaching/<int:pk>/leaders.xlsx", coach_office.sheet, name="coach_sheet"),
    path("coaching/leaders/<int:pk>/", coach_office.enrolment, name="enrolment"),
]
