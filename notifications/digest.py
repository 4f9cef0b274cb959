"""The day's messages to one person in one mail."""

from django.template.loader import render_to_string

from notifications import kinds, unsubscribe


def message(person, messages: list[kinds.Message]) -> kinds.Message:
    context = {
        "to": person,
        "organisation": person.organisation,
        "messages": messages,
        "unsubscribe_url": unsubscribe.link(person.pk, kinds.CHOSEN),
    }
    subject, text, html = (
        render_to_string(f"emails/notifications/digest.{part}", context)
        for part in ("subject.txt", "txt", "html")
    )
    return kinds.Message(subject=subject.strip(), text=text.strip() + "\n", html=html)
