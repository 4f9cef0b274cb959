from django.urls import path

from wellbeing import apv_urls, coach_urls, decision_urls
from wellbeing.views import board, coaches, guideposts, questions, stories, theme_days, tools

app_name = "wellbeing"

# guideposts/ itself is written in meetings, which knows when each was last talked about
urlpatterns = [
    path("guideposts/new/", guideposts.new, name="guidepost_new"),
    path("guideposts/earlier/", guideposts.earlier, name="earlier_guideposts"),
    path("guideposts/poster/", guideposts.poster, name="poster"),
    path("guideposts/<int:pk>/wording/", guideposts.reword, name="guidepost_wording"),
    path("guideposts/<int:pk>/retirement/", guideposts.retire, name="guidepost_retirement"),
    path("guideposts/<int:pk>/return/", guideposts.bring_back, name="guidepost_return"),
    path("questions/bank/", questions.questions, name="questions"),
    path("questions/bank/<int:pk>/retirement/", questions.retire, name="question_retirement"),
    path("tools/", tools.tools, name="tools"),
    path("tools/fitting/", tools.fitting, name="tools_fitting"),
    path("tools/<int:pk>/file/", tools.file, name="tool_file"),
    path("tools/<int:pk>/retirement/", tools.retire, name="tool_retirement"),
    path("stories/", stories.stories, name="stories"),
    path("stories/new/", stories.tell, name="story_new"),
    path("stories/<int:pk>/withdrawal/", stories.withdraw, name="story_withdrawal"),
    path("stories/<int:pk>/takedown/", stories.take_down, name="story_takedown"),
    path("coaches/", coaches.coaches, name="coaches"),
    path("coaches/mine/", coaches.offer, name="coach_offer"),
    path("coaches/mine/pause/", coaches.pause, name="coach_pause"),
    path("coaches/mine/end/", coaches.end, name="coach_end"),
    # theme-days/
    path("t/", theme_days.find, name="theme_find"),
    path("t/<str:code>/", theme_days.find, name="theme_code"),
    path("theme-days/", theme_days.theme_days, name="theme_days"),
    path("theme-days/new/", theme_days.new, name="theme_day_new"),
    path("theme-days/<int:pk>/", theme_days.day, name="theme_day"),
    path("theme-days/<int:pk>/wall/", theme_days.wall, name="theme_wall"),
    path("theme-days/<int:pk>/invitation/", theme_days.invitation, name="theme_invitation"),
    path("theme-days/<int:pk>/step/", theme_days.step, name="theme_step"),
    path("theme-days/<int:pk>/end/", theme_days.finish, name="theme_end"),
    path("theme-days/<int:pk>/reopening/", theme_days.reopen, name="theme_reopening"),
    path("theme-days/<int:pk>/notes/", board.notes, name="notes"),
    path("theme-days/<int:pk>/moves/", board.moves, name="moves"),
    path("theme-days/<int:pk>/wordings/", board.wordings, name="wordings"),
    path("theme-notes/<uuid:pk>/removal/", board.note_removal, name="note_removal"),
    path("theme-clusters/<int:pk>/", board.cluster, name="cluster"),
    path("theme-clusters/<int:pk>/dissolution/", board.dissolution, name="cluster_dissolution"),
    path("theme-clusters/<int:pk>/dot/", board.dot, name="dot"),
    path("theme-wordings/<int:pk>/", board.wording, name="wording"),
    path("theme-wordings/<int:pk>/removal/", board.wording_removal, name="wording_removal"),
]
urlpatterns += apv_urls.urlpatterns
urlpatterns += decision_urls.urlpatterns
urlpatterns += coach_urls.urlpatterns
