"""Message catalogues without gettext's programs: collect what is said, check that it is translated, compile.

python tools/messages.py check      every visible string has a Chinese translation, none fuzzy, none twice
python tools/messages.py compile    merge the rooms' .po files into one .mo per language
python tools/messages.py missing    print what is not translated yet, ready to paste into a .po file
"""

import ast
import re
import string
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import polib
from jinja2 import Environment

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "sizao"
LOCALE = PACKAGE / "vocabulary" / "locale"
MARKS = {"_", "N_", "gettext", "gettext_lazy", "ngettext", "pgettext"}
Found = dict[str, list[str]]


def said_in_python(path: Path) -> Iterator[tuple[str, int]]:
    """Literal first arguments of the marking functions (both forms of a plural)."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)
        if name not in MARKS:
            continue
        for argument in node.args[: 2 if name == "ngettext" else 1]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
                yield argument.value, node.lineno


def said_in_template(path: Path) -> Iterator[tuple[str, int]]:
    """What Jinja's own extraction finds: `_()`, `gettext()` and `{% trans %}`."""
    env = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do", "jinja2.ext.loopcontrols"])
    env.policies["ext.i18n.trimmed"] = True
    for line, _function, message in env.extract_translations(path.read_text(encoding="utf-8")):
        for one in message if isinstance(message, tuple) else (message,):
            if one:
                yield one, line


def said_in_script(path: Path) -> Iterator[tuple[str, int]]:
    """`_("…")` in our own scripts."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        for match in re.finditer(r"\b_\(\s*\"((?:[^\"\\]|\\.)+)\"", line):
            yield match[1], number


def said() -> Found:
    """Every marked sentence and where it stands."""
    found: Found = defaultdict(list)
    sources = [(PACKAGE.rglob("*.py"), said_in_python), (PACKAGE.rglob("templates/**/*.html"), said_in_template)]
    sources.append(((PACKAGE / "config" / "static" / "sizao").rglob("*.js"), said_in_script))
    for paths, reader in sources:
        for path in sorted(paths):
            for sentence, line in reader(path):
                found[sentence].append(f"{path.relative_to(ROOT)}:{line}")
    return found


def languages() -> list[str]:
    return sorted(path.name for path in LOCALE.iterdir() if path.is_dir())


def entries(language: str) -> Iterator[tuple[Path, polib.POEntry]]:
    for path in sorted((LOCALE / language / "LC_MESSAGES").glob("*.po")):
        for entry in polib.pofile(str(path)):
            yield path, entry


def places(sentence: str) -> set[str]:
    """The named places of a sentence, in both styles in use."""
    try:
        braces = {name for _text, name, _spec, _conversion in string.Formatter().parse(sentence) if name}
    except ValueError:
        braces = set()
    return braces | set(re.findall(r"%\((\w+)\)[sd]", sentence))


def faults(language: str) -> list[str]:
    """What is wrong with a language, each as one line."""
    wanted, seen, wrong = said(), {}, []
    for path, entry in entries(language):
        if "fuzzy" in entry.flags:
            wrong.append(f"{path.name}: fuzzy: {entry.msgid!r}")
        if seen.setdefault(entry.msgid, entry.msgstr) != entry.msgstr:
            wrong.append(f"{path.name}: translated twice, differently: {entry.msgid!r}")
        if entry.msgstr and places(entry.msgid) != places(entry.msgstr):
            wrong.append(f"{path.name}: the named places differ: {entry.msgid!r} / {entry.msgstr!r}")
    done = {entry.msgid for _path, entry in entries(language) if entry.translated()}
    wrong += [f"{where[0]}: not translated: {sentence!r}" for sentence, where in wanted.items() if sentence not in done]
    return wrong


def compile_all() -> None:
    for language in languages():
        merged = polib.POFile(encoding="utf-8", check_for_duplicates=False)
        merged.metadata = {"Content-Type": "text/plain; charset=utf-8", "Plural-Forms": "nplurals=1; plural=0;"}
        seen: set[str] = set()
        for _path, entry in entries(language):
            if entry.translated() and entry.msgid not in seen:
                seen.add(entry.msgid)
                merged.append(entry)
        merged.save_as_mofile(str(LOCALE / language / "LC_MESSAGES" / "django.mo"))


def print_missing() -> None:
    for language in languages():
        done = {entry.msgid for _path, entry in entries(language) if entry.translated()}
        for sentence, where in said().items():
            if sentence not in done:
                print(polib.POEntry(msgid=sentence, msgstr="", comment=where[0]))


def main(argv: list[str]) -> int:
    if argv == ["compile"]:
        compile_all()
        return 0
    if argv == ["missing"]:
        print_missing()
        return 0
    if argv == ["check"]:
        wrong = [line for language in languages() for line in faults(language)]
        print("\n".join(wrong) or "every visible string is translated")
        return 1 if wrong else 0
    print(__doc__)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
