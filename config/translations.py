"""Keeps the Danish catalogue in step with the English in the code.

python -m config.translations update     write the catalogue from the code
python -m config.translations check      fail unless it is complete
python -m config.translations compile    make the file Django reads

Babel is imported where it is used: compiling when nothing changed must cost nothing, and a
production environment has no Babel.
"""

import argparse
import ast
import os
import re
import sys
from io import BytesIO
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ["config", "notifications", "networks", "wellbeing", "meetings", "templates"]
CATALOGUE = "locale/da/LC_MESSAGES/django.po"

# Messages of allauth's login by code, and of Django's forms, that we say in plainer Danish.
EXTRA = [
    "A sign-in code has been sent to %(recipient)s.",
    "Be patient, you are sending too many requests.",
    "Successfully signed in as %(name)s.",
    "This field is required.",
    "Too many failed login attempts. Try again later.",
]

# Fixed, so that no date and no version number ever changes the file.
HEADER = r"""msgid ""
msgstr ""
"Language: da\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

"""

ARGUMENTS = {
    "_": ["text"],
    "gettext": ["text"],
    "ngettext": ["text", "plural"],
    "pgettext": ["context", "text"],
    "npgettext": ["context", "text", "plural"],
}
CALL = re.compile(
    r"""\b(?:n?p?gettext|_)\((?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^'"()])*\)""", re.DOTALL
)
# What templatize() extracts otherwise than Django looks it up: | % \ in _(), \ or _() in translate.
MISREAD = re.compile(
    r"""_\((?:"[^"]*[|%\\]|'[^']*[|%\\])|\btrans(?:late)?\s+(?:"[^"]*\\|'[^']*\\|.*_\()"""
)
NAMED = re.compile(r"%\([^)]*\)[-#0+]*[\d.]*[a-zA-Z]|\{\w[^{}]*\}")
POSITIONAL = re.compile(r"%[-#0+]*[\d.]*[a-zA-Z]|%%?|\{\{|\}\}|\{[^{}]*\}")


def python_messages(source, filename="<source>"):
    """Yield (context, text) or (context, (text, plural)) for each call with literal strings."""
    nodes = list(ast.walk(ast.parse(source, filename)))
    imported = [n for node in nodes if isinstance(node, ast.ImportFrom) for n in node.names]
    aliases = {name.asname: name.name for name in imported if name.asname}
    for call in (node for node in nodes if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        name = aliases.get(name, name).removesuffix("_lazy").removesuffix("_noop")
        values = [getattr(argument, "value", None) for argument in call.args]
        found = dict(zip(ARGUMENTS.get(name, []), values, strict=False))
        text, plural = found.get("text"), found.get("plural")
        if text and all(isinstance(value, str) for value in found.values()):
            yield found.get("context"), (text, plural) if plural else text


def template_messages(source, filename="<template>"):
    from django.utils.translation.template import templatize

    for tag in re.findall(r"\{[{%].*?[%}]\}", source):
        if MISREAD.search(tag):
            raise SyntaxError(
                f"{filename}: cannot read {tag}. Leave out | % \\ inside _(), and \\ or _() "
                "inside translate; blocktranslate takes any text."
            )
    # templatize() writes the calls as Python amid text it has made unreadable.
    return python_messages("\n".join(CALL.findall(templatize(source, filename))), filename)


def messages(root):
    for source in SOURCES:
        for path in sorted((root / source).rglob("*")):
            if path.suffix == ".py":
                yield from python_messages(path.read_text("utf-8"), str(path))
            elif path.suffix in {".html", ".txt"}:
                yield from template_messages(path.read_text("utf-8"), str(path))
    yield from ((None, text) for text in EXTRA)


def read(path):
    from babel.messages import Catalog
    from babel.messages.pofile import read_po

    if not path.exists():
        return Catalog("da")
    with path.open("rb") as file:
        return read_po(file, "da", abort_invalid=True)


def merge(root, old):
    """All messages of the code, each with what the old catalogue says about it."""
    from babel.messages import Catalog

    new = Catalog("da")
    for context, text in messages(root):
        new.add(text, context=context)
    for message in new:
        known = old.get(message.id, message.context)
        if known and known.pluralizable == message.pluralizable:
            message.string = known.string
            message.user_comments = known.user_comments
            message.flags |= known.flags & {"fuzzy"}
    return new


def render(catalogue):
    from babel.messages.pofile import write_po

    file = BytesIO()
    write_po(file, catalogue, width=0, no_location=True, omit_header=True, sort_output=True)
    return (HEADER + file.getvalue().decode()).rstrip() + "\n"


def placeholders(text):
    """Named ones may change places and be repeated, the others may not."""
    return set(NAMED.findall(text)), POSITIONAL.findall(NAMED.sub(" ", text))


def named(message):
    return f"{message.id!r} ({message.context})" if message.context else repr(message.id)


def problem(message):
    texts, strings = message.id, message.string
    if not message.pluralizable:
        texts, strings = [texts], [strings]
    if not any(strings):
        return "not translated"
    if message.fuzzy:
        return "fuzzy"
    if len(strings) != len(texts) or not all(strings):
        return "plural forms incomplete"
    if any(placeholders(t) != placeholders(s) for t, s in zip(texts, strings, strict=True)):
        return "placeholders differ"


def problems(root):
    path = root / CATALOGUE
    old = read(path)
    new = merge(root, old)
    for message in sorted(m for m in new if m.id):
        if found := problem(message):
            yield f"{found}: {named(message)}"
    for message in sorted(m for m in old if m.id and not new.get(m.id, m.context)):
        yield f"no longer in the code: {named(message)}"
    if not path.exists() or path.read_text("utf-8") != render(new):
        yield f"{CATALOGUE} is out of date: run python -m config.translations update"


def update(root):
    path = root / CATALOGUE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(merge(root, read(path))), "utf-8", newline="\n")


def check(root):
    found = list(problems(root))
    print("\n".join(found) or "Translations are complete.")
    return bool(found)


def compile_catalogue(root):
    source = root / CATALOGUE
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
        return
    from babel.messages.mofile import write_mo

    catalogue = read(source)
    half_written = target.with_name(f"{os.getpid()}.mo")
    with half_written.open("wb") as file:
        write_mo(file, catalogue)
    half_written.replace(target)


def main(argv, root=ROOT):
    commands = {"update": update, "check": check, "compile": compile_catalogue}
    parser = argparse.ArgumentParser("python -m config.translations")
    parser.add_argument("command", choices=commands)
    try:
        return int(commands[parser.parse_args(argv).command](root) or 0)
    except ModuleNotFoundError as error:
        if error.name.partition(".")[0] != "babel":
            raise
        print("Babel is missing: it is in requirements-dev.txt. A build compiles the translations.")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
