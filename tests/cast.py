"""One small house with somebody in every role: for the tests that walk all doors."""

import re
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from config import live
from meetings import taps
from meetings.models import (
    Case,
    DateSearch,
    Feed,
    Format,
    Notes,
    Room,
    Sparring,
    TapQuestion,
    TapRound,
    TenMinutes,
)
from meetings.models.commitment import Agreed
from networks.demo import PERSONAS
from networks.imports import Line
from networks.models import Group, Import, InviteLink, Membership, User
from notifications import unsubscribe
from notifications.kinds import CHOSEN
from tests import factories
from tests.access_table import ROLES
from wellbeing.models import (
    Apv,
    CoachOffer,
    CoachProgramme,
    CourseDay,
    Decision,
    DialogueQuestion,
    Enrolment,
    Finding,
    Guidepost,
    Note,
    Presentation,
    Seat,
    Statement,
    Story,
    ThemeDay,
    Tool,
)

SECRET_OF_THE_NETWORK = "KANARIEFUGL-I-NETVÆRKET"
SECRET_OF_THE_TEAM = "KANARIEFUGL-I-LEDERGRUPPEN"
SECRETS = {"network": SECRET_OF_THE_NETWORK, "team": SECRET_OF_THE_TEAM}
SECRET_OF_THE_FOCUS_PERSON = "KANARIEFUGL-I-NOTERNE"
SAID_IN_THE_APV = "KANARIEFUGL-I-UDSAGNENE"
FOUND_IN_THE_APV = "KANARIEFUGL-I-FUNDENE"
OFFERED = "KANARIEFUGL-I-TILBUDDET"
TOLD = "KANARIEFUGL-I-FORTÆLLINGEN"
NUMBER = "99 77 55 33"  # of who asks for ten minutes


@dataclass
class Token:
    """What stands in a mail's link instead of a key."""

    pk: str


@dataclass
class House:
    people: dict[str, User] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    clients: dict[str, Client] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A browser of that person's own, with nothing but the session in it."""
        client = Client()
        client.cookies.load(self.clients[role].cookies.output(header="", sep=";"))
        return client

    def filled(self, sends: dict[str, str]) -> dict:
        """What a form would send, where `{thing}` stands for the key of that thing."""
        return {self._filled(name): self._filled(value) for name, value in sends.items()}

    def _filled(self, words: str) -> str:
        return re.sub(r"{(.+?)}", lambda found: str(self.pk(found[1])), words)

    def pk(self, thing: str) -> int | str:
        """What its address holds: its key, or the thing itself."""
        return getattr(self.things[thing], "pk", self.things[thing])


def make_house() -> House:
    """A running network group, a leadership team and a forming group, each with its meeting.

    `asker` wrote all questions. One of the forming group is led by `manager`.
    """
    house = House()
    havby, skovlund = factories.make_organisation("Havby"), factories.make_organisation("Skovlund")
    people = house.people
    for role, name in [
        ("member", "Karen Holm"),
        ("asker", "Spørge Jørgensen"),
        ("newcomer", "Nyela Ankommer"),
        ("facilitator", "Tove Holder"),
        ("manager", "Birgitte Aagaard"),
        ("stranger", "Fremmede Fritz"),
        ("amo", "Arbejdsmiljø-Anne Thy"),
    ]:
        people[role] = factories.make_user(havby, name)
    people["secretariat"] = factories.make_user(havby, "Lone Østergaard", is_secretariat=True)
    leader = next(persona for persona in PERSONAS if persona["who"] == "leader")
    User.objects.filter(pk=people["member"].pk).update(email=leader["email"])
    people["outsider"] = factories.make_user(skovlund, "Peter Vang")
    people["superuser"] = User.objects.create_superuser("root@example.org", name="Rod")
    asker, member, manager = people["asker"], people["member"], people["manager"]
    team = factories.make_team(
        havby, [asker, member], name="Område Nord", senior_manager=manager, begun=False
    )
    network = factories.make_group(
        havby, [people["facilitator"], member, asker], name="Fyret", status=Group.Status.RUNNING
    )
    Membership.objects.create(group=network, user=people["newcomer"])
    User.objects.filter(pk__in=[asker.pk, member.pk]).update(manager=manager)
    led = factories.make_user(havby, "Ledet Larsen", manager=manager)
    forming = factories.make_group(
        havby, [factories.make_user(havby, "Broder Bro"), led], name="Broen", size=8
    )
    house.things = {"team": team, "network": network, "forming group": forming}
    for name, group, secret in [
        ("team", team, SECRET_OF_THE_TEAM),
        ("network", network, SECRET_OF_THE_NETWORK),
    ]:
        _fill(house, name, group, secret)
    _add_sparring(house, network)
    house.things["way out of mails"] = Token(unsubscribe.token(member.pk, CHOSEN))
    house.things["team leader unreached"] = asker
    factories.make_series(forming, factories.in_days(6))
    _add_asking(house)
    _add_closing_weeks(house, havby, skovlund)
    house.things["feed"], house.things["feed token"] = Feed.make(member)
    _add_rooms(house)
    _add_agreed(house)
    _add_taps(house)
    _add_compositions(house)
    _add_people(house)
    _add_theme_days(house)
    _add_care(house)
    _add_apv(house)
    _add_peers(house)
    _add_decisions(house)
    _add_coach(house)
    for role in ROLES:
        house.clients[role] = Client()
        if role in people:
            house.clients[role].force_login(people[role])
            house.clients[role].get("/me/")
    return house


