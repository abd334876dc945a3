"""One language for everything a command prints: what --language says, else what the system's LANG says."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from typing import IO, Any

from sizao.vocabulary.text import N_, Message, catalogue

LANGUAGES = ("zh-hans", "en")
#: Where the system says its language, the most particular first.
VARIABLES = ("SIZAO_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
#: What Python's own reader of command lines says.
OF_ARGPARSE = (
    N_("usage: "), N_("options"), N_("positional arguments"), N_("show this help message and exit"),
    N_("%(prog)s: error: %(message)s\n"), N_("the following arguments are required: %s"),
    N_("unrecognized arguments: %s"), N_("invalid choice: %(value)r (choose from %(choices)s)"),
    N_("invalid %(type)s value: %(value)r"), N_("expected one argument"), N_("argument %(argument_name)s: %(message)s"),
)  # fmt: skip


#: What the command line of this process asked for.
_asked: list[str] = []


def spoken() -> str:
    """The language of this process."""
    return _asked[-1] if _asked else language_of(os.environ)


def language_of(environment: Mapping[str, str]) -> str:
    """Chinese where the first variable that is set says so, else English."""
    said = next((environment[name] for name in VARIABLES if environment.get(name)), "")
    return "zh-hans" if said.lower().startswith("zh") else "en"


def listen(argv: Sequence[str]) -> None:
    """Take the language from the command line, if it is told there, for this process and those it starts."""
    first = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    first.add_argument("--language", choices=LANGUAGES)
    told = first.parse_known_args([word for word in argv if word not in ("-h", "--help")])[0].language
    if told:
        os.environ["SIZAO_LANGUAGE"] = told
    setattr(argparse, "_", lambda text: catalogue(spoken()).gettext(text))  # noqa: B010 - it has no other door


def tell(message: Message, *, file: IO[str] | None = None, start: str = "", end: str = "\n") -> None:
    """Print a sentence in the language of the process."""
    print(start + message.say(spoken()), file=file or sys.stdout, end=end, flush=True)


def complain(message: Message) -> None:
    tell(message, file=sys.stderr)


def problem(message: Message) -> argparse.ArgumentTypeError:
    """What a reader of an option raises."""
    return argparse.ArgumentTypeError(message.say(spoken()))


class Parser(argparse.ArgumentParser):
    """A command line whose help is said in the language of the process, with the option that chooses it."""

    def __init__(self, *, prog: str, about: Message, details: str | None = None):
        language = language_of(os.environ)
        _asked[:] = []
        super().__init__(prog=prog, description=details if details and language == "en" else about.say(language))
        self.add_argument(
            "--language", choices=LANGUAGES, default=language,
            help=N_("language of what is printed (default: what LANG says)"),
        )  # fmt: skip

    def parse_known_args(self, *args: Any, **told: Any) -> Any:
        options, rest = super().parse_known_args(*args, **told)
        _asked[:] = [options.language]
        return options, rest

    def add_argument(self, *names: str, **told: Any) -> argparse.Action:
        if isinstance(told.get("help"), Message):
            told["help"] = told["help"].say(spoken())
        return super().add_argument(*names, **told)
