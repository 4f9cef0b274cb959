"""The secretariat's desk: leaders found, corrected, invited, taken out, leaving; the tree."""

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from config import uploads
from meetings.models import Feed, Invitation
from meetings.reconciling import reconcile
from networks import imports, spreadsheets
from networks.models import Import, Unit, User
from notifications.delivery import deliver_due
from notifications.models import Delivery
from tests.factories import (
    make_group,
    make_organisation,
    make_series,
    make_team,
    make_unit,
    make_user,
)
from tests.test_queries import MOST, TRANSACTIONS

pytestmark = pytest.mark.usefixtures("monday")


@pytest.fixture
def office(client, secretariat):
    client.force_login(secretariat)
    return client


def at(name, *args) -> str:
    return reverse(f"networks:{name}", args=args)


def said(response) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def details(person, **values) -> dict:
    return {"name": person.name, "email": person.email, "language": "da"} | values


# ---- finding and correcting


def test_found_by_any_word_and_by_unit(office, organisation):
    nord = make_unit(organisation, name="Nord")
    kitchen = make_unit(organisation, name="Køkkenet", parent=nord)
    make_user(organisation, "Karen Holm", unit=kitchen, title="Leder")
    make_user(organisation, "Ole Holm")
    make_user(make_organisation("Skovlund"), "Karen Vang")

    def names(**asked):
        return [str(one) for one in office.get(at("people"), asked).context["page"]]

    assert names(q="holm") == ["Karen Holm", "Ole Holm"]
    assert names(q="karen køk") == ["Karen Holm"]
    assert names(unit=nord.pk) == ["Karen Holm"]
    assert names(never="1") == ["Karen Holm", "Ole Holm"]
    assert names(q="\x00", unit="x" * 50, page="-3") == [
        "Karen Holm",
        "Lone Østergaard",
        "Ole Holm",
    ]
    fragment = office.get(at("people"), {"q": "ole"}, headers={"hx_request": "true"})
    assert "<html" not in fragment.content.decode()


def test_a_person_is_corrected(office, organisation, leader):
    boss = make_user(organisation, "Birgitte Aagaard", email="b@x.dk")
    unit = make_unit(organisation)
    url = at("person", leader.pk)
    sent = details(leader, email="NY@x.dk", title="Chef", unit=unit.pk, manager="birgitte aagaard")
    assert office.post(url, sent).status_code == 302
    leader.refresh_from_db()
    assert (leader.email, leader.title, leader.unit, leader.manager) == (
        "ny@x.dk",
        "Chef",
        unit,
        boss,
    )
    assert "Birgitte Aagaard &lt;b@x.dk&gt;" in office.get(url).content.decode()


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "b@x.dk"}, "email"),
        ({"email": "nobody"}, "email"),
        ({"phone": "lokal"}, "phone"),
        ({"manager": "Nobody At All"}, "manager"),
        ({"manager": "Mette Hansen"}, "manager"),
        ({"manager": "under@x.dk"}, "manager"),
        ({"manager": "peter@sko.dk"}, "manager"),
        ({"unit": "99999999"}, "unit"),
    ],
    ids=str,
)
def test_what_can_not_be_comes_back_with_words(office, organisation, leader, sent, field):
    make_user(organisation, "Birgitte", email="b@x.dk")
    for _ in range(2):
        make_user(organisation, "Mette Hansen")
    make_user(organisation, "Under", email="under@x.dk", manager=leader)
    make_user(make_organisation("Skovlund"), "Peter", email="peter@sko.dk")
    before = User.objects.filter(pk=leader.pk).values().get()
    response = office.post(at("person", leader.pk), details(leader) | sent)
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert User.objects.filter(pk=leader.pk).values().get() == before


def test_one_is_added_by_hand_once(office, organisation):
    sent = {"name": "Ny Nielsen", "email": "ny@x.dk", "language": "da"}
    assert office.post(at("person_new"), sent).status_code == 302
    assert office.post(at("person_new"), sent).status_code == 422
    one = User.objects.get(email="ny@x.dk")
    assert (one.organisation, one.has_usable_password()) == (organisation, False)


def test_nobody_ends_up_above_themselves(organisation):
    top, middle = make_user(organisation), make_user(organisation)
    middle.change_manager(top)
    low = make_user(organisation, manager=middle)
    for manager in (low, top):
        with pytest.raises(ValidationError):
            top.change_manager(manager)
    assert User.objects.get(pk=top.pk).manager is None


# ---- inviting


def test_who_was_never_here_is_invited_once(office, organisation, leader, mailoutbox):
    make_user(organisation, "Been Here", last_login=timezone.now())
    office.post(at("invite_all"))
    office.post(at("invite_all"))
    office.post(at("invite", leader.pk))
    deliver_due()
    assert [mail.to for mail in mailoutbox] == [["karen@example.org"]]
    assert "karen@example.org" in mailoutbox[0].body


