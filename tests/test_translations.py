import gettext
import os
import sys

import pytest
from babel.messages.pofile import PoFileError
from django.template import Context, Engine
from django.utils import translation

from config import translations

DANISH = {
    "Meeting": "Møde",
    ("%(n)s day", "%(n)s days"): ("%(n)s dag", "%(n)s dage"),
    ("verb", "Open"): "Åbn",
    "Hi {name}": "Hej {name}",
}
CODE = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext
_("Meeting"), pgettext("verb", "Open"), _("Hi {name}")
ngettext("%(n)s day", "%(n)s days", n) % {"n": n}
"""


@pytest.fixture(autouse=True)
def no_extra(monkeypatch):
    monkeypatch.setattr(translations, "EXTRA", [])


@pytest.fixture
def project(tmp_path):
    write(tmp_path / "meetings/models.py", CODE)
    run(tmp_path, "update")
    fill(tmp_path)
    return tmp_path


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def run(root, command):
    return translations.main([command], root)


def catalogue(root):
    return root / translations.CATALOGUE


def fill(root, danish=DANISH):
    """Be the translator: give every message its Danish."""
    found = translations.read(catalogue(root))
    for message in (m for m in found if m.id):
        key = (message.context, message.id) if message.context else message.id
        message.string = danish[key] if danish else marked(message.id)
    catalogue(root).write_text(translations.render(found), "utf-8")


def marked(text):
    return f"DA {text}" if isinstance(text, str) else tuple(f"DA {t}" for t in text)


def edit(root, old, new):
    text = catalogue(root).read_text("utf-8")
    assert old in text
    catalogue(root).write_text(text.replace(old, new), "utf-8")


def compiled(root):
    run(root, "compile")
    with catalogue(root).with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file)


# Extraction


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('_("Meeting")', (None, "Meeting")),
        ("gettext_noop('Meeting')", (None, "Meeting")),
        ('translation.gettext_lazy("Meeting")', (None, "Meeting")),
        ('_("two "\n  "lines\\n")', (None, "two lines\n")),
        ('_("Say \\"møde\\"") % {"a": 1}', (None, 'Say "møde"')),
        ('_("""a\n  b""")', (None, "a\n  b")),
        ('ngettext_lazy("%(n)s day", "%(n)s days", "n")', (None, ("%(n)s day", "%(n)s days"))),
        ('pgettext("verb", "Open")', ("verb", "Open")),
        ('npgettext("who", "one", "more", n)', ("who", ("one", "more"))),
        ("from x import pgettext_lazy as _p\n_p('verb', 'Open')", ("verb", "Open")),
    ],
)
def test_python_calls(source, expected):
    assert list(translations.python_messages(source)) == [expected]


@pytest.mark.parametrize("source", ["_(name)", "_('')", "x = 'text'", "ngettext(a, b, n)"])
def test_python_without_literals(source):
    assert list(translations.python_messages(source)) == []


def test_python_calls_inside_calls():
    found = translations.python_messages("""ngettext("a", "b", len(_("c"))) + f'{_("d")}'""")
    assert sorted(str(text) for _, text in found) == ["('a', 'b')", "c", "d"]


TEMPLATES = {
    "translate": '{% translate "Meeting" %}',
    "old name": "{% trans 'Meeting' %}",
    "as": '{% translate "Meeting" as x %}{{ x }}',
    "context": '{% translate "Open" context "verb" %}',
    "context, as": "{% translate 'Open' as x context 'verb' %}{{ x }}",
    "quotes": """{% translate 'Say "hi"' %}|{% translate "It's" %}""",
    "percent": '{% translate "100% sure" %}',
    "accents": '{% translate "Café — møde" %}',
    "filter": '{% translate "Meeting"|upper %}',
    "constant": '{{ _("Meeting") }}',
    "constant, filtered": "{{ _('Meeting')|upper|default:'x' }}",
    "filter argument": '{{ nothing|default:_("None yet") }}',
    "two filter arguments": '{{ nothing|default:_("None yet")|default:_("Other") }}',
    "constant in a tag": '{% if nothing %}{% else %}{% firstof nothing _("Meeting") %}{% endif %}',
    "constants in with": '{% with a=_("One two") b=_("Three") %}{{ a }}|{{ b }}{% endwith %}',
    "block": '{% blocktranslate %}Dear {{ name }}, 100% "sure" it\'s{% endblocktranslate %}',
    "lines": "{% blocktranslate %}\n  One\n\n  two\n{% endblocktranslate %}",
    "trimmed": "{% blocktranslate trimmed %}\n  One\n  {{ name }}\n{% endblocktranslate %}",
    "with": "{% blocktranslate with who=name|upper %}Dear {{ who }}{% endblocktranslate %}",
    "with a constant": '{% blocktranslate with a=_("Meeting") %}At {{ a }}{% endblocktranslate %}',
    "block context": '{% blocktranslate context "verb" %}Open {{ name }}{% endblocktranslate %}',
    "block asvar": "{% blocktranslate asvar x %}Hello{% endblocktranslate %}{{ x }}",
    "one": "{% blocktranslate count n=one %}{{ name }}: day{% plural %}days{% endblocktranslate %}",
    "many": "{% blocktranslate trimmed count n=many with who=name context 'who' %}\n One {{ who }}"
    '\n{% plural %}\n  {{ who }}\'s "days"\n{% endblocktranslate %}',
    "old block": "{% blocktrans %}Hello{% endblocktrans %}",
}


@pytest.mark.parametrize("suffix", ["html", "txt"])
@pytest.mark.parametrize("source", TEMPLATES.values(), ids=TEMPLATES)
def test_template_looks_up_what_was_extracted(tmp_path, monkeypatch, source, suffix):
    """Extract, translate, compile and show: each piece of the page is then the translated one."""
    write(tmp_path / f"templates/page.{suffix}", source)
    run(tmp_path, "update")
    fill(tmp_path, danish=None)
    assert run(tmp_path, "check") == 0
    monkeypatch.setattr(translation, "_trans", compiled(tmp_path))
    engine = Engine(libraries={"i18n": "django.templatetags.i18n"}, autoescape=False)
    page = engine.from_string("{% load i18n %}" + source).render(
        Context({"name": "Bo", "one": 1, "many": 3, "nothing": None}, autoescape=False)
    )
    assert all(part.startswith("DA ") for part in page.split("|"))


def test_template_text_is_not_extracted():
    source = """<p onclick='_("no")'>{# _("no") #}{% verbatim %}{{ _("no") }}{% endverbatim %}
    {% comment %}{% translate "no" %}{% endcomment %}{% translate name %}{{ x|default:"no" }}"""
    assert list(translations.template_messages(source)) == []


def test_translate_noop():
    assert list(translations.template_messages('{% translate "A" noop %}')) == [(None, "A")]


@pytest.mark.parametrize(
    "tag",
    [
        r'{% translate "say \"hi\"" %}',
        '{% translate "a"|default:_("b") %}',
        '{{ _("a|b") }}',
        "{{ x|default:_('100%') }}",
        r'{{ _("say \"hi\"") }}',
    ],
)
def test_tags_that_would_be_misread_are_refused(tag):
    with pytest.raises(SyntaxError, match=r"page\.html: cannot read"):
        list(translations.template_messages(tag, "page.html"))


# update


def test_update_writes_a_stable_file(project):
    before = catalogue(project).read_text("utf-8")
    run(project, "update")
    assert catalogue(project).read_text("utf-8") == before
    assert before.startswith(translations.HEADER)
    assert "#:" not in before
    assert "Date" not in before
    assert '#, python-format\nmsgid "%(n)s day"' in before
    assert '#, python-brace-format\nmsgid "Hi {name}"' in before


def test_update_keeps_adds_and_removes(project):
    write(project / "meetings/models.py", '_("Meeting"), _("New")')
    edit(project, 'msgid "Meeting"', '# A remark\n#, fuzzy\nmsgid "Meeting"')
    run(project, "update")
    assert catalogue(project).read_text("utf-8") == translations.HEADER + (
        '# A remark\n#, fuzzy\nmsgid "Meeting"\nmsgstr "Møde"\n\nmsgid "New"\nmsgstr ""\n'
    )


def test_update_empties_a_message_that_became_plural(project):
    write(project / "meetings/models.py", 'ngettext("Meeting", "Meetings", n)')
    run(project, "update")
    assert 'msgstr[0] ""\nmsgstr[1] ""' in catalogue(project).read_text("utf-8")


def test_extra_messages_count_as_extracted(project, monkeypatch):
    monkeypatch.setattr(translations, "EXTRA", ["Incorrect code."])
    assert run(project, "check") == 1
    run(project, "update")
    fill(project, DANISH | {"Incorrect code.": "Forkert kode."})
    assert run(project, "check") == 0


# check


def test_check_is_brief_when_complete(project, capsys):
    assert run(project, "check") == 0
    assert capsys.readouterr().out == "Translations are complete.\n"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"Møde"', '""', "not translated: 'Meeting'"),
        ('msgid "Meeting"', '#, fuzzy\nmsgid "Meeting"', "fuzzy: 'Meeting'"),
        ("Hej {name}", "Hej {navn}", "placeholders differ: 'Hi {name}'"),
        ("Hej {name}", "Hej 100%", "placeholders differ: 'Hi {name}'"),
        ("%(n)s dage", "%(n) dage", "placeholders differ: ('%(n)s day', '%(n)s days')"),
        ("%(n)s dage", "", "plural forms incomplete: ('%(n)s day', '%(n)s days')"),
        ('msgstr[1] "%(n)s dage"\n', "", "plural forms incomplete: "),
        ('msgid "Meeting"', 'msgid "Gone"', "no longer in the code: 'Gone'"),
        ('msgid "Meeting"', 'msgid "Gone"', "not translated: 'Meeting'"),
        ("#, python-format\n", "", "out of date"),
        ("\n\nmsgid", "\n\n#: models.py:3\nmsgid", "out of date"),
    ],
)
def test_check_says_what_is_wrong(project, capsys, old, new, said):
    edit(project, old, new)
    assert run(project, "check") == 1
    assert said in capsys.readouterr().out


def test_check_names_the_context(project, capsys):
    edit(project, '"Åbn"', '""')
    run(project, "check")
    assert "not translated: 'Open' (verb)" in capsys.readouterr().out


def test_check_without_a_catalogue(tmp_path, capsys):
    write(tmp_path / "meetings/models.py", CODE)
    assert run(tmp_path, "check") == 1
    assert "not translated: 'Meeting'" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("english", "danish", "same"),
    [
        ("%(a)s and %(b)d", "%(b)d og %(a)s, %(a)s", True),
        ("%(a)s", "%(a)d", False),
        ("%s of %s", "%s af %s", True),
        ("%s of %d", "%d af %s", False),
        ("{a} {b:.2f}", "{b:.2f} {a}", True),
        ("{} {}", "{}", False),
        ("100%% of %(a)s", "100% af %(a)s", False),
        ("100% sure", "100 % sikker", True),
    ],
)
def test_placeholders(english, danish, same):
    assert (translations.placeholders(english) == translations.placeholders(danish)) is same


# compile


def test_compile_makes_what_gettext_reads(project):
    danish = compiled(project)
    assert danish.gettext("Meeting") == "Møde"
    assert danish.pgettext("verb", "Open") == "Åbn"
    assert [danish.ngettext("%(n)s day", "%(n)s days", n)[-3:] for n in (0, 1, 2)] == [
        "age",
        "dag",
        "age",
    ]
    assert {path.name for path in catalogue(project).parent.iterdir()} == {"django.po", "django.mo"}


def test_compile_only_when_the_source_is_newer(project):
    run(project, "compile")
    target = catalogue(project).with_suffix(".mo")
    target.write_bytes(b"untouched")
    run(project, "compile")
    assert target.read_bytes() == b"untouched"
    later = target.stat().st_mtime + 1
    os.utime(catalogue(project), (later, later))
    run(project, "compile")
    assert target.read_bytes() != b"untouched"


def test_compile_leaves_out_fuzzy_and_untranslated(project):
    edit(project, 'msgid "Meeting"', '#, fuzzy\nmsgid "Meeting"')
    edit(project, '"Hej {name}"', '""')
    assert compiled(project).gettext("Meeting") == "Meeting"
    assert compiled(project).gettext("Hi {name}") == "Hi {name}"


def test_a_broken_catalogue_leaves_the_compiled_one(project):
    run(project, "compile")
    before = catalogue(project).with_suffix(".mo").read_bytes()
    edit(project, 'msgid "Meeting"', '<<<<<<< HEAD\nmsgid "Meeting"')
    os.utime(catalogue(project), (2**31, 2**31))
    with pytest.raises(PoFileError):
        run(project, "compile")
    assert catalogue(project).with_suffix(".mo").read_bytes() == before
    assert len(list(catalogue(project).parent.iterdir())) == 2


def test_without_babel(project, monkeypatch, capsys):
    run(project, "compile")
    for module in ("babel.messages", "babel.messages.mofile", "babel.messages.pofile"):
        monkeypatch.setitem(sys.modules, module, None)
    assert run(project, "compile") == 0
    catalogue(project).with_suffix(".mo").unlink()
    assert run(project, "compile") == 1
    assert "Babel is missing" in capsys.readouterr().out
