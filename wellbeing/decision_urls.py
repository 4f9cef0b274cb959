from django.urls import path

from wellbeing.views import decisions, presentations

# Part of wellbeing.urls.
urlpatterns = [
    path("presentations/", presentations.presentations, name="presentations"),
    path("presentations/new/", presentations.new, name="presentation_new"),
    path("presentations/<int:pk>/", presentations.presentation, name="presentation"),
    path("presentations/<int:pk>/paper.pdf", presentations.paper, name="presentation_paper"),
    path(
        "presentations/<int:pk>/correction/",
        presentations.correct,
        name="presentation_correction",
    ),
    path("presentations/<int:pk>/removal/", presentations.take_back, name="presentation_removal"),
    path("decisions/", decisions.decisions, name="decisions"),
    path("decisions/new/", decisions.new, name="decision_new"),
    path("decisions/<int:pk>/", decisions.decision, name="decision"),
    path("decisions/<int:pk>/correction/", decisions.correct, name="decision_correction"),
    path("decisions/<int:pk>/follow-up/", decisions.follow_up, name="decision_follow_up"),
    path("decisions/<int:pk>/withdrawal/", decisions.withdraw, name="decision_withdrawal"),
]
