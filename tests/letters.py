"""Every mail of the product, each in the shapes it can take: to be tested, and to be read.

MAILS=/tmp/mails make test ARGS=tests/test_mails.py     writes them into that directory
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from meetings.models import (
    Cancellation,
    Case,
    DateSearch,
    Feed,
    Meeting,
    Notes,
    Sparring,
    TenMinutes,
)
from meetings.models.commitment import Agreed
from networks.models import Concern, JoinRequest, Membership, Pause, User
from notifications import digest, kinds
from notifications.models import Delivery
from tests import factories
from tests.factories import in_days, make_group, make_series, make_team, make_user
from wellbeing.models import CoachProgramme, CourseDay, Decision, Guidepost

QUESTION = "Hvordan siger vi nej til nye opgaver, uden at nogen føler sig afvist?"
VIDEO = f"{settings.SITE_URL}/video/omraade-nord"  # any other address would be foreign in a mail
REASON = "Vi er på kursus alle sammen."


@dataclass
class Letter:
    """One mail in one shape, about what and to whom: several are what one waits for the digest."""

    name: str
    about: list[tuple[str, object]]
    to: User

    def written(self, language: str) -> kinds.Message:
        with translation.override(language):
            messages = [self._message(kinds.get(name), subject) for name, subject in self.about]
            return messages[0] if len(messages) == 1 else digest.message(self.to, messages)

    @property
    def about_network(self) -> bool:
        groups = [getattr(getattr(one, "series", one), "group", None) for _kind, one in self.about]
        return all(not getattr(group, "is_team", True) for group in groups)

    def _message(self, kind, subject) -> kinds.Message:
        row = Delivery(
            kind=kind.name,
            subject_id=subject.pk,
            version="0",
            recipient=self.to,
            due_at=timezone.now(),
        )
        return kind.message(row, kind.subjects().get(pk=subject.pk))


class House:
    """People to write to, and groups as new as each mail wants them."""

    def __init__(self):
        self.names = {"team": "Ledergruppen Nord", "network": "Fyret"}
        self.organisation = factories.make_organisation("Havby Kommune")
        self.karen = make_user(self.organisation, "Karen Holm")
        self.jonas = make_user(self.organisation, "Jonas Lindgaard", phone="99 77 55 33")
        self.manager = make_user(self.organisation, "Birgitte Aagaard")

    def team(self):
        return make_team(
            self.organisation,
            [self.karen, self.jonas],
            name=self.names["team"],
            senior_manager=self.manager,
            opening_words="Jeg glæder mig til, at vi får tid til at tale om det, der fylder.",
        )

    def network(self, **values):
        values = {"name": self.names["network"], "status": "running"} | values
        return make_group(self.organisation, [self.jonas, self.karen], **values)

    def season(self, group, meetings=3, told=True, **values):
        where = {"place": "Mødelokale 2, Rådhuset"} | values
        season = make_series(group, in_days(4), meetings=meetings, **where)
        if told:
            self.tell(season)
        return season

    def tell(self, season) -> None:
        """As if the invitation had gone out."""
        kind = kinds.get("meetings.invited")
        invitation = kind.subjects().get(series=season, user=self.karen)
        kind.before(None, invitation)
        kind.sent(None, invitation)

    def invitation(self, season):
        return season.invitations.get(user=self.karen)


def every_letter(house: House) -> Iterator[Letter]:
    """Each is to be written before the next is asked for: what it is about is undone then."""
    for make in SHAPES:
        with transaction.atomic():
            about = make(house)
            about = about if isinstance(about, list) else [about]
            yield Letter(make.__name__.replace("_", " "), about, house.karen)
            transaction.set_rollback(True)


SHAPES = []


def shape(make):
    """A function that makes what one mail is about: its kind and subject."""
    SHAPES.append(make)
    return make


# ---- the season's dates


@shape
def invited_team(house):
    season = house.season(house.team(), told=False, link=VIDEO)
    return "meetings.invited", house.invitation(season)


@shape
def invited_network(house):
    season = house.season(house.network(), told=False)
    return "meetings.invited", house.invitation(season)


@shape
def invited_video_only(house):
    season = house.season(house.network(), told=False, place="", link=VIDEO)
    return "meetings.invited", house.invitation(season)


@shape
def invited_by_feed(house):
    season = house.season(house.team(), told=False)
    Feed.make(house.karen)
    return "meetings.invited", house.invitation(season)


@shape
def invited_again(house):
    return "meetings.invited_again", house.invitation(house.season(house.team()))


# ---- changes


def first(season) -> Meeting:
    return season.meetings.order_by("starts_at").first()


def _changed(house, season):
    return "meetings.changed", house.invitation(season)


@shape
def changed_moved(house):
    season = house.season(house.team())
    one = first(season)
    one.move(one.starts_at + timedelta(days=1, hours=2), by=house.manager)
    return _changed(house, season)


@shape
def changed_moved_elsewhere(house):
    season = house.season(house.network())
    one = first(season)
    one.move(one.starts_at + timedelta(days=1), by=house.manager, place="Biblioteket, sal B")
    return _changed(house, season)


@shape
def changed_cancelled(house):
    season = house.season(house.team())
    first(season).cancel(by=house.manager, reason=REASON)
    return _changed(house, season)


@shape
def changed_cancelled_without_a_reason(house):
    season = house.season(house.network())
    first(season).cancel(by=house.jonas)
    return _changed(house, season)


@shape
def changed_several(house):
    season = house.season(house.team(), meetings=4, interval_days=7)
    one, two, three, _four = season.meetings.order_by("starts_at")
    one.move(one.starts_at + timedelta(days=1), by=house.manager)
    two.cancel(by=house.manager, reason=REASON)
    three.move(three.starts_at, by=house.manager, place="Biblioteket, sal B")
    return _changed(house, season)


@shape
def changed_place_of_one(house):
    season = house.season(house.team(), meetings=1)
    season.relocate("Biblioteket, sal B", "", by=house.manager)
    return _changed(house, season)


@shape
def changed_place_of_all(house):
    season = house.season(house.network())
    season.relocate("Biblioteket, sal B", "", by=house.jonas)
    return _changed(house, season)


@shape
def changed_video_of_all(house):
    season = house.season(house.team())
    season.relocate(season.place, VIDEO, by=house.manager)
    return _changed(house, season)


@shape
def changed_to_video_of_all(house):
    season = house.season(house.team())
    season.relocate("", VIDEO, by=house.manager)
    return _changed(house, season)


def _closed(house, season) -> Meeting:
    which = season.meetings.filter(pk=first(season).pk)
    [meeting] = which.call_off(house.manager, Cancellation.Why.CLOSED, "Planlægningsdage")
    return meeting


@shape
def changed_closing_week(house):
    season = house.season(house.team())
    _closed(house, season)
    return _changed(house, season)


@shape
def changed_stands_again(house):
    season = house.season(house.team())
    meeting = _closed(house, season)
    house.tell(season)
    meeting.stand_again()
    return _changed(house, season)


@shape
def changed_ended(house):
    season = house.season(house.team())
    season.end(by=house.manager, reason=REASON)
    return _changed(house, season)


@shape
def changed_ended_network(house):
    season = house.season(house.network())
    season.end(by=house.jonas)
    return _changed(house, season)


def _otherwise(house, **values):
    season = house.season(house.team(), meetings=4, interval_days=7, **values)
    second = season.meetings.order_by("starts_at")[1]
    heir = season.going_on_from(second)
    heir.starts_on += timedelta(days=1)
    heir.interval_days = 14
    return season, season.change_from(second, heir, by=house.manager)


@shape
def changed_from_here_on(house):
    return _changed(house, _otherwise(house)[0])


@shape
def invited_instead(house):
    return "meetings.invited", house.invitation(_otherwise(house)[1])


@shape
def changed_from_here_on_in_own_calendar(house):
    season, _heir = _otherwise(house, in_calendar_already=True)
    return _changed(house, season)


@shape
def changed_left(house):
    season = house.season(house.network())
    season.invitations.filter(user=house.karen).update(ended_at=timezone.now())
    return _changed(house, season)


@shape
def changed_left_by_feed(house):
    season = house.season(house.team())
    Feed.make(house.karen)
    season.invitations.filter(user=house.karen).update(ended_at=timezone.now())
    return _changed(house, season)


@shape
def changed_place_rests(house):
    group = house.network()
    season = house.season(group)
    group.memberships.get(user=house.karen).rest()
    season.invite()
    return _changed(house, season)


# ---- about a meeting


@shape
def opening(house):
    return "meetings.opening", first(house.season(house.team(), link=VIDEO))


def _agenda(house, group, questions):
    meeting = first(house.season(group))
    meeting.invite_proposals()
    for question in questions:
        meeting.propose(question, by=house.jonas)
    meeting.compose_agenda()
    Meeting.objects.filter(pk=meeting.pk).update(host=house.karen)
    return "meetings.agenda", meeting


@shape
def agenda_of_one(house):
    return _agenda(house, house.team(), [QUESTION])


@shape
def agenda_of_many(house):
    return _agenda(
        house, house.team(), [QUESTION, "Hvad skal vi holde op med?", "Hvem lytter vi til?"]
    )


@shape
def agenda_of_nobody(house):
    meeting = first(house.season(house.team()))
    Meeting.objects.filter(pk=meeting.pk).update(status=Meeting.Status.SET)
    return "meetings.agenda", meeting


@shape
def agenda_network(house):
    return _agenda(house, house.network(), [QUESTION])


@shape
def reminder(house):
    return "meetings.reminder", first(house.season(house.network(), has_agenda=False, link=VIDEO))


def _minutes(house, group):
    meeting = first(house.season(group, has_agenda=group.is_team))
    Agreed(meeting).agree(
        "Vi ringer til hinanden, før det brænder", by=house.jonas, at=meeting.starts_at
    )
    return "meetings.minutes", meeting


@shape
def minutes(house):
    return _minutes(house, house.team())


@shape
def minutes_network(house):
    return _minutes(house, house.network())


def _parked(house, destination):
    meeting = first(house.season(house.team()))
    item = meeting.park("Hvem bestiller de nye telefoner?", by=house.jonas)
    item.take_to(destination)
    item.forward(house.karen)
    return "meetings.parked", item


@shape
def parked_by_mail(house):
    return _parked(house, "mail")


@shape
def parked_to_operations(house):
    return _parked(house, "operations")


@shape
def parked_to_the_two(house):
    return _parked(house, "one_to_one")


@shape
def ten_minutes(house):
    return "meetings.ten_minutes", TenMinutes.objects.ask(house.network(), by=house.jonas)


@shape
def notes_going(house):
    group = house.network()
    talk = _talk(house, group)
    return "meetings.notes_going", talk


def _talk(house, group):
    Case.objects.bring(group, by=house.karen, question=QUESTION, wants="test")
    talk = Sparring.objects.prepare(first(house.season(group)), by=house.karen, as_host=True)
    talk.take("focus", house.karen)
    talk.start(by=house.karen)
    talk.close(asks_again=1)
    Notes.objects.write(talk, "Det sagde jeg.")
    return Sparring.objects.get(pk=talk.pk)


def _concern(house, *kinds_of_concern):
    group = house.network()
    for kind in kinds_of_concern:
        Concern.objects.open(kind, group)
    return "meetings.heartbeat", group.concerns.first()


@shape
def heartbeat_of_one(house):
    return _concern(house, Concern.Kind.NO_DATE)


@shape
def heartbeat_of_all(house):
    return _concern(house, *Concern.OF_THE_GROUP)


@shape
def begins_again(house):
    until = timezone.localdate() + timedelta(days=7)
    group = house.network()
    return "meetings.begins_again", Pause.begin(group, house.jonas, "Sommer på øen.", until)


@shape
def dates_offered(house):
    search = DateSearch(group=house.network(), by=house.jonas, place="Rådhuset")
    search.offer([in_days(20), in_days(21)])
    return "meetings.dates_offered", search


# ---- coach education


def _programme(house):
    lone = make_user(house.organisation, "Lone Østergaard", is_secretariat=True)
    decided = Decision.objects.decide(
        lone, "Alle ledere skal gennem coachuddannelsen", decided_by=house.manager
    )
    programme = CoachProgramme.objects.start(decided, lone, "Coachuddannelsen")
    guidepost = Guidepost.objects.word(
        house.organisation, wording="Ingen leder står alene.", theme="support"
    )
    cohort = programme.add_cohort("Hold Forår", 12)
    for ahead in (30, 44, 58):
        CourseDay.plan(
            cohort,
            in_days(ahead),
            in_days(ahead, time(15, 30)),
            place="Kursuscentret, lokale 4",
            guidepost=guidepost,
        )
    programme.invite()
    return programme, cohort, programme.enrolments.get(leader=house.karen)


@shape
def coach_invited(house):
    programme, _cohort, enrolment = _programme(house)
    programme.add_cohort("Hold Efterår", 12)
    return "wellbeing.coach_invited", enrolment


@shape
def coach_seat_offered(house):
    _education, _cohort, enrolment = _programme(house)
    enrolment.wait()
    return "wellbeing.coach_seat_offered", enrolment


def _course_day(house, tell=True):
    _education, cohort, enrolment = _programme(house)
    enrolment.take(cohort)
    day = cohort.days.in_order().first()
    invitation = day.invitations.get(person=house.karen)
    if tell:
        kind = kinds.get("wellbeing.course_day")
        kind.before(None, invitation)
        kind.sent(None, invitation)
    return day, enrolment, ("wellbeing.course_day", invitation)


@shape
def course_day(house):
    return _course_day(house, tell=False)[2]


@shape
def course_day_moved(house):
    day, _enrolment, about = _course_day(house)
    later = timedelta(days=1)
    day.change(day.starts_at + later, day.ends_at + later, "Rådhuset", day.guidepost)
    return about


@shape
def course_day_elsewhere(house):
    day, _enrolment, about = _course_day(house)
    day.change(day.starts_at, day.ends_at, "Rådhuset", day.guidepost)
    return about


@shape
def course_day_cancelled(house):
    day, _enrolment, about = _course_day(house)
    day.cancel()
    return about


@shape
def course_day_given_back(house):
    _day, enrolment, about = _course_day(house)
    enrolment.withdraw()
    return about


# ---- groups


def _request(house, kind, **values):
    group = house.network()
    until = timezone.now() + timedelta(days=14)
    stranger = make_user(house.organisation, "Fremmede Fritz")
    values = {"state": "asked", "until": until} | values
    return kind, JoinRequest.objects.create(group=group, user=stranger, **values)


@shape
def asked(house):
    return _request(house, "networks.asked")


@shape
def let_in(house):
    return _request(house, "networks.let_in", state="joined")


@shape
def place_offered(house):
    return _request(house, "networks.place_offered", state="offered")


@shape
def not_now(house):
    return _request(house, "networks.not_now", state="closed")


def _role(house, role):
    membership = Membership.objects.get(group=house.network(), user=house.karen)
    membership.offer(role)
    return "networks.role_offered", membership


@shape
def role_of_facilitator(house):
    return _role(house, "facilitator")


@shape
def role_of_deputy(house):
    return _role(house, "deputy")


@shape
def lines(house):
    return "networks.lines", Membership.objects.get(group=house.network(), user=house.karen)


@shape
def proposed(house):
    secretariat = make_user(house.organisation, "Lone Østergaard", is_secretariat=True)
    crowd = [make_user(house.organisation) for _ in range(3)]
    composition = factories.make_proposal(secretariat, [house.karen, *crowd])
    composition.share()
    return "networks.proposed", composition.seats.get(user=house.karen)


@shape
def welcome(house):
    return "networks.welcome", house.karen


@shape
def the_digest(house):
    return [opening(house), notes_going(house)]
