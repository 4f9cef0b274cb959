"""What is made ready for a whole batch ahead of time, so that thousands go out in minutes.

Asking once a message who it is for, what it is about and whether it's still true costs ten times
what sending it does. So that is asked for a hundred at a time, together with the versions of all
the rows the answers rest on. At the moment of sending one statement confirms the claim, asks for
those versions again and marks the row as sent. If any is another, nothing that was made ready
counts and the message goes the long way (delivery.py).
"""

import copy
import functools
import logging
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Func, OuterRef, Subquery, TextField
from django.utils import translation
from django.utils.html import escape

from notifications import kinds, unsubscribe
from notifications.models import Delivery, Preference

logger = logging.getLogger(__name__)

NAME = "\ue000name\ue000"  # where the first name goes in words that are made once for many
KEY = -1  # where the key of a delivery goes in a statement that is written once


class RowVersion(Func):
    """Which version of its row a column was read from: each UPDATE makes another one."""

    arity, output_field = 1, TextField()

    def as_sql(self, compiler, connection, **_context):
        [column] = self.source_expressions
        return f"{connection.ops.quote_name(column.alias)}.xmin::text", ()


def versions(*parts) -> Func:
    """One text of them all. What isn't there is empty."""
    return Func(*parts, function="CONCAT", arg_joiner=", ' ', ", output_field=TextField())


@dataclass
class Ready:
    """One delivery with all that is known about it, and what that rests on."""

    row: Delivery
    kind: kinds.Kind
    subject: object
    rests_on: str
    words: dict  # made once for all of the batch who get the same

    def may_go(self, now: datetime) -> bool:
        person = self.row.recipient
        must_reach = self.kind.preference == kinds.MUST_REACH
        return (
            bool(person.mail_to)
            and person.may_receive_at(now, must_reach=must_reach) == now
            and self.kind.still_true(self.row, self.subject) is True
        )

    def confirm(self, claim, now: datetime) -> bool:
        """Marks it as sent if it's still claimed by `claim` and nothing has changed."""
        statement, values, place = _statement(self.kind.name)
        asked = (*values[:place], self.row.pk, *values[place + 1 :])
        with connection.cursor() as cursor:
            cursor.execute(statement, (now, self.row.pk, claim, *asked, self.rests_on))
            return cursor.rowcount == 1

    def message(self) -> kinds.Message:
        person = self.row.recipient
        key = (self.kind.name, self.row.subject_id, person.language)
        if key not in self.words:
            self.words[key] = self._words_for_many(person.language)
        return _to(person, self.words[key], self.kind.preference)

    def _words_for_many(self, language: str) -> kinds.Message:
        row, nobody = copy.copy(self.row), copy.copy(self.row.recipient)
        nobody.pk, nobody.name = unsubscribe.NOBODY, NAME
        row.recipient = nobody
        with translation.override(language):
            return self.kind.message(row, self.subject)


def make_ready(batch: list[Delivery]) -> dict[int, Ready]:
    """By the delivery's key. Those that aren't in it go the long way."""
    ready, words = {}, {}
    for name in {delivery.kind for delivery in batch}:
        kind = kinds.get(name)
        if not kind.rests_on:
            continue
        try:
            ready |= _of_kind(kind, [one for one in batch if one.kind == name], words)
        except Exception:  # the long way finds out which message it is
            logger.exception("could not make %s ready", name)
    return ready


def _of_kind(kind: kinds.Kind, batch: list[Delivery], words: dict) -> dict[int, Ready]:
    chosen = Delivery.objects.filter(pk__in=[delivery.pk for delivery in batch])
    # First the versions: what is read after them may be newer than they say, never older.
    rests_on = dict(chosen.values_list("pk", _rests_on(kind)))
    rows = chosen.to_judge(kind)
    subjects = kind.subjects().in_bulk({row.subject_id for row in rows})
    people = {row.recipient_id for row in rows}
    kept_back = set(
        Preference.objects.filter(person__in=people, message_class=kind.preference)
        .exclude(when=Preference.When.AT_ONCE)
        .values_list("person", flat=True)
    )
    return {
        row.pk: Ready(row, kind, subjects[row.subject_id], rests_on[row.pk], words)
        for row in rows
        if row.subject_id in subjects
        and row.recipient_id not in kept_back
        and not kind.apart(row, subjects[row.subject_id])
    }


def _rests_on(kind: kinds.Kind) -> Func:
    person = Delivery._meta.get_field("recipient").related_model.objects.filter(
        pk=OuterRef("recipient")
    )
    preference = Preference.objects.filter(
        person=OuterRef("recipient"), message_class=kind.preference
    )
    return versions(
        Subquery(person.values(v=RowVersion("email"))),
        Subquery(person.values(v=RowVersion("organisation__name"))),
        Subquery(preference.values(v=RowVersion("when"))),
        kind.rests_on(),
    )


@functools.cache
def _statement(kind: str) -> tuple[str, tuple, int]:
    """Written once, since writing it takes longer than anything else. Also its values, and the
    place among them where the delivery's key goes.
    """
    asked = Delivery.objects.filter(pk=KEY).values_list(_rests_on(kinds.get(kind)))
    select, values = asked.query.sql_with_params()
    statement = (
        f"UPDATE {Delivery._meta.db_table} SET state = '{Delivery.State.SENT}', claim = NULL,"
        " leased_until = NULL, sent_at = %s, last_error = ''"
        f" WHERE id = %s AND claim = %s AND ({select}) = %s"
    )
    return statement, values, values.index(KEY)


def _to(person, words: kinds.Message, message_class: str) -> kinds.Message:
    """The words that were made for many, to one of them."""
    ways_out = {}
    if message_class == kinds.CHOSEN:
        ways_out = {
            unsubscribe.link(unsubscribe.NOBODY, message_class): unsubscribe.link(
                person.pk, message_class
            )
        }
    return kinds.Message(
        subject=words.subject.replace(NAME, person.first_name),
        text=_replaced(words.text, {NAME: person.first_name} | ways_out),
        html=_replaced(words.html, {NAME: escape(person.first_name)} | ways_out),
        reply_to=words.reply_to,
    )


def _replaced(text: str, others: dict[str, str]) -> str:
    for one, other in others.items():
        text = text.replace(one, other)
    return text
