"""`sizao administrator NAME`: the first administrator, or another one when all are lost. Prints a one-time link."""

import argparse
import os

from django.urls import reverse

from sizao.ops.governance.actions import ALWAYS, SYSTEM, NewUser, add_users, give_roles, hand_link
from sizao.ops.governance.clock import now
from sizao.ops.governance.entry import LinkPurpose
from sizao.ops.governance.models import User
from sizao.ops.governance.queries import may_administer
from sizao.ops.governance.roles import Role


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="sizao administrator", description=__doc__)
    parser.add_argument("username", help="the name this person logs in with")
    parser.add_argument("--name", default="", help="the name others see")
    parser.add_argument("--language", default="zh-hans", choices=("zh-hans", "en"))
    parser.add_argument(
        "--address", default=os.environ.get("SIZAO_ADDRESS", "http://localhost:8000"),
        help="where people reach this installation",
    )  # fmt: skip
    options = parser.parse_args(argv)
    system = User.objects.filter(username=SYSTEM).first()
    if system is None:
        print("This installation is not set up yet. Run: sizao setup")
        return 1
    user = User.objects.filter(username=options.username).first()
    if user and not may_administer(user, now()):
        print(f"“{options.username}” exists and is no administrator. Choose another name.")
        return 1
    user = user or _made(options, system)
    token = hand_link(user=user, purpose=LinkPurpose.WELCOME, by=system, at=now())
    print("Give this link to that person alone; it opens once, within seven days:")
    print(options.address.rstrip("/") + reverse("welcome", args=[token]))
    return 0


def _made(options: argparse.Namespace, system: User) -> User:
    new = NewUser(options.username, options.name or options.username, None, options.language)
    [user] = add_users(users=[new], by=system, at=now())
    give_roles(user=user, roles=[Role.ADMINISTRATOR], area_path="", since=ALWAYS, until=None, by=system, at=now())
    return user