def _add_asking(house: House) -> None:
    """The stranger asks to come into the network group; the facilitator made a link to it."""
    network = house.things["network"]
    house.things["request"] = network.ask(house.people["stranger"])
    house.things["link"], token = InviteLink.make(network, by=house.people["facilitator"])
    house.things["link token"] = Token(token)
    search = DateSearch(group=network, by=house.people["facilitator"], place="Rådhuset")
    search.offer([factories.in_days(40), factories.in_days(41)])
    house.things["possible time"] = search.times.first()


def _add_compositions(house: House) -> None:
    """A proposal of the secretariat's alone, and one that is shown to `member`."""
    secretariat, member = house.people["secretariat"], house.people["member"]
    crowd = [factories.make_user(secretariat.organisation) for _ in range(8)]
    for name, people in [("proposal", crowd), ("shown proposal", [member, *crowd[:3]])]:
        composition = factories.make_proposal(secretariat, people, groups=len(people) // 4)
        house.things[name] = composition
        house.things[f"{name}’s seat"] = composition.seats.get(user=people[0])
        house.things[f"{name}’s group"] = composition.groups.first()
    proposal = house.things["proposal"]
    proposal.wish(crowd[:2])
    proposal.keep_apart(crowd[2], crowd[7])
    house.things["wish"] = proposal.wishes.get()
    house.things["two kept apart"] = proposal.kept_apart.get()
    house.things["one of the proposal"], house.things["another of the proposal"] = crowd[3:5]
    house.things["another proposed group"] = proposal.groups.last()
    house.things["shown proposal"].share()


def _fill(house: House, name: str, group, secret: str) -> None:
    """A season of two meetings with questions in every state, all of them by `asker`."""
    asker = house.people["asker"]
    series = factories.make_series(group, factories.in_days(4), meetings=2)
    meeting, following = series.meetings.order_by("starts_at")
    meeting.invite_proposals()
    question = meeting.propose(f"{secret} venter?", by=asker)
    taken_back = meeting.propose(f"{secret} trukket tilbage?", by=asker)
    taken_back.withdraw()
    parked = meeting.park(f"{secret} parkeret", by=asker)
    following.propose(f"{secret} sat?", by=asker)
    following.compose_agenda()
    hidden = meeting.propose(f"{secret} skjult?", by=asker)
    hidden.hide(by=asker)
    resting = meeting.propose(f"{secret} hviler?", by=asker)
    resting.carry_over(meeting, meeting)
    resting.carry_over(meeting, meeting)
    doubted = meeting.propose(f"{secret} i tvivl?", by=asker)
    if group.is_team:
        doubted.suggest_parking(group.senior_manager)
    house.things |= {
        f"{name} season": series,
        f"{name} meeting": meeting,
        f"{name} meeting with its agenda": following,
        f"{name} question": question,
        f"{name} question taken back": taken_back,
        f"{name} question hidden": hidden,
        f"{name} question resting": resting,
        f"{name} question in doubt": doubted,
        f"{name} standing item": meeting.building.add_standing(f"{secret} fast", 10, by=asker),
        f"{name} matter parked": parked,
    }


def _add_people(house: House) -> None:
    """A list that waits for a yes, here and elsewhere; a unit; somebody who left and still heads
    another.
    """
    for place, by in [("", house.people["secretariat"]), (" elsewhere", house.people["outsider"])]:
        here = by.organisation
        lines = [Line(2, "Ny Nielsen", f"ny{by.pk}@example.org"), Line(3, "", "half@example.org")]
        staged = Import.stage(lines, by=by, ignored=["Løntrin"])
        staged.compare()
        house.things[f"list{place or ' of leaders'}"] = staged
        house.things[f"unit{place}"] = factories.make_unit(here, name=f"Område Øst {by.pk}")
        house.things[f"leader{place}"] = factories.make_user(here, f"Leder Lund {by.pk}")
    left = factories.make_user(house.people["secretariat"].organisation, "Borte Berg")
    factories.make_unit(left.organisation, name="Nattevagten", head=left)
    left.leave()
    house.things["tombstone"] = left


def _add_apv(house: House) -> None:
    """Within area Nord: `member` carries it, `manager` answers. Something was said, something
    found, something proposed, agreed and done.
    """
    people = house.people
    member, manager = people["member"], people["manager"]
    havby = manager.organisation
    nord = factories.make_unit(havby, name="Ledere i Nord", parent=member.unit, head=manager)
    member.move_to_unit(nord)
    factories.make_unit(havby, name="Område Syd", head=factories.make_user(havby))
    apv = Apv.objects.begin(nord, by=people["secretariat"], purpose="At kunne holde til det.")
    apv.appoint(member, Seat.Role.LEADER)
    apv.appoint(people["amo"], Seat.Role.AMO)
    own = apv.add_theme(words=f"{FOUND_IN_THE_APV} eget tema")
    apv.consider_absence(f"{FOUND_IN_THE_APV} fravær")
    apv.go_to("act", member)
    theme = apv.themes.get(heading="workload")
    said = Statement.objects.say(theme, f"{SAID_IN_THE_APV} sagt")
    actions = []
    for number in range(3):
        finding = Finding.objects.find(theme, f"{FOUND_IN_THE_APV} fund {number}")
        finding.assess("Meget", "Alle", "Telefonen", member)
        what = f"{FOUND_IN_THE_APV} handling {number}"
        actions.append(finding.propose(what, member, factories.in_days(9).date(), "Ro", member))
    for action in actions[1:]:
        action.reply("yes", "Ja", manager)
    actions[2].finish()
    house.things |= {
        "apv": apv,
        "apv theme": theme,
        "apv theme of one’s own": own,
        "apv statement": said,
        "apv finding": Finding.objects.find(theme, f"{FOUND_IN_THE_APV} uvurderet"),
        "apv finding assessed": actions[0].assessment.finding,
        "apv action proposed": actions[0],
        "apv action agreed": actions[1],
        "apv action done": actions[2],
        "apv leader": member,
        "apv unit without": havby.units.get(name="Område Syd"),
    }


def _add_decisions(house: House) -> None:
    """What the APV came to was presented by `member`, and `manager` decided on it."""
    member, manager = house.people["member"], house.people["manager"]
    today = timezone.localdate()
    said = {"to_whom": "Direktionen", "said": f"{FOUND_IN_THE_APV} forelagt"}
    presented = Presentation.objects.present(
        member, presented_on=today, apv=house.things["apv"], **said
    )
    house.things["presentation undecided"] = Presentation.objects.present(
        house.people["secretariat"], "Alle ledere", today
    )
    decision = Decision.objects.decide(
        manager, "Alle ledere bliver coaches", "Vi vil det.", presentation=presented
    )
    decision.guideposts.set([house.things["guidepost"]])
    house.things |= {"presentation": presented, "decision": decision, "apv’s unit": presented.unit}


def _add_rooms(house: House) -> None:
    """A meeting under way in the network and in the team, each led by `asker`."""
    for name in ("network", "team"):
        group, asker = house.things[name], house.people["asker"]
        first = factories.in_days(40)
        series = factories.make_series(group, first, has_agenda=name == "team")
        meeting = series.meetings.get()
        if name == "team":
            meeting.propose(f"{SECRET_OF_THE_TEAM} under mødet?", by=asker)
        house.things[f"{name} meeting under way"] = meeting
        room = Room.start(meeting, by=asker, at=meeting.starts_at)
        house.things[f"{name} room"] = room
        own = Format.objects.get(slug="network-meeting").copy_for(group, by=asker)
        Format.objects.filter(pk=own.pk).update(name_da=f"{SECRETS[name]} som vi plejer")
        house.things[f"{name} own format"] = own
        house.things[f"{name} meeting about to begin"] = _about_to_begin(group)
        house.things["follower’s token"] = Token(live.token("room", room.pk, asker.pk))
    of_all = Format.objects.get(slug="dialogue-meeting").copy_for(
        house.things["team"].organisation, by=house.people["secretariat"]
    )
    house.things["format of all"] = of_all
    house.things["forged token"] = Token("room.1.1.f.ffffffff.AAAA")


def _add_taps(house: House) -> None:
    """A question of the group's own, a round under way on it, and a closed one with its figure."""
    for name in ("network", "team"):
        group, meeting = house.things[name], house.things[f"{name} meeting under way"]
        own = TapQuestion.objects.word(group, f"{SECRETS[name]} trykket på")
        house.things[f"{name} round of taps"] = TapRound.objects.create(
            meeting=meeting, moment="check_in", question=own, opened_on=timezone.localdate()
        )
        taps.begin(house.pk(f"{name} round of taps"))
        TapRound.objects.create(
            meeting=house.things[f"{name} meeting"],
            moment="check_out",
            question=own,
            opened_on=timezone.localdate(),
            is_open=False,
            totals=[0, 1, 1, 2, 3],
            answers=7,
        )


def _add_sparring(house: House, network) -> None:
    """Of `asker`: a talk that was, with notes, one that is prepared with `asker` as its host, a
    question that waits, and ten minutes asked for.
    """
    asker, meeting = house.people["asker"], house.things["network meeting"]
    talked = Case.objects.bring(
        network, by=asker, question=f"{SECRET_OF_THE_NETWORK} talt om?", wants="test"
    )
    talk = Sparring.objects.prepare(meeting, by=asker, as_host=True)
    talk.take("focus", asker)
    talk.start(by=asker)
    talk.close(asks_again=1)
    Notes.objects.write(talk, SECRET_OF_THE_FOCUS_PERSON)
    talk.tell(f"{SECRET_OF_THE_NETWORK} blev til noget")
    User.objects.filter(pk=asker.pk).update(phone=NUMBER)
    asker.phone = NUMBER
    house.things |= {
        "network talk": Sparring.objects.get(case=talked),
        "network case": Case.objects.bring(
            network,
            by=asker,
            question=f"{SECRET_OF_THE_NETWORK} bragt med?",
            wants="challenge",
            not_wanted=f"{SECRET_OF_THE_NETWORK} ikke råd",
        ),
        "ten minutes": TenMinutes.objects.ask(network, by=asker),
    }
    house.things["network talk prepared"] = Sparring.objects.prepare(
        house.things["network meeting"], by=asker, as_host=True
    )


def _add_agreed(house: House) -> None:
    """Of `asker`, at the meeting under way: something for `asker`, and something taken off."""
    asker = house.people["asker"]
    for name, secret in SECRETS.items():
        meeting = house.things[f"{name} meeting under way"]
        agreed = Agreed(meeting).agree(f"{secret} aftalt", by=asker, who=asker)
        taken_off = Agreed(meeting).agree(f"{secret} taget af", by=asker, who=asker)
        taken_off.remove()
        house.things[f"{name} commitment"] = agreed
        house.things[f"{name} commitment taken off"] = taken_off


def _add_care(house: House) -> None:
    """Somebody whose place rests, here and elsewhere; the network is asked how to go on."""
    for place, organisation in [
        ("", house.things["network"].organisation),
        (" elsewhere", house.people["outsider"].organisation),
    ]:
        above, *others = [factories.make_user(organisation) for _ in range(4)]
        group = factories.make_group(
            organisation, [others[0], above, *others[1:]], name=f"Hvilet {organisation}", size=4
        )
        others[0].change_manager(above)
        house.things[f"care task{place}"] = group.concerns.get(kind="command")
    network = house.things["network"]
    network.reviews.create()
    network.concerns.create(kind="silent")
    network.pauses.create(
        by=house.people["facilitator"],
        reason="Ferie",
        until=factories.in_days(-1).date(),
        ended_at=timezone.now(),
    )
    house.things["member’s seat"] = network.membership_of(house.people["member"])


def get_through(person: User) -> Enrolment:
    """A coach education that was for `person` alone, who is through with it."""
    decision = Decision.objects.decide(person, f"Coachuddannelse til {person.pk}")
    programme = CoachProgramme.objects.create(
        decision=decision,
        name="Coachuddannelse",
        started_by=person,
        started_at=timezone.now(),
        joined_until=timezone.now(),
    )
    programme.enrol([person])
    enrolment = programme.enrolments.get()
    enrolment.get_through(before=True)
    return enrolment


def _add_coach(house: House) -> None:
    """For the leaders of `asker` and `member`, who have each a place in it; `manager` decided."""
    people = house.people
    unit = people["member"].unit
    decide = Decision.objects.decide
    start = decide(people["secretariat"], "Alle skal videre", decided_by=people["manager"])
    decision = decide(
        people["secretariat"], "Alle skal igennem", unit=unit, decided_by=people["manager"]
    )
    programme = CoachProgramme.objects.start(decision, people["secretariat"], "Coachuddannelsen")
    cohort = programme.add_cohort("Forår", 12)
    day = CourseDay.plan(cohort, factories.in_days(50), factories.in_days(50, time(16)))
    programme.enrol([people["asker"]])
    programme.invite()
    programme.enrolments.get(leader=people["asker"]).wait()  # and a seat is offered
    enrolment = programme.enrolments.get(leader=people["member"])
    enrolment.take(cohort)
    house.things |= {
        "decision to start from": start,
        "programme": programme,
        "cohort": cohort,
        "course day": day,
        "member’s enrolment": enrolment,
    }


def _add_peers(house: House) -> None:
    """What `member` told without a name, and what somebody else told with theirs."""
    member = house.people["member"]
    teller = factories.make_user(member.organisation, "Fortælle Friis")
    Story.objects.tell(teller, f"{TOLD} med navn.", named=True)
    for person, line in [(member, f"{OFFERED} fra Nord"), (teller, f"{OFFERED} på tværs")]:
        get_through(person)
        CoachOffer.objects.make(person, line=line)
    house.things["member’s story"] = Story.objects.tell(member, f"{TOLD} uden navn.")


def _about_to_begin(group):
    """The day before yesterday, by the calendar: so it is in nobody's way today."""
    return factories.make_series(group, factories.in_days(-2), has_agenda=False).meetings.get()


def _add_theme_days(house: House) -> None:
    """Of area Nord, where `member` and `manager` belong: one under way and one that is over."""
    secretariat, manager = house.people["secretariat"], house.people["manager"]
    nord = factories.make_unit(secretariat.organisation, name="Område Nord")
    for role in ("member", "manager"):
        house.people[role].move_to_unit(nord)
    plan = {"unit": nord, "starts_on": timezone.localdate()}
    for name in ("theme day finished", "theme day"):
        day = ThemeDay.objects.plan(secretariat, name=name.capitalize(), **plan)
        house.things[name] = day
        house.things["manager’s note"] = day.add_note("Vi mangler ro", by=manager)
        house.things["headline"] = day.add_cluster("Ro", [house.things["manager’s note"].pk])
        house.things["wording"] = day.word(wording=f"{name} siger det", theme="safety")
        if name == "theme day finished":
            day.finish()
    word = lambda wording, unit=None: Guidepost.objects.word(  # noqa: E731
        nord.organisation, unit, wording=wording, theme="support"
    )
    house.things |= {
        "theme day’s code": Token(house.things["theme day"].code),
        "key": Token(str(Note.new_key())),
        "guidepost": word("Ingen leder står alene."),
        "guidepost of Nord": word("Vi spørger, før vi svarer.", nord),
        "guidepost retired": word("Vi holder møder."),
    }
    house.things["asker’s own question in the bank"] = DialogueQuestion.objects.put_in(
        house.people["asker"], text="Hvem passer på os?", theme="support", step="peers"
    )
    house.things["tool"] = Tool.objects.put_up(
        secretariat,
        title="Vores hæfte",
        about="Godt at læse to og to.",
        themes=["support"],
        file=ContentFile(factories.PDF, name="hæfte.pdf"),
    )
    house.things["guidepost retired"].retire("Det var ikke et pejlemærke.")


def _add_closing_weeks(house: House, here, elsewhere) -> None:
    """One that the team's and the network's first meetings fall in, and the neighbours'."""
    days = factories.in_days(4).date(), factories.in_days(5).date()
    house.things["closing week"] = here.close("Lukkedage", *days)
    house.things["closing week elsewhere"] = elsewhere.close("Andres dage", *days)
