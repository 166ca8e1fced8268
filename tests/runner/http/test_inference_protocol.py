"""The Open Inference Protocol v2, as tritonclient speaks it, and by hand."""

from __future__ import annotations

import asyncio
import json
import struct
from base64 import b64decode, b64encode
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import aiohttp
import numpy as np
import pytest
from tritonclient.http import InferenceServerClient, InferInput, InferRequestedOutput
from tritonclient.utils import InferenceServerException

from runner.http.inference_protocol import JSON_BYTES, MOST_PHOTOS
from runner.http.photo_upload import MAX_PHOTO
from styles.contract import StyleOptions
from styles.service.logs import HEADER, traceparent
from tests.fakes.runner.fleet import inverted
from tests.fakes.runner.served import Served, fill

PHOTO = bytes(range(256)) * 400


class Triton:
    """tritonclient in a thread of its own, which its connections cannot leave."""

    def __init__(self, url: str) -> None:
        self._thread = ThreadPoolExecutor(1)
        self._client = self._thread.submit(InferenceServerClient, url.removeprefix("http://")).result()

    async def __call__(self, method: str, *arguments: Any, **options: Any) -> Any:
        call = partial(getattr(self._client, method), *arguments, **options)
        return await asyncio.get_running_loop().run_in_executor(self._thread, call)

    def close(self) -> None:
        self._thread.submit(self._client.close).result()
        self._thread.shutdown()


@pytest.fixture
def triton(served: Served) -> Iterator[Triton]:
    client = Triton(served.url)
    yield client
    client.close()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def photos(*files: bytes, binary: bool = True) -> list[InferInput]:
    tensor = InferInput("photo", [len(files)], "BYTES")
    encoded = files if binary else [b64encode(file) for file in files]
    tensor.set_data_from_numpy(np.array(encoded, dtype=np.object_), binary_data=binary)
    return [tensor]


async def test_tritonclient_has_a_photo_painted(served: Served, triton: Triton) -> None:
    options = {"strength": 0.5, "size": 640, "keep_colors": True, "format": "png"}
    more = {"request_id": "7", "headers": {HEADER: traceparent("ab" * 16)}}
    answer = await triton("infer", "mosaic", photos(PHOTO), parameters=options, **more)
    assert answer.as_numpy("picture").tolist() == [inverted(PHOTO)]
    told = answer.get_response()
    assert (told["model_name"], told["model_version"], told["id"]) == ("mosaic", "1", "7")
    ((_, (task,)),) = served.fleet.batches
    assert task.options == StyleOptions(strength=0.5, size=640, keep_colors=True, format="png")
    assert task.trace == "ab" * 16


@pytest.mark.parametrize("sent", [True, False])
@pytest.mark.parametrize("wanted", [True, False])
async def test_pictures_are_binary_or_base64(
    served: Served, triton: Triton, sent: bool, wanted: bool
) -> None:
    files = [PHOTO, b"second", b"third"]
    outputs = [InferRequestedOutput("picture", binary_data=wanted)]
    answer = await triton("infer", "udnie", photos(*files, binary=sent), outputs=outputs)
    found = answer.as_numpy("picture").tolist()
    assert (found if wanted else [b64decode(each) for each in found]) == [inverted(file) for file in files]
    assert sorted(task.image for _, batch in served.fleet.batches for task in batch) == sorted(files)


@pytest.mark.parametrize("algorithm", ["gzip", "deflate"])
async def test_a_compressed_request(triton: Triton, algorithm: str) -> None:
    answer = await triton("infer", "mosaic", photos(PHOTO), request_compression_algorithm=algorithm)
    assert answer.as_numpy("picture").tolist() == [inverted(PHOTO)]


async def test_a_version_may_follow_and_a_blend_is_a_model(served: Served, triton: Triton) -> None:
    for name in ("mosaic", "udnie"):
        served.registry.publish(name, name.encode(), "base")
    answer = await triton("infer", "mosaic", photos(PHOTO), model_version="1")
    assert answer.get_response()["model_version"] == "1"
    await triton("infer", "mosaic:0.6,udnie:0.4", photos(PHOTO))
    (_, (one,)), (_, (blend,)) = served.fleet.batches
    assert [len(task.parts) for task in (one, blend)] == [1, 2]


async def test_health_and_what_a_model_is(served: Served, triton: Triton) -> None:
    assert await triton("is_server_live")
    async with asyncio.timeout(60):
        while not await triton("is_server_ready"):  # noqa: ASYNC110 - the registry is reached soon
            await asyncio.sleep(0.01)
    assert await triton("is_model_ready", "mosaic")
    assert not await triton("is_model_ready", "mosaik")
    about = await triton("get_server_metadata")
    assert (about["name"], about["extensions"]) == ("mail-painter", ["binary_tensor_data"])
    model = await triton("get_model_metadata", "mosaic")
    assert model["versions"] == ["1"]
    assert model["inputs"] == [{"name": "photo", "datatype": "BYTES", "shape": [-1]}]
    assert model["outputs"] == [{"name": "picture", "datatype": "BYTES", "shape": [-1]}]
    served.fleet.set("r0", "starting")
    assert not await triton("is_server_ready")
    assert not await triton("is_model_ready", "mosaic")


