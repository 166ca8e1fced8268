"""Photos in forms, as `curl -F photo=@photo.jpg` sends them."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import aiohttp
import pytest

from runner.http.photo_upload import FORM_OVERHEAD, MAX_FIELDS, MAX_OPTION, MAX_PHOTO
from styles.contract import StyleOptions
from tests.fakes.runner.fleet import inverted
from tests.fakes.runner.served import Served

Fields = list[tuple[str, str | bytes, str | None]]  # name, value, file name


async def posted(served: Served, fields: Fields, query: str = "") -> tuple[int, bytes]:
    form = aiohttp.FormData(default_to_multipart=True)
    for name, value, file_name in fields:
        form.add_field(name, value, filename=file_name)
    url = f"{served.url}/v1/stylize{query}"
    async with aiohttp.ClientSession() as session, session.post(url, data=form) as response:
        return response.status, await response.read()


async def test_curl_sends_a_form(served: Served, tmp_path: Path) -> None:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(bytes(range(256)) * 4000)
    form = ("-F", f"photo=@{photo}", "-F", "style=mosaic", "-F", "strength=0.5")
    command = ("curl", "--silent", "--show-error", "--fail", *form, f"{served.url}/v1/stylize?size=640")
    ran = await asyncio.to_thread(subprocess.run, command, capture_output=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert ran.stdout == inverted(photo.read_bytes())
    ((_, (task,)),) = served.fleet.batches
    assert task.options == StyleOptions(strength=0.5, size=640)


@pytest.mark.parametrize("photo", [("photo", "photo", None), ("whichever", b"photo", "IMG 1.jpg")])
async def test_the_photo_is_a_file_of_any_name_or_called_so(
    served: Served, photo: tuple[str, str | bytes, str | None]
) -> None:
    fields: Fields = [("style", "udnie", None), photo, ("sender", "ann", None)]
    assert await posted(served, fields) == (200, inverted(b"photo"))


@pytest.mark.parametrize(
    ("fields", "query", "status", "words"),
    [
        ([("photo", b"1", "1.jpg"), ("photo", b"2", "2.jpg")], "?style=mosaic", 400, "two files"),
        ([("photo", b"1", "1.jpg"), ("style", "udnie", None)], "?style=mosaic", 400, "style is given twice"),
        ([("photo", b"1", "1.jpg"), *[("style", "udnie", None)] * 2], "", 400, "twice"),
        ([("photo", b"1", "1.jpg")], "", 400, "Name a style"),
        ([("photo", b"1", "1.jpg"), ("colour", "red", None)], "?style=mosaic", 400, "Nobody knows"),
        ([("photo", b"1", "1.jpg"), ("sender", "x" * (MAX_OPTION + 1), None)], "?style=mosaic", 400, "bytes"),
        ([(f"n{n}", "", None) for n in range(MAX_FIELDS + 1)], "?style=mosaic", 400, "too many"),
        ([("style", "mosaic", None)], "", 415, "open that file"),
        ([("photo", b"", "1.jpg"), ("style", "mosaic", None)], "", 415, "open that file"),
    ],
)
async def test_what_is_wrong_is_told(
    served: Served, fields: Fields, query: str, status: int, words: str
) -> None:
    found, told = await posted(served, fields, query)
    assert found == status
    assert words in told.decode()
    assert not served.fleet.batches


@pytest.mark.parametrize(
    "body", [b"", b"no form at all", b"--x\r\n\r\n", b"--x\r\nContent-Disposition: form-data"]
)
async def test_a_form_that_is_none(served: Served, body: bytes) -> None:
    for boundary in ("; boundary=x", ""):
        headers = {"Content-Type": f"multipart/form-data{boundary}"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(f"{served.url}/v1/stylize?style=mosaic", data=body, headers=headers) as response,
        ):
            assert response.status in {400, 415}, await response.text()


@pytest.mark.filterwarnings("ignore:Sending a large body:ResourceWarning")
async def test_a_photo_in_a_form_has_the_same_limit(served: Served) -> None:
    fields: Fields = [("style", "mosaic", None), ("photo", bytes(MAX_PHOTO), "1.jpg")]
    assert (await posted(served, fields))[0] == 200
    fields[1] = ("photo", bytes(MAX_PHOTO + 1), "1.jpg")
    assert (await posted(served, fields))[0] == 413
    fields[1] = ("photo", bytes(MAX_PHOTO + FORM_OVERHEAD), "1.jpg")
    assert (await posted(served, fields))[0] == 413
