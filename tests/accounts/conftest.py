"""Accounts as they are outside tests: a second factor is wanted."""

import pytest
from django.test import Client

from sizao.ops.governance.roles import Role
from tests import factories as make

PASSWORD = "a long password"


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR = "required"


@pytest.fixture
def english(client) -> Client:
    client.cookies["django_language"] = "en"
    return client


@pytest.fixture
def administrator(db):
    make.areas()
    return make.user(Role.ADMINISTRATOR, username="root-of-all", language="en")


def log_in(client, username: str, password: str = PASSWORD):
    return client.post("/log-in/", {"username": username, "password": password})
