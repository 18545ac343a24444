"""The OpenAPI description: there, offline, and the service is as it says."""

import re
import subprocess
import sys
from pathlib import Path


def test_the_page_of_the_api_works_offline(server):
    page = server.client.get("/docs").text
    for address in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert address.startswith("/")
        assert server.client.get(address).status_code == 200


def test_every_operation_says_what_it_answers(server):
    description = server.client.get("/openapi.json").json()
    assert {"/v1/read", "/v1/explain", "/v1/corrections", "/v2/models/{name}/infer"} <= set(
        description["paths"]
    )
    for path, operations in description["paths"].items():
        for operation in operations.values():
            assert operation["description"], path
            if path.startswith("/v") and "health" not in path:
                schema = operation["responses"]["400"]["content"]["application/json"]["schema"]
                assert schema["$ref"].endswith("/Failure")


def test_the_service_does_what_its_description_says(server, tmp_path):
    """Every check of schemathesis but one: that a body fits its type does not make it a picture."""
    command = Path(sys.executable).with_name("schemathesis")
    options = ["--exclude-checks=positive_data_acceptance", "--max-examples=5", "--seed=1"]
    done = subprocess.run(
        [command, "run", f"{server.url}/openapi.json", *options],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stdout
    assert not [line for line in server.log() if line["level"] == "error"]
