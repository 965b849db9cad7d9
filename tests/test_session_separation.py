"""Annotators of a session are kept apart: what one can read and write of another's work, at a real Label Studio."""

import pathlib
import re
from collections.abc import Iterator

import pytest

from live import Sessions, invent, write
from rift.annotations.layer import Span
from stand_in import result

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def shared(prepared: pathlib.Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sessions]:
    """Begin a session of five documents with spans to begin with, and two annotators."""
    folder = tmp_path_factory.mktemp("apart")
    made = Sessions(folder / "data", prepared)
    documents = write(folder / "documents.jsonl", invent(5))
    people = "ann@example.org,ben@example.org"
    begun = made.start("mine", "--documents", documents, "--annotators", people, "--pre", "rules")
    assert begun.exit_code == 0, begun.output
    yield made
    made.end()


MARK = "what ann alone is to see"
MARKED = {**result(Span(id="s1", start=0, end=6, label="ACTOR"), "Rebels"), "meta": {"text": [MARK]}}


def test_nobody_reaches_the_work_of_another(shared: Sessions) -> None:
    ann, ben = shared.user("mine", 0), shared.user("mine", 1)
    project = shared.session("mine").annotators[0].project or 0
    task = shared.client("mine").tasks(project)[0].number
    number = shared.sdk("mine").annotations.create(task, result=[MARKED], lead_time=30).id
    paths = [
        f"/api/projects/{project}/",
        f"/api/projects/{project}/next",
        f"/api/projects/{project}/summary/",
        f"/api/projects/{project}/export?exportType=JSON",
        f"/api/dm/project?project={project}",
        f"/api/dm/actions?project={project}",
        f"/api/tasks?project={project}",
        f"/api/tasks/{task}/",
        f"/api/tasks/{task}/annotations/",
        f"/api/annotations/{number}/",
    ]
    for path in paths:
        ann.get(path)
        status, _ = ben.call("GET", path)
        assert status in {403, 404}, path
    assert [user["email"] for user in ben.get("/api/users/")] == ["ben@example.org"]
    assert [row["id"] for row in ben.get("/api/organizations/")] == [ben.get("/api/users/")[0]["active_organization"]]


def test_nobody_reads_the_work_of_another_by_any_documented_route(shared: Sessions) -> None:
    """The server documents its interface; each of its routes to read by is tried with the numbers of another."""
    ann, ben = (shared.user("mine", at) for at in (0, 1))
    project = shared.session("mine").annotators[0].project or 0
    task = shared.client("mine").tasks(project)[2].number
    annotation = shared.sdk("mine").annotations.create(task, result=[MARKED], lead_time=1).id
    me = ann.get("/api/current-user/whoami")
    prediction = ann.get(f"/api/predictions/?project={project}")[0]["id"]
    numbers = {
        "projects": project,
        "tasks": task,
        "annotations": annotation,
        "predictions": prediction,
        "users": me["id"],
        "organizations": me["active_organization"],
    }
    routes = [path for path, methods in ben.get("/docs/api/schema/json/")["paths"].items() if "get" in methods]
    assert len(routes) > 50
    own = f"project={project}&task={task}&task__project={project}&exportType=JSON"
    for route in routes:
        kind = route.split("/")[2]
        path = re.sub(r"\{\w+\}", str(numbers.get(kind, 1)), route)
        status, answer = ben.call("GET", f"{path}?{own}&fields=all")
        assert MARK not in str(answer), path
        if kind in numbers and "{" in route:
            assert status in {403, 404}, path
    assert MARK in str(ann.get(f"/api/tasks/{task}/"))


def test_nobody_writes_into_the_work_of_another(shared: Sessions) -> None:
    ann, ben = (shared.user("mine", at) for at in (0, 1))
    project, own = (item.project or 0 for item in shared.session("mine").annotators)
    theirs = shared.client("mine", 0).tasks(project)
    task, mine = theirs[1].number, shared.client("mine", 1).tasks(own)[1].number
    data = {"doc": "slipped-in", "text": "Rebels left Azaz."}
    before = ann.get(f"/api/tasks/{task}/"), ann.get(f"/api/projects/{project}/")
    attempts = [
        ("POST", "/api/tasks/", {"project": project, "data": data}),
        ("POST", "/api/tasks/", {"project": str(project), "data": data}),
        ("PATCH", f"/api/tasks/{mine}/", {"project": project}),
        ("PATCH", f"/api/tasks/{task}/", {"data": data}),
        ("DELETE", f"/api/tasks/{task}/", None),
        ("POST", f"/api/tasks/{task}/annotations/", {"result": [MARKED]}),
        ("POST", f"/api/tasks/{task}/drafts", {"result": [MARKED]}),
        ("POST", "/api/predictions/", {"task": task, "result": [MARKED]}),
        ("POST", "/api/predictions/", {"task": task, "project": own, "result": [MARKED]}),
        ("POST", f"/api/projects/{project}/import", [{"data": data}]),
        ("POST", f"/api/projects/{project}/import/predictions", [{"task": task, "result": [MARKED]}]),
        ("POST", f"/api/dm/actions?id=delete_tasks&project={project}", {"selectedItems": {"all": True}}),
        ("POST", "/api/dm/views/", {"project": project, "data": {}}),
        ("POST", "/api/webhooks/", {"project": project, "url": "http://127.0.0.1:9"}),
        ("PATCH", f"/api/projects/{project}/", {"title": "taken"}),
        ("DELETE", f"/api/projects/{project}/", None),
    ]
    for method, path, body in attempts:
        status, _ = ben.call(method, path, body)
        assert 400 <= status < 500, (method, path)
    assert shared.client("mine", 0).tasks(project) == theirs
    assert (ann.get(f"/api/tasks/{task}/"), ann.get(f"/api/projects/{project}/")) == before


def test_nobody_moves_to_the_organisation_of_another(shared: Sessions) -> None:
    theirs = shared.user("mine", 0).get("/api/current-user/whoami")["active_organization"]
    ben = shared.user("mine", 1)
    me = ben.get("/api/current-user/whoami")
    status, _ = ben.call("PATCH", f"/api/users/{me['id']}/", {"active_organization": theirs})
    assert status >= 400
    assert ben.get("/api/current-user/whoami")["active_organization"] == me["active_organization"] != theirs