@pytest.mark.parametrize(
    ("model", "photo", "options", "status", "words"),
    [
        ("mosaik", PHOTO, {}, "404", "I know no style called “mosaik”."),
        ("mosaic", b"BAD", {}, "415", "I could not open that file as a photo."),
        ("mosaic", b"", {}, "415", "I could not open that file as a photo."),
        ("mosaic", b"DIE", {}, "422", "I could open that photo, but not paint it."),
        ("mosaic", PHOTO, {"strength": 7}, "400", "The strength must be between 0 and 1, not 7."),
        ("mosaic", PHOTO, {"colour": "red"}, "400", "Nobody knows the option colour"),
        ("mosaic", PHOTO, {"suspect": True}, "400", "Nobody knows the option suspect"),
        ("mosaic,udnie", PHOTO, {}, "400", "has a network of its own"),
    ],
)
async def test_errors_are_the_sentences_of_the_other_routes(
    triton: Triton, model: str, photo: bytes, options: dict[str, Any], status: str, words: str
) -> None:
    with pytest.raises(InferenceServerException) as refused:
        await triton("infer", model, photos(photo), parameters=options)
    assert (refused.value.status(), words in refused.value.message()) == (status, True), refused.value


async def test_one_bad_photo_fails_its_request_alone(served: Served, triton: Triton) -> None:
    with pytest.raises(InferenceServerException, match="could not open"):
        await triton("infer", "mosaic", photos(PHOTO, b"BAD"))
    answer = await triton("infer", "mosaic", photos(PHOTO))
    assert answer.as_numpy("picture").tolist() == [inverted(PHOTO)]


async def test_a_full_queue_says_when_to_come_again(served: Served, http: aiohttp.ClientSession) -> None:
    requests = await fill(served, http)
    body = request_of(data=[b64encode(b"photo").decode()]) | {"parameters": {"sender": "ann"}}
    async with http.post(f"{served.url}/v2/models/mosaic/infer", json=body) as response:
        assert (response.status, list(await response.json())) == (429, ["error"])
        assert int(response.headers["Retry-After"]) >= 1
    served.fleet.gate.set()
    for request in requests:
        (await request).release()


def request_of(**changes: Any) -> dict[str, Any]:
    tensor: dict[str, Any] = {"name": "photo", "datatype": "BYTES", "shape": [1], "data": ["cGhvdG8="]}
    return {"inputs": [tensor | changes]}


BINARY = {"parameters": {"binary_data_size": 9}, "data": []}
ELEMENT = struct.pack("<I", 5) + b"photo"


@pytest.mark.parametrize(
    ("asked", "tail", "json_bytes"),
    [
        ({}, b"", None),
        ({"inputs": []}, b"", None),
        ({"inputs": request_of()["inputs"] * 2}, b"", None),
        (request_of(name="image"), b"", None),
        (request_of(datatype="UINT8"), b"", None),
        (request_of(shape=[2]), b"", None),
        (request_of(shape=[-1]), b"", None),
        (request_of(shape=[0], data=[]), b"", None),
        (request_of(shape="1"), b"", None),
        (request_of(data=["no base64"]), b"", None),
        (request_of(data=["ä"]), b"", None),
        (request_of(data=[7]), b"", None),
        (request_of(shape=[MOST_PHOTOS + 1], data=["cGhvdG8="] * (MOST_PHOTOS + 1)), b"", None),
        (request_of() | {"outputs": [{"name": "mask"}]}, b"", None),
        (request_of(**BINARY), b"", None),
        (request_of(**BINARY), ELEMENT[:-1], None),
        (request_of(**BINARY), ELEMENT + b"\xff", None),
        (request_of(**BINARY), ELEMENT * 2, None),
        (request_of(**BINARY, shape=[MOST_PHOTOS + 1]), ELEMENT * (MOST_PHOTOS + 1), None),
        (request_of(**BINARY), ELEMENT, "7"),
        (request_of(**BINARY), ELEMENT, "-1"),
        (request_of(**BINARY), ELEMENT, "9" * 5000),
    ],
)
async def test_what_is_no_request_is_told(
    served: Served, http: aiohttp.ClientSession, asked: Any, tail: bytes, json_bytes: str | None
) -> None:
    header = json.dumps(asked).encode()
    headers = {JSON_BYTES: json_bytes or str(len(header))}
    url = f"{served.url}/v2/models/mosaic/infer"
    async with http.post(url, data=header + tail, headers=headers) as response:
        told = await response.json()
    assert (response.status, list(told)) == (400, ["error"]), told
    assert not served.fleet.batches


async def test_other_errors_are_of_the_same_shape(served: Served, http: aiohttp.ClientSession) -> None:
    for path, status in (("/v2/nothing", 404), ("/v2/models/mosaic/infer", 405)):
        async with http.get(served.url + path) as response:
            assert response.headers["Content-Type"] == "application/json"  # all that KServe's client takes
            assert (response.status, list(await response.json())) == (status, ["error"])
    async with http.get(f"{served.url}/v2x") as response:
        assert (await response.json())["status"] == 404
    large = {"Content-Length": str(MAX_PHOTO + 1)}
    async with http.post(f"{served.url}/v2/models/mosaic/infer", headers=large) as response:
        assert (response.status, list(await response.json())) == (413, ["error"])
