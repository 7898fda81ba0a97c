"""What the conftests of both generations share."""

import itertools
import os

import pytest

ENDPOINT = os.environ["FACULTY_ENDPOINT"]
numbers = itertools.count(1)


@pytest.fixture(scope="session")
def endpoint():
    return ENDPOINT


@pytest.fixture(scope="session")
def wallet_path(tmp_path_factory):
    return str(tmp_path_factory.mktemp("wallets"))


@pytest.fixture(scope="session")
def alice(open_wallet):
    return open_wallet("Alice")


@pytest.fixture(scope="session")
def bob(open_wallet):
    return open_wallet("Bob")
