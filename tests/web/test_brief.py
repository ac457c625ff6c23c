"""协同 → 需求单: read, edited, handed over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

import pytest
from docx import Document
from starlette.testclient import TestClient
from tests.cockpit import HOSTILE, Cockpit, running_cockpit
from tests.web.test_board import NEW

from duoshou.loop.tasks import propose


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cockpit]:
    """A shop with one task for the designer, whose number is 1."""
    with running_cockpit(tmp_path_factory.mktemp("brief")) as served:
        assert propose(served.app.state.house.state, "main", NEW, by="owner").id == 1
        yield served


def version_of(client: TestClient) -> str:
    """Return what the form says that the brief is."""
    return str(re.findall(r'name="version" value="([^"]*)"', client.get("/board/tasks/1/brief").text)[0])


def typed(shop: Cockpit, client: TestClient, **fields: str) -> dict[str, str]:
    """Return a filled form."""
    given = {
        "title": "换主图",
        "goal": "点击 +10%",
        "deadline": "2026-12-01",
        "points": f"防水｜评价 12 次提到\n{HOSTILE}",
    }
    return {"csrf": shop.csrf(client), "version": version_of(client), **given, **fields}


def test_a_brief_is_drafted_edited_and_handed_over(shop: Cockpit) -> None:
    """A draft says that it is one; what was written stands with its evidence, in the page and in the document."""
    client = shop.signed_in("designer")
    page = client.get("/board/tasks/1/brief").text
    assert "还没有人改过" in page
    assert "<script>alert" not in page
    assert "/board/tasks/1/brief" in client.get("/board/tasks/1").text
    assert (
        client.post("/board/tasks/1/brief", data=typed(shop, client, pictures="首图｜800×800｜白底")).status_code == 303
    )
    page = client.get("/board/tasks/1/brief").text
    for told in ("评价 12 次提到", "800×800", "designer"):
        assert told in page, told
    assert "还没有人改过" not in page
    assert "<script>alert" not in page
    answer = client.get("/board/tasks/1/brief.docx")
    assert answer.headers["content-disposition"].startswith("attachment")
    words = "\n".join(one.text for one in Document(BytesIO(answer.content)).paragraphs)
    assert "防水" in words


def test_nobody_overwrites_what_another_wrote_meanwhile(shop: Cockpit) -> None:
    """A form of an older writing is refused, says who wrote since, and keeps what was typed."""
    one, two = shop.signed_in("designer"), shop.signed_in("operator")
    late = typed(shop, one, goal="我的目标")
    assert two.post("/board/tasks/1/brief", data=typed(shop, two, goal="他的目标")).status_code == 303
    answer = one.post("/board/tasks/1/brief", data=late)
    assert answer.status_code == 422
    assert "刚被 operator 改过" in answer.text
    assert "我的目标" in answer.text
    assert shop.token("viewer").get("/api/v1/tasks/1/brief").json()["goal"] == "他的目标"


@pytest.mark.parametrize(
    ("field", "value"), [("title", " "), ("goal", ""), ("deadline", "soon"), ("deadline", "9999-12-31")]
)
def test_a_brief_that_cannot_be_meant_is_refused(shop: Cockpit, field: str, value: str) -> None:
    """Without title or goal, or with a day that no shop has, nothing is kept."""
    client = shop.signed_in("designer")
    before = version_of(client)
    assert client.post("/board/tasks/1/brief", data=typed(shop, client, **{field: value})).status_code == 422
    assert version_of(client) == before


def test_a_brief_over_the_api(shop: Cockpit) -> None:
    """What is sent is kept, what is not named stays; an old version is refused."""
    client = shop.token("designer")
    told = client.get("/api/v1/tasks/1/brief").json()
    change = {"version": told["version"], "points": "显瘦｜复购客人 8 次提到", "deadline": "2026-12-24"}
    kept = client.put("/api/v1/tasks/1/brief", json=change).json()
    assert kept["points"] == [{"text": "显瘦", "evidence": "复购客人 8 次提到"}]
    assert (kept["deadline"], kept["goal"], kept["is_draft"]) == ("2026-12-24", told["goal"], False)
    assert client.put("/api/v1/tasks/1/brief", json=change).status_code == 422
    assert client.get("/api/v1/tasks/1/brief.docx").content[:2] == b"PK"
    assert client.get("/api/v1/tasks/999999/brief").status_code == 404


def test_a_viewer_reads_and_changes_nothing(shop: Cockpit) -> None:
    """A viewer sees the brief without a form, and gets no document."""
    viewer = shop.signed_in("viewer")
    page = viewer.get("/board/tasks/1/brief").text
    assert "<textarea" not in page
    assert viewer.post("/board/tasks/1/brief", data={"csrf": shop.csrf(viewer), "title": "x"}).status_code == 403
    assert viewer.get("/board/tasks/1/brief.docx").status_code == 403
    assert shop.token("viewer").put("/api/v1/tasks/1/brief", json={}).status_code == 403
