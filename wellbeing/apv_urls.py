from django.urls import path

from wellbeing.views import apv, apv_plan, apv_themes, apv_written

# Part of wellbeing.urls.
urlpatterns = [
    path("apv/", apv.apvs, name="apvs"),
    path("apv/new/", apv.new, name="apv_new"),
    path("apv/<int:pk>/", apv.apv, name="apv"),
    path("apv/<int:pk>/frame/", apv.frame, name="apv_frame"),
    path("apv/<int:pk>/people/", apv.people, name="apv_people"),
    path("apv/<int:pk>/people/removal/", apv.person_removal, name="apv_person_removal"),
    path("apv/<int:pk>/themes/", apv.themes, name="apv_themes"),
    path("apv/<int:pk>/phase/", apv.phase, name="apv_phase"),
    path("apv/<int:pk>/absence/", apv.absence, name="apv_absence"),
    path("apv/<int:pk>/release/", apv.release, name="apv_release"),
    path("apv/<int:pk>/pause/", apv.pause, name="apv_pause"),
    path("apv/<int:pk>/other-form/", apv.change, name="apv_change"),
    path("apv/<int:pk>/resumption/", apv.resume, name="apv_resume"),
    path("apv/<int:pk>/signature/", apv.signature, name="apv_signature"),
    path("apv/<int:pk>/round/", apv.next_round, name="apv_round"),
    # one theme
    path("apv/themes/<int:pk>/", apv_themes.theme, name="apv_theme"),
    path("apv/themes/<int:pk>/statements/", apv_themes.statements, name="apv_statements"),
    path("apv/themes/<int:pk>/findings/", apv_themes.findings, name="apv_findings"),
    path("apv/themes/<int:pk>/covered/", apv_themes.covered, name="apv_covered"),
    path("apv/themes/<int:pk>/rhythm/", apv_themes.rhythm, name="apv_rhythm"),
    path("apv/themes/<int:pk>/removal/", apv_themes.removal, name="apv_theme_removal"),
    path(
        "apv/statements/<uuid:pk>/removal/",
        apv_themes.statement_removal,
        name="apv_statement_removal",
    ),
    path("apv/findings/<int:pk>/", apv_themes.finding, name="apv_finding"),
    path("apv/findings/<int:pk>/assessment/", apv_themes.assessment, name="apv_assessment"),
    path("apv/findings/<int:pk>/solution/", apv_themes.solution, name="apv_solution"),
    path("apv/findings/<int:pk>/actions/", apv_themes.actions, name="apv_actions"),
    # the plan
    path("apv/<int:pk>/plan/", apv_plan.plan, name="apv_plan"),
    path("apv/actions/<int:pk>/", apv_plan.action, name="apv_action"),
    path("apv/actions/<int:pk>/answer/", apv_plan.answer, name="apv_answer"),
    path("apv/actions/<int:pk>/done/", apv_plan.done, name="apv_done"),
    path("apv/actions/<int:pk>/effect/", apv_plan.effect, name="apv_effect"),
    # on paper
    path("apv/<int:pk>/written/", apv_written.written, name="apv_written"),
    path("apv/<int:pk>/written.pdf", apv_written.paper, name="apv_paper"),
    path("apv/<int:pk>/plan.xlsx", apv_written.sheet, name="apv_sheet"),
]
