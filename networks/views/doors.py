"""How one comes into a network group: join, ask, stand in line, take a place, by a link."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from networks import command
from networks.forms import YesForm
from networks.models import Group, InviteLink, JoinRefused, JoinRequest, Membership

LINKS = "networks/invite_links.html"


def without_barred(user, groups) -> list[Group]:
    """Of these, those in which nobody stands above or below `user`."""
    groups = list(groups)
    if not groups:
        return []
    standing = Membership.objects.standing().filter(group__in=groups)
    members = list(standing.values_list("group", "user"))
    barred = command.commands(user.pk, {person for _group, person in members})
    closed = {group for group, person in members if person in barred}
    return [group for group in groups if group.pk not in closed]


def seen_from_outside(user, group, members: list[int]) -> dict | None:
    """What somebody who isn't in it sees of a group's door; None if there is no door for them."""
    mine = group.requests.live().filter(user=user).first()
    if mine:
        mine.group = group
        return {"own_request": mine}
    if not group.is_findable or command.commands(user.pk, members):
        return None
    return {"door": group.door}


def asked_in(group, membership) -> list[JoinRequest]:
    """Who asks to come in, with what this member has answered; for members who see content."""
    if not group.has_asked or membership is None or not membership.sees_content:
        return []
    asked = group.requests.asked().with_answer_of(membership.user_id).in_order()
    return list(asked.select_related("user"))


def _network(request, pk) -> Group:
    here = Group.objects.filter(organisation=request.user.organisation_id, kind="network")
    return get_object_or_404(here, pk=pk)


def _refuse(request):
    """One answer for all reasons."""
    messages.info(
        request,
        _("The group can’t take you in just now. The secretariat will gladly help you on."),
    )
    return redirect("networks:list")


@require_POST
def join(request, pk):
    group = _network(request, pk)
    try:
        group.join(request.user)
    except JoinRefused:
        return _refuse(request)
    messages.success(request, _("Welcome to %(group)s.") % {"group": group})
    return redirect(group)


@require_POST
def ask(request, pk):
    group = _network(request, pk)
    if group.membership_of(request.user):
        return redirect(group)
    try:
        asked = group.ask(request.user)
    except JoinRefused:
        return _refuse(request)
    if asked.state == JoinRequest.State.ASKED:
        messages.success(request, _("You have asked. The members think about it."))
    else:
        messages.success(request, _("You stand in line. You hear from us when it is your turn."))
    return redirect(group)


@require_POST
def withdraw(request, pk):
    asked = get_object_or_404(request.user.requests.select_related("group"), pk=pk)
    asked.withdraw()
    messages.success(request, _("You have taken it back. Nobody is told why."))
    return redirect("networks:list")


@require_POST
def accept(request, pk):
    asked = get_object_or_404(request.user.requests.select_related("group"), pk=pk)
    try:
        membership = asked.accept()
    except JoinRefused:
        return _refuse(request)
    membership.affirm()  # the button says so, below the five lines
    messages.success(request, _("Welcome to %(group)s.") % {"group": asked.group})
    return redirect(asked.group)


@require_POST
def answer(request, pk):
    """A member's yes or no to somebody who asks."""
    asked = get_object_or_404(JoinRequest.objects.answerable_by(request.user), pk=pk)
    form = YesForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["yes"][0])
        return redirect(asked.group)
    asked.say(request.user, form.cleaned_data["yes"])
    asked.refresh_from_db()
    if asked.state == JoinRequest.State.JOINED:
        messages.success(request, _("Everybody has said yes. There is one more of you now."))
        return redirect(asked.group)
    if not request.htmx:
        messages.success(request, _("Thank you. What you answered is seen by you alone."))
        return redirect(asked.group.get_absolute_url() + "#asking")
    group = Group.objects.with_doors().get(pk=asked.group_id)
    mine = group.membership_of(request.user)
    mine.group = group
    return render(
        request, "networks/inside.html#asking", {"group": group, "asked": asked_in(group, mine)}
    )


# ---- invitations by link


@never_cache
def invite_links(request, pk):
    """Members see which stand and may take them back; who tends the group makes them. The answer
    to making one is the page itself: the address is shown this once and kept nowhere.
    """
    networks = Group.objects.visible_to(request.user).filter(kind=Group.Kind.NETWORK).alive()
    group = get_object_or_404(networks.select_related("organisation"), pk=pk)
    makes = group.can_be_scheduled_by(request.user)
    context = {"group": group, "makes": makes}
    context["membership"] = membership = group.membership_of(request.user)
    if request.method == "POST":
        if not makes:
            raise PermissionDenied
        agreed = membership is not None and "agreed" in request.POST
        _link, token = InviteLink.make(group, by=request.user, agreed=agreed)
        context["address"] = settings.SITE_URL + InviteLink.path_of(token)
    context["links"] = group.invite_links.standing().select_related("made_by").order_by("pk")
    return render(request, LINKS, context)


@require_POST
def end_link(request, pk):
    groups = Group.objects.visible_to(request.user)
    links = InviteLink.objects.filter(group__in=groups.values("pk"))
    link = get_object_or_404(links.select_related("group"), pk=pk)
    link.revoke()
    messages.success(request, _("That invitation doesn’t open anything any more."))
    return redirect("networks:invite_links", link.group_id)


@never_cache
def invite_link(request, token):
    """Opening it changes nothing: a button comes in. Used, expired, foreign: all look the same."""
    link = InviteLink.objects.behind(token, request.user)
    if link and link.group.membership_of(request.user):
        return redirect(link.group)
    if request.method == "POST":
        return _use(request, link)
    stands = link is not None and link.stands_now
    context, status = {"link": link if stands else None}, 200 if stands else 404
    return render(request, "networks/invitation.html", context, status=status)


def _use(request, link):
    try:
        if link is None:
            raise JoinRefused
        membership = link.use(request.user)
    except JoinRefused:
        return _refuse(request)
    if membership:
        messages.success(request, _("Welcome to %(group)s.") % {"group": link.group})
    else:
        messages.success(request, _("You have asked. The members think about it."))
    return redirect(link.group)
