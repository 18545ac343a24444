"""Settings come from the command line, else the environment, else the default."""

import os
from pathlib import Path

import pytest

from scrawl.errors import InputError
from scrawl.serve import Settings, defaults


@pytest.fixture(autouse=True)
def environment(monkeypatch):
    """None of the settings; what a test leaves there is taken away again."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SCRAWL_")}
    monkeypatch.setattr(os, "environ", kept)
    return kept


def test_what_is_given_comes_before_the_environment_and_that_before_the_default(environment):
    environment |= {"SCRAWL_QUEUE": "7", "SCRAWL_BODY_SECONDS": "2.5", "SCRAWL_TOKEN": ""}
    settings = Settings(queue=5)
    assert (settings.queue, settings.body_seconds) == (5, 2.5)
    assert (settings.token, settings.pictures) == (None, defaults.PICTURES)


def test_worker_processes_get_the_same_settings(tmp_path):
    origins = ("https://a.example", "https://b.example")
    settings = Settings(models=tmp_path, origins=origins, token="a,b", threshold=0.5, seconds=1)  # noqa: S106
    settings.to_environment()
    assert Settings() == settings
    assert Settings().models == tmp_path


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"threshold": 7}, "threshold: expected less than or equal to 1, received 7"),
        ({"queue": 0}, "queue: expected greater than 0, received 0"),
        ({"port": 70000}, "port: expected less than or equal to 65535, received 70000"),
        ({"seconds": "soon"}, "seconds: expected a valid number"),
        ({"models": Path("/none")}, "models: expected a folder of models, received /none"),
        ({"queu": 3}, "queu: extra inputs are not permitted, received 3"),
    ],
)
def test_what_cannot_be_used_is_one_line(given, says):
    with pytest.raises(InputError) as caught:
        Settings(**given)
    assert str(caught.value).startswith(says)
    assert "\n" not in str(caught.value)


def test_the_environment_is_checked_too(environment):
    environment["SCRAWL_THRESHOLD"] = "-1"
    with pytest.raises(InputError, match="threshold: expected greater than or equal to 0"):
        Settings()


def test_the_token_is_not_shown():
    assert "secret" not in repr(Settings(token="secret"))  # noqa: S106
