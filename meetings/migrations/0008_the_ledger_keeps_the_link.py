from django.db import migrations


def keep_the_link(apps, schema_editor):
    """Each told meeting gets its season's video link, which nobody was told otherwise."""
    entries = apps.get_model("notifications", "CalendarEntry").objects
    for invitation in apps.get_model("meetings", "Invitation").objects.select_related(
        "entry", "series"
    ).iterator(chunk_size=2000):
        told = {key: [*was[:4], invitation.series.link] for key, was in invitation.entry.told.items()}
        if told:
            entries.filter(pk=invitation.entry_id).update(told=told)


def drop_the_link(apps, schema_editor):
    entries = apps.get_model("notifications", "CalendarEntry").objects
    for entry in entries.exclude(told={}).iterator(chunk_size=2000):
        entry.told = {key: was[:4] for key, was in entry.told.items()}
        entry.save(update_fields=["told"])


class Migration(migrations.Migration):

    dependencies = [
        ('meetings', '0007_seasons_that_change'),
        ('notifications', '0002_preferences'),
    ]

    operations = [migrations.RunPython(keep_the_link, drop_the_link)]
