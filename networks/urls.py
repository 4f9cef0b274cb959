from django.urls import path

from networks.views import (
    care,
    composition,
    doors,
    founding,
    groups,
    imports,
    me,
    membership,
    people,
    proposals,
    units,
)

app_name = "networks"

# networks/, where one finds a group, shows dates too: it is added in config/urls.py.
urlpatterns = [
    path("me/", me.me, name="me"),
    path("me/mails/", me.mails, name="mails"),
    # groups/<pk>/
    path("groups/new/", founding.new, name="new_group"),
    path("groups/<int:pk>/words/", founding.words, name="words"),
    path("groups/<int:pk>/appointment/", founding.appoint, name="appointment"),
    path("groups/<int:pk>/start/", founding.start, name="start"),
    path("groups/<int:pk>/membership/", doors.join, name="membership"),
    path("groups/<int:pk>/membership/end/", membership.leave, name="leave"),
    path("groups/<int:pk>/affirmation/", membership.affirm, name="affirmation"),
    path("groups/<int:pk>/role/", membership.take_role, name="take_role"),
    path("groups/<int:pk>/role/offer/", membership.offer_role, name="offer_role"),
    path("groups/<int:pk>/role/decline/", membership.decline_role, name="decline_role"),
    path("groups/<int:pk>/request/", doors.ask, name="ask"),
    path("groups/<int:pk>/links/", doors.invite_links, name="invite_links"),
    path("groups/<int:pk>/review/", care.review, name="review"),
    path("groups/<int:pk>/affirmation/reminder/", care.remind_lines, name="remind_lines"),
    path("memberships/<int:pk>/removal/", care.remove, name="remove_member"),
    path("groups/<int:pk>/beginning/", groups.begin_team, name="begin_team"),
    # requests/<pk>/: somebody who asks to come in
    path("requests/<int:pk>/answer/", doors.answer, name="answer"),
    path("requests/<int:pk>/withdrawal/", doors.withdraw, name="withdraw"),
    path("requests/<int:pk>/place/", doors.accept, name="accept"),
    # invitations by link
    path("links/<int:pk>/end/", doors.end_link, name="end_link"),
    path("invitation/<slug:token>/", doors.invite_link, name="invite_link"),
    # office/
    path("office/beginning/", groups.begin, name="begin"),
    path("office/five-lines/", founding.agreement, name="agreement"),
    path("office/person-options/", founding.people_like, name="people_like"),
    # office/compositions/<pk>/: new groups in the making
    path("office/compositions/", composition.compositions, name="compositions"),
    path("office/compositions/<int:pk>/", composition.composition, name="composition"),
    path("office/compositions/<int:pk>/people/", composition.people, name="composition_people"),
    path("office/compositions/<int:pk>/wishes/", composition.wishes, name="composition_wishes"),
    path("office/compositions/<int:pk>/apart/", composition.apart, name="composition_apart"),
    path("office/compositions/<int:pk>/search/", composition.search, name="composition_search"),
    path("office/compositions/<int:pk>/search/end/", composition.end_search, name="end_search"),
    path("office/compositions/<int:pk>/undo/", composition.undo, name="composition_undo"),
    path("office/compositions/<int:pk>/sharing/", composition.sharing, name="composition_sharing"),
    path("office/compositions/<int:pk>/sharing/end/", composition.end_sharing, name="end_sharing"),
    path("office/compositions/<int:pk>/end/", composition.discard, name="end_composition"),
    path("office/wishes/<int:pk>/end/", composition.end_wish, name="end_wish"),
    path("office/apart/<int:pk>/end/", composition.end_apart, name="end_apart"),
    path("office/seats/<int:pk>/", composition.seat, name="seat"),
    path("office/seats/<int:pk>/lock/", composition.seat_lock, name="seat_lock"),
    path("office/proposed/<int:pk>/", composition.proposed_group, name="proposed_group"),
    path("office/proposed/<int:pk>/lock/", composition.group_lock, name="group_lock"),
    # proposals/<pk>/: what a leader sees of it
    path("proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path("proposals/<int:pk>/swap/", proposals.swap, name="swap"),
    # office/people/
    path("office/people/", people.people, name="people"),
    path("office/people/new/", people.new, name="person_new"),
    path("office/people/leaders.csv", people.as_csv, name="people_csv"),
    path("office/people/leaders.xlsx", people.as_workbook, name="people_xlsx"),
    path("office/people/invitations/", people.invite_all, name="invite_all"),
    path("office/people/successors/", people.successors, name="successors"),
    path("office/people/<int:pk>/", people.person, name="person"),
    path("office/people/<int:pk>/invitation/", people.invite, name="invite"),
    path("office/people/<int:pk>/departure/", people.departure, name="departure"),
    path("office/people/<int:pk>/successor/", people.successor, name="successor"),
    # office/import/
    path("office/import/", imports.begin, name="import_new"),
    path("office/import/<int:pk>/", imports.look, name="import"),
    path("office/import/<int:pk>/confirmation/", imports.confirm, name="import_confirm"),
    path("office/import/<int:pk>/end/", imports.drop, name="import_drop"),
    # office/units/
    path("office/units/", units.units, name="units"),
    path("office/units/new/", units.new, name="unit_new"),
    path("office/units/<int:pk>/", units.unit, name="unit"),
    path("office/units/<int:pk>/removal/", units.remove, name="unit_remove"),
    path("office/elsewhere/", units.settings, name="settings"),
]
