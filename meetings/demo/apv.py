"""The leader-APV of area Nord: a first round that went the whole way, and a second under way.

Told along the team's meetings, each step by whoever took it. The days before today on which it
happened stand here by name, so that what is told on top of it comes after: management hears of it
when it is signed, and goes on from there.
"""

from datetime import date, datetime, timedelta

from meetings.apv import put_on_agenda, tend
from meetings.demo import decisions
from meetings.models import Meeting
from networks.models import Group, User
from wellbeing.models import Apv, ApvTheme, Finding, Guidepost, Seat, Statement

BEGUN, MAPPED, RELEASED, ASSESSED, ACTED, ANSWERED = 145, 140, 96, 88, 84, 80
TRIED, LOOKED_BACK, FOLLOWED, SIGNED = 68, 61, 58, 55
PRESENTED, DECIDED = 52, 48
BEGUN_AGAIN, MAPPED_AGAIN = 42, 38

WORKING_GROUP, AMO = ["Karen Holm", "Jonas Lindgaard"], "Amir Haddad"
PURPOSE = "At vi kan blive ved med at være ledere her, også om fem år."
PURPOSE_AGAIN = "At det, vi fik flyttet i første runde, holder, og at vi tager de næste temaer op."
ABSENCE = "Set under ét følger fraværet blandt lederne de uger, hvor vi er færrest i vagt."
ABSENCE_AGAIN = "Set under ét er fraværet faldet en smule. Ferierne er stadig tunge."

# Which themes came onto a leader meeting: a heading, or a guidepost by its theme.
ON_MEETINGS = ["workload", "support", "demands"]
ON_MEETINGS_AGAIN = ["reflection", "cross_pressure"]
BESIDE = ["emotion", "influence", "change"]  # looked into on an afternoon of its own
AFTERNOON = "Temaeftermiddag på Plejecenter Fjordblik"

SAID = {
    "workload": [
        "Vagttelefonen ligger hos mig, også når jeg sover.",
        "Jeg svarer på vagtmails fra sofaen, for ellers gør ingen det.",
    ],
    "support": ["Jeg ringer ikke til nogen, når det går galt om aftenen."],
    "demands": ["Budgettet og tilsynet vil noget forskelligt, og det lander hos os."],
}
SAID_AGAIN = {
    "reflection": ["Jeg svarer telefonen under MUS, for ellers ringer de til aftenvagten."],
    "cross_pressure": ["Vi siger ja i gangen og fortryder i bilen."],
}