def test_sent_again_later_and_not_to_who_has_come(office, leader, mailoutbox, monday):
    leader.invite()
    deliver_due()
    monday.shift(3600)
    office.post(at("invite", leader.pk))
    deliver_due()
    assert len(mailoutbox) == 2
    monday.shift(3600)
    leader.invite()
    User.objects.filter(pk=leader.pk).update(last_login=timezone.now())
    deliver_due()
    assert len(mailoutbox) == 2


def test_in_rehearsal_it_waits_for_the_beginning(db, client, mailoutbox):
    here = make_organisation(begun=False)
    client.force_login(make_user(here, is_secretariat=True))
    one = make_user(here)
    client.post(at("invite", one.pk))
    deliver_due()
    assert mailoutbox == []
    here.begin()
    reconcile()
    deliver_due()
    assert [mail.to for mail in mailoutbox] == [[one.email]]


# ---- leaving


def test_who_leaves_is_gone_and_history_stands(office, organisation, leader, team):
    network = make_group(organisation, [leader, make_user(organisation)], status="running")
    series = make_series(network)
    reconcile()
    feed, _token = Feed.make(leader)
    theirs = office.__class__()
    theirs.force_login(leader)
    page = office.get(at("departure", leader.pk)).content.decode()
    assert "kan ikke fortrydes" in page
    assert User.objects.get(pk=leader.pk).left_at is None
    for _ in range(2):
        office.post(at("departure", leader.pk))
    reconcile()
    gone = User.objects.get(pk=leader.pk)
    assert (str(gone), gone.title, gone.phone, gone.mail_to) == ("tidligere leder", "", "", "")
    assert "karen" not in gone.email
    assert not gone.memberships.standing().exists()
    assert not Invitation.objects.standing().filter(user=gone, series=series).exists()
    feed.refresh_from_db()
    assert feed.revoked_at
    assert theirs.get("/").status_code == 302
    deliver_due()
    assert not Delivery.objects.filter(recipient=gone, state="sent").exists()


def test_the_address_is_free_again_and_leaving_twice_is_fine(organisation):
    for _ in range(3):
        make_user(organisation, "Karen", email="karen@example.org").leave()
    assert User.objects.filter(left_at__isnull=False).count() == 3


def test_nobody_takes_themselves_out(office, secretariat):
    assert office.get(at("departure", secretariat.pk)).status_code == 404


def test_what_they_held_is_named_and_handed_over(office, organisation):
    chief = make_user(organisation, "Chef")
    boss = make_user(organisation, "Birgitte Aagaard", manager=chief)
    unit = make_unit(organisation, name="Område Nord", head=boss)
    karen = make_user(organisation, "Karen Holm", email="k@x.dk", manager=boss)
    ole = make_user(organisation, "Ole Holm", manager=boss)
    team = make_team(organisation, [karen, ole], name="Ledergruppen", senior_manager=boss)
    page = office.get(at("departure", boss.pk)).content.decode()
    for words in ("Område Nord", "Karen Holm", "Ledergruppen"):
        assert words in page
    office.post(at("departure", boss.pk))
    assert "/successors/" in office.get(at("people")).content.decode()
    assert "Område Nord" in office.get(at("successors")).content.decode()
    assert office.post(at("successor", boss.pk), {"successor": ""}).status_code == 422
    office.post(at("successor", boss.pk), {"successor": "k@x.dk"})
    for one in (unit, team, karen, ole):
        one.refresh_from_db()
    assert (unit.head, team.senior_manager) == (karen, karen)
    assert (karen.manager, ole.manager) == (chief, karen)
    assert team.membership_of(karen) is None
    assert office.post(at("successor", boss.pk), {"successor": "k@x.dk"}).status_code == 404
    assert not User.objects.succeeded_by_nobody().exists()


# ---- taking the list along, and back in


def test_the_list_comes_back_in_and_changes_nothing(office, organisation, leader, secretariat):
    top = make_unit(organisation, name="Ældre")
    for parent in ("Nord", "Syd"):
        area = make_unit(organisation, name=parent, parent=top)
        kitchen = make_unit(organisation, name="Køkkenet", parent=area)
        make_user(
            organisation, "=1+1", unit=kitchen, title="+SUM(A1)", manager=leader, phone="+45 99"
        )
    for name in ("people_csv", "people_xlsx"):
        response = office.get(at(name))
        assert "attachment" in response["Content-Disposition"]
        file = SimpleUploadedFile("ledere", response.content)
        office.post(at("import_new"), {"file": file})
        staged = Import.objects.latest("pk")
        staged.compare()
        assert {line.verdict for line in staged.lines.all()} == {"same"}
        assert [line for line in staged.lines.all() if line.reasons] == []


# ---- bringing in, through the pages


