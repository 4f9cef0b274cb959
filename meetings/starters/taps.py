"""Six questions to answer by one tap (domain.md 9.3). Never about offensive behaviour."""

TAPS = [
    (
        "influence",
        "Jeg havde indflydelse på det vigtigste i denne periode",
        "I had a say in what mattered most",
    ),
    ("safety", "Jeg kunne sige det, jeg mente", "I could say what I meant"),
    ("reflection", "Jeg fik tid til at tænke", "I got time to think"),
    (
        "support",
        "Jeg fik hjælp, da jeg havde brug for det",
        "I got help when I needed it",
    ),
    ("cross_pressure", "Jeg vidste, hvad der var godt nok", "I knew what was good enough"),
    ("growth", "Jeg turde prøve noget nyt", "I dared to try something new"),
]


def ensure_taps(apps, using) -> None:
    try:
        TapQuestion = apps.get_model("meetings", "TapQuestion")
    except LookupError:  # migrated back to before there were taps
        return
    there = {row.slug: row for row in TapQuestion.objects.using(using).exclude(slug="")}
    for slug, danish, english in TAPS:
        found = there.get(slug)
        if found is None or (found.wording_da, found.wording_en) != (danish, english):
            TapQuestion.objects.using(using).update_or_create(
                slug=slug, defaults={"wording_da": danish, "wording_en": english}
            )