class Tale:
    """Goes on as far as it has come on a day; without an APV it has nothing to say."""

    def __init__(self, group: Group, now: datetime, begun_by: User | None = None):
        self.group, self.now, self.begun_by = group, now, begun_by
        self.apv: Apv | None = None
        self.steps = self._steps() if begun_by else []
        self.members = {one.user.name: one.user for one in group.memberships.standing().in_order()}
        self.leaders = [self.members[name] for name in WORKING_GROUP if name in self.members]
        self.to_talk_about: list[str] = []

    def go_on_to(self, at: datetime) -> None:
        """Everything that has happened by then."""
        while self.steps and self._ago(self.steps[0][0]) <= at:
            days, step = self.steps.pop(0)
            step(self._ago(days))

    def before(self, meeting: Meeting) -> None:
        """While its agenda is open: the next theme, or by itself the time to follow up."""
        if self.apv is None or meeting.agenda_closes_at > self.now:
            return
        at = meeting.agenda_opens_at + timedelta(minutes=30)
        if self.to_talk_about:
            theme = self.theme(self.to_talk_about.pop(0))
            item = put_on_agenda(theme, meeting, self.leaders[meeting.pk % 2], at=at)
            for other in list(self.members.values())[4:11]:
                item.support_by(other)
        tend(at)

    def after(self, meeting: Meeting) -> None:
        if self.apv is not None:
            tend(meeting.ends_at)

    def theme(self, name: str) -> ApvTheme:
        of_guidepost = self.apv.themes.filter(guidepost__theme=name)
        return of_guidepost.first() or self.apv.themes.get(heading=name)

    def _ago(self, days: int) -> datetime:
        """That long ago, or on the last working day before. No closing week is left out: a summer
        has three, and then too much would happen on one day.
        """
        organisation, at = self.group.organisation, self.now - timedelta(days=days)
        while not organisation.is_working_day(organisation.local_date(at)):
            at -= timedelta(days=1)
        return at

    def _day(self, days: int) -> date:
        return self.group.organisation.local_date(self._ago(days))

    # ---- the first round

    def _steps(self) -> list:
        return [
            (BEGUN, self.begin),
            (MAPPED, self.map),
            (RELEASED, self.release),
            (ASSESSED, self.assess),
            (ACTED, self.act),
            (ANSWERED, self.answer),
            (TRIED, self.try_it),
            (LOOKED_BACK, self.look_back),
            (FOLLOWED, self.follow_up),
            (SIGNED, self.sign),
            (PRESENTED, lambda at: decisions.present(self.apv, self.leaders[0], at)),
            (DECIDED, lambda at: decisions.decide(self.apv, at)),
            (BEGUN_AGAIN, self.begin_again),
            (MAPPED_AGAIN, self.map_again),
        ]

    def begin(self, at: datetime) -> None:
        unit, organisation = self.group.unit, self.group.organisation
        self.apv = Apv.objects.begin(unit, by=self.begun_by, purpose=PURPOSE, at=at)
        self.amo = organisation.people.get(name=AMO)
        for leader in self.leaders:
            self.apv.appoint(leader, Seat.Role.LEADER)
        self.apv.appoint(self.amo, Seat.Role.AMO)
        standing = Guidepost.objects.filter(organisation=organisation, unit=unit).standing()
        for guidepost in standing.filter(theme__in=["reflection", "support", "cross_pressure"]):
            self.apv.add_theme(guidepost=guidepost)

    def map(self, at: datetime) -> None:
        karen = self.leaders[0]
        self.apv.go_to("map", karen, at=at)
        self.to_talk_about = list(ON_MEETINGS)
        self._say(SAID)

    def _say(self, said: dict[str, list[str]]) -> None:
        for name, texts in said.items():
            for text in texts:
                Statement.objects.say(self.theme(name), text)

    def release(self, at: datetime) -> None:
        self.apv.release(self.leaders[1], at=at)

    def assess(self, at: datetime) -> None:
        """What was found, out of what was said; the easy one is solved on the spot."""
        karen, jonas = self.leaders
        day = self.group.organisation.local_date(at)
        for name in [*BESIDE, *self.to_talk_about]:  # a closing week may have taken a meeting
            self.theme(name).cover(day, AFTERNOON)
        self.to_talk_about = []
        self.apv.go_to("assess", karen, at=at)
        mails = self._find("workload", "Alle ledere får kopi af alle vagtmails.", 8)
        mails.solve_at_once("Vagtmails går nu kun til den, der har vagten.", on=day)
        self.phone = self._find("workload", "Vagttelefonen ligger hos lederen, altid.", 6)
        self.phone.assess(
            "Det tager nattesøvnen", "I alle huse", "Vi har altid gjort sådan", karen, at=at
        )
        self.alone = self._find("support", "Om aftenen står man alene med det svære.", 7)
        self.alone.assess(
            "Det slider over tid", "Mest i de små huse", "Vi ved ikke, hvem man kan ringe til",
            jonas, at=at,
        )  # fmt: skip
        self.torn = self._find("demands", "To krav udelukker hinanden, og ingen vælger.", 9)
        self.torn.assess(
            "Man går hjem med det", "Hele området", "Det bliver ikke sagt opad i tide", karen, at=at
        )
        self.apv.consider_absence(ABSENCE)

    def _find(self, name: str, words: str, voices: int) -> Finding:
        theme = self.theme(name)
        said = [one.pk for one in theme.statements.all()]
        return Finding.objects.find(theme, words, said, voices)

    def act(self, at: datetime) -> None:
        karen, jonas = self.leaders
        self.apv.go_to("act", karen, at=at)
        self.rota = self.phone.propose(
            "Vagttelefonen går på skift", jonas, self._day(70), "To frinætter om ugen", karen, at=at
        )
        self.buddy = self.alone.propose(
            "Hver leder får en makker at ringe til", karen, self._day(66),
            "Vi ringer, før det brænder på", jonas, at=at,
        )  # fmt: skip
        self.relief = self.phone.propose(
            "En fast afløser i ferierne", self.group.senior_manager, self._day(20),
            "Ingen ringer i ferien", karen, at=at,
        )  # fmt: skip
        self.post = self.torn.propose(
            "En ny stilling til at koordinere tilsyn", self.group.senior_manager, self._day(10),
            "Ét sted at spørge", jonas, at=at,
        )  # fmt: skip
        self.dilemma = self.torn.propose(
            "Månedens dilemma står først på ledermødet", jonas, self._day(64),
            "Vi siger det højt, mens det kan nås", karen, at=at,
        )  # fmt: skip

    def answer(self, at: datetime) -> None:
        """Yes to three, not now to one, no to one, and why."""
        birgitte = self.group.senior_manager
        self.rota.reply("yes", "Det skulle vi have gjort for længst.", birgitte, at=at)
        self.buddy.reply("yes", "", birgitte, at=at)
        self.dilemma.reply("yes", "Jeg læser dem, og jeg svarer på dem.", birgitte, at=at)
        later = "Når næste års budget er på plads. Jeg tager det med derhen."
        self.relief.reply("not_now", later, birgitte, at=at)
        no = "Pengene er der ikke. Vi finder ud af det med dem, vi er."
        self.post.reply("no", no, birgitte, at=at)

    def try_it(self, at: datetime) -> None:
        for action in (self.rota, self.buddy, self.dilemma):
            action.finish(on=self.group.organisation.local_date(at))

    def look_back(self, at: datetime) -> None:
        """Two helped; the one that didn't is assessed anew, and put otherwise."""
        karen, jonas = self.leaders
        self.rota.see(True, "De fleste sover igennem nu.", jonas, at=at)
        self.dilemma.see(True, "To dilemmaer er løst højere oppe.", karen, at=at)
        self.buddy.see(False, "Vi ringede ikke. Man vil ikke forstyrre.", karen, at=at)
        self.alone.assess(
            "Det slider stadig", "Mest i de små huse", "Det koster for meget at være den, der "
            "ringer", jonas, at=at,
        )  # fmt: skip
        at += timedelta(hours=2)
        self.apv.go_to("act", karen, at=at)
        self.thursday = self.alone.propose(
            "Makkeren ringer fast torsdag kl. 15", karen, self._day(FOLLOWED),
            "At ingen skal spørge om lov", jonas, at=at,
        )  # fmt: skip
        self.thursday.reply("yes", "Hold den tid fri for møder.", self.group.senior_manager, at=at)

    def follow_up(self, at: datetime) -> None:
        karen = self.leaders[0]
        self.apv.go_to("follow_up", karen, at=at)
        self.thursday.finish(on=self.group.organisation.local_date(at))

    def sign(self, at: datetime) -> None:
        self.apv.sign(self.group.senior_manager, at=at)
        self.apv.sign(self.amo, at=at + timedelta(hours=3))

    # ---- the second

    def begin_again(self, at: datetime) -> None:
        karen = self.leaders[0]
        self.thursday.see(True, "Torsdag er blevet den bedste halve time.", karen, at=at)
        self.apv = self.apv.new_round(karen, at=at)
        self.apv.frame(PURPOSE_AGAIN, self.group.senior_manager)

    def map_again(self, at: datetime) -> None:
        """Half way: what wasn't solved is asked for once more, and waits for an answer."""
        karen = self.leaders[0]
        self.apv.go_to("map", karen, at=at)
        self.to_talk_about = list(ON_MEETINGS_AGAIN)
        self._say(SAID_AGAIN)
        self._find("role", "Nye ledere lærer jobbet ved at spørge sig frem.", 5)
        self.apv.consider_absence(ABSENCE_AGAIN)
        nobody = self._find("workload", "I ferierne er der ingen at ringe til.", 7)
        lines = "Man holder ikke helt fri", "De små huse", "Der er ingen afløser"
        nobody.assess(*lines, karen, at=at)
        by_when = self.group.organisation.local_date(self.now) + timedelta(days=40)
        what, seen = "Nord og Syd deler afløser i ferierne", "Ingen ringer i ferien"
        nobody.propose(what, self.group.senior_manager, by_when, seen, karen, at=at)