def test_from_the_paste_to_the_written_list(office):
    rows = "Navn\tMail\tLøn\nKaren Holm\tk@x.dk\t7\n\tx@x.dk\t8\n"
    page = office.post(at("import_new"), {"text": rows}, follow=True)
    assert "hx-trigger" in page.content.decode()
    Import.objects.go_on()
    url = page.redirect_chain[-1][0]
    page = office.get(url).content.decode()
    assert "Der er intet navn." in page
    assert "Løn" in page
    assert "Karen Holm" in office.get(url, {"show": "new"}).content.decode()
    assert not User.objects.filter(email="k@x.dk").exists()
    for _ in range(2):
        office.post(f"{url}confirmation/")
    Import.objects.go_on()
    assert User.objects.filter(email="k@x.dk").count() == 1
    assert "1 kom til" in office.get(url).content.decode()
    fragment = office.get(url, headers={"hx_request": "true"}).content.decode()
    assert "<html" not in fragment


def test_dropped_is_gone(office):
    office.post(at("import_new"), {"text": "Navn;Mail\nKaren;k@x.dk"})
    one = Import.objects.get()
    Import.objects.go_on()
    office.post(at("import_drop", one.pk))
    office.post(at("import_confirm", one.pk))
    Import.objects.go_on()
    assert not User.objects.filter(email="k@x.dk").exists()
    assert not one.lines.exists()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (SimpleUploadedFile("ledere.csv", b"%PDF-1.7"), "PDF"),
        (SimpleUploadedFile("ledere.csv", b""), "ikke noget i den"),
        (SimpleUploadedFile("ledere.xlsx", b"PK\x03\x04"), "kan ikke læses"),
        (None, "Vælg en fil"),
    ],
    ids=["pdf", "empty", "broken", "nothing"],
)
def test_a_bad_file_is_refused_in_place(office, file, words):
    response = office.post(at("import_new"), {"file": file} if file else {"text": "  "})
    assert response.status_code == 422
    assert words in response.content.decode()
    assert not Import.objects.exists()


def test_what_is_too_big_is_said_and_not_kept(office, monkeypatch):
    monkeypatch.setattr(uploads, "MOST", 1000)
    file = SimpleUploadedFile("ledere.csv", b"Navn;Mail\n" + b"x;y\n" * 1000)
    response = office.post(at("import_new"), {"file": file})
    assert response.status_code == 422
    assert "meget stor" in response.content.decode()


# ---- the tree


def test_units_are_added_moved_and_removed(office, organisation, leader):
    office.post(at("unit_new"), {"name": "Ældre", "kind": "administration"})
    top = Unit.objects.get(name="Ældre")
    sent = {"name": "Nord", "kind": "area", "parent": top.pk, "head": leader.email}
    office.post(at("unit_new"), sent)
    nord = Unit.objects.get(name="Nord")
    assert (nord.parent, nord.head) == (top, leader)
    assert office.post(at("unit_new"), sent).status_code == 422  # once is enough
    assert office.post(at("unit", top.pk), sent | {"name": "Ældre"}).status_code == 422
    with pytest.raises(ValidationError):
        top.move(nord)
    page = office.post(at("unit_remove", top.pk), follow=True)
    assert "Noget hører stadig til her" in page.content.decode()
    office.post(at("unit_remove", nord.pk))
    office.post(at("unit_remove", top.pk))
    assert not Unit.objects.filter(organisation=organisation).exists()


def test_where_else_one_can_go(office, organisation):
    office.post(at("settings"), {"elsewhere": "Ring til HR."})
    organisation.refresh_from_db()
    assert organisation.elsewhere == "Ring til HR."


# ---- as many queries with many rows as with one


def test_at_most_eight_queries_with_one_row_and_with_many(
    office, organisation, secretariat, leader
):
    rows = "Navn;Mail;Enhed\n"
    gone = None

    def grow(count):
        nonlocal gone
        for _ in range(count):
            unit = make_unit(organisation, head=leader)
            one = make_user(organisation, unit=unit, manager=leader)
            make_team(organisation, [one], senior_manager=leader)
            gone = make_user(organisation)
            make_unit(organisation, head=gone, parent=unit)
            make_user(organisation, manager=gone)
            gone.leave()

    def counted():
        lines = "".join(
            f"Ny {n};ny{n}@x.dk;Nyt\n;half{n}@x.dk;\n" for n in range(Unit.objects.count())
        )
        one = Import.stage(
            imports.lines_of(spreadsheets.rows_of_text(rows + lines))[0], by=secretariat
        )
        one.compare()
        pages = [
            at("people"),
            at("successors"),
            at("units"),
            at("import", one.pk),
            at("import_new"),
        ]
        pages += [at("person", leader.pk), at("departure", leader.pk), at("people_csv")]
        pages += [at("unit", Unit.objects.latest("pk").pk), at("import", one.pk) + "?show=missing"]
        found = {}
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                assert office.get(page).status_code == 200
            key = page.replace(str(one.pk), "").rstrip("0123456789/")
            found[key] = sum(not q["sql"].startswith(TRANSACTIONS) for q in queries)
        return found

    grow(1)
    few = counted()
    grow(12)
    many = counted()
    assert list(few.values()) == list(many.values())
    assert {page: count for page, count in many.items() if count > MOST} == {}
