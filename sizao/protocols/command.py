"""`sizao protocol list | show | diff | check`: the shipped protocols and one's own files, in either language."""

import argparse
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sizao.protocols.describing import lines
from sizao.protocols.differences import summarised
from sizao.protocols.heading import head, in_force
from sizao.protocols.library import available, in_force_on, load, load_file
from sizao.protocols.naming import SECTIONS, spelled
from sizao.protocols.proportion import stricter_than
from sizao.protocols.refusals import ProtocolRefused, Refusal, UnknownProtocol
from sizao.protocols.shape import Protocol
from sizao.vocabulary.text import N_

LANGUAGES = ("en", "zh-hans")


def main(argv: list[str]) -> int:
    """Run one command; 0 when it could be answered and nothing was refused, 1 otherwise."""
    chosen = parser().parse_args(argv)
    try:
        found: list[str] = chosen.run(chosen)
    except UnknownProtocol as problem:
        print(problem.message.say(chosen.language), file=sys.stderr)
        return 1
    except ProtocolRefused as problem:
        for refusal in problem.refusals:
            print(refusal.message.say(chosen.language), file=sys.stderr)
        return 1
    print("\n".join(found))
    return 0


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="sizao protocol", description="A disease's rules in one edition.")
    top.add_argument("--language", choices=LANGUAGES, default="en")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    listing = add(commands, "list", run_list, "the protocols there are, or those in force on a day")
    listing.add_argument("--on", metavar="DAY", type=date.fromisoformat, help="in force on this day, as 2022-07-01")
    add(commands, "show", run_show, "one protocol, every figure with source and grade", "protocol")
    add(commands, "diff", run_diff, "what changes from one protocol to another", "before", "after")
    checking = add(commands, "check", run_check, "read files and say what is wrong; without files, the shipped ones")
    checking.add_argument("files", nargs="*", metavar="FILE")
    return top


def add(commands: Any, name: str, run: Callable[..., list[str]], text: str, *words: str) -> argparse.ArgumentParser:
    """A subcommand with its positional words; `--language` may stand after it too."""
    command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
    command.add_argument("--language", choices=LANGUAGES, default=argparse.SUPPRESS)
    for word in words:
        command.add_argument(word, metavar=word.upper())
    command.set_defaults(run=run)
    return command


def opened(name: str) -> Protocol:
    """A shipped protocol by its id, or a file by its path."""
    return load_file(Path(name)) if name.endswith(".toml") else load(name)


def run_list(chosen: argparse.Namespace) -> list[str]:
    names = in_force_on(chosen.on) if chosen.on else available()
    if not names:
        return [N_("No protocol with dates was in force on {day}.", day=chosen.on).say(chosen.language)]
    loaded = [load(identifier) for identifier in names]
    width = max(len(protocol.id) for protocol in loaded)
    return [f"{p.id:<{width}}  {p.name.say(chosen.language)}  {in_force(p).say(chosen.language)}" for p in loaded]


def run_show(chosen: argparse.Namespace) -> list[str]:
    protocol, language = opened(chosen.protocol), chosen.language
    found, section = [message.say(language) for message in head(protocol)], ""
    for line in lines(protocol):
        if line.section != section:
            section = line.section
            found += ["", f"# {SECTIONS[section].say(language)}"]
        mark = "!" if line.is_unsourced else " "
        name = f"{line.name.say(language)} " if line.name else ""
        found.append(f"{mark} {name}[{line.key or section}]")
        found += [f"      {part.say(language)}" for part in line.parts]
    return [*found, "", N_("! marks rules of which a part has no source.").say(language)]


def run_diff(chosen: argparse.Namespace) -> list[str]:
    before, after, language = opened(chosen.before), opened(chosen.after), chosen.language
    found = [f"{before.name.say(language)} → {after.name.say(language)}", ""]
    found += [message.say(language) for message in summarised(before, after)]
    stricter = stricter_than(after, before)
    found += ["", N_("Restricts more than before in {n} figures:", n=len(stricter)).say(language)]
    return found + [
        f"  {spelled(item.key, after, before).say(language)}: {item.before:g} → {item.after:g}" for item in stricter
    ]


def run_check(chosen: argparse.Namespace) -> list[str]:
    """Every file read; the refusals of all of them are told together."""
    found: list[str] = []
    refused: list[Refusal] = []
    for name in chosen.files or available():
        try:
            found.append(N_("{name}: no fault found.", name=opened(name).id).say(chosen.language))
        except ProtocolRefused as problem:
            refused += problem.refusals
    if refused:
        raise ProtocolRefused(refused)
    return found
