"""Take paintings to learn from over HTTP, and tell how far each is.

POST   /learn                a painting in, a job out
POST   /learn/corners        where the painting is in a picture
GET    /learn/ID             how far a job is
GET    /learn/ID/events      the same, as server-sent events
GET    /learn/ID/thumbnail   the picture as it was sent, reduced, once it was looked at
GET    /learn/ID/painting    the painting, rectified
GET    /learn/ID/preview     the newest preview
GET    /learn/ID/style       the style file, when it is done
GET    /learn/ID/picture     the painted photo, when it is done
PUT    /learn/ID/published?name=NAME   note under which name a registry has published it
DELETE /learn/ID[?swapped]   cancel a job, or forget one that has ended; swapped, it does not count

A path of a job takes `?owner=NAME`, also several times: a job of anybody else is answered as an unknown one.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging

from aiohttp import web

from runner.http import photo_upload
from runner.http.app_keys import BALANCER, LEARNING
from runner.http.learning import form
from runner.learning.job import LearningJob
from runner.learning.job_store import JobFile
from styles.errors import BadOption, ImageTooLarge, NotAnImage
from styles.service.asyncio_tasks import wait_until_set

log = logging.getLogger(__name__)

#: Seconds after which an event is sent although nothing has changed.
EVENT_SECONDS = 1.0
#: What a job has besides its state, by the last word of its path: the file, and its type.
PARTS: dict[str, tuple[JobFile, str]] = {
    "thumbnail": ("thumbnail.jpg", "image/jpeg"),
    "painting": ("painting.jpg", "image/jpeg"),
    "preview": ("preview.jpg", "image/jpeg"),
    "style": ("result", "application/octet-stream"),
    "picture": ("result", "image/jpeg"),
}


def routes() -> list[web.RouteDef]:
    """Return the routes."""
    job = "/learn/{id:[0-9a-f]{32}}"
    return [
        web.post("/learn", learn),
        web.post("/learn/corners", corners),
        web.get(job, status),
        web.get(f"{job}/events", events),
        *(web.get(f"{job}/{part}", file) for part in PARTS),
        web.put(f"{job}/published", note_style),
        web.delete(job, remove),
    ]


async def learn(request: web.Request) -> web.Response:
    """Accept a painting to learn from, and answer with its job."""
    queue = request.app[LEARNING]
    queue.require()
    files, options = await _form(request, "painting", "photo")
    order = form.read(options, has_photo="photo" in files, remote=request.remote or "")
    # Shielded: a client that leaves cancels this, and a job that is half accepted would come up at a restart.
    job = await asyncio.shield(queue.submit(order, files["painting"], files.get("photo", b"")))
    return web.json_response(queue.status(job), status=202, headers={"Location": f"/learn/{job.id}"})


async def corners(request: web.Request) -> web.Response:
    """Answer with the corners of the painting in a picture."""
    queue = request.app[LEARNING]
    queue.require()
    files, options = await _form(request, "painting")
    form.require_none(options)
    found = await queue.finder.find(files["painting"])
    return web.json_response(
        {"corners": found.corners, "width": found.width, "height": found.height, "found": found.found}
    )


async def _form(request: web.Request, *names: str) -> tuple[dict[str, bytes], dict[str, str]]:
    """Return the files and options of a form; the first name is a file that must be there."""
    size, most = request.content_length or 0, len(names) * photo_upload.MAX_PHOTO + photo_upload.FORM_OVERHEAD
    if size > most:
        raise ImageTooLarge(f"{size} bytes, at most {most}")
    with request.app[BALANCER].receiving(request.remote or "", size) as need:
        files, options = await photo_upload.form(request, need, names)
    for name in names[:1] + tuple(files):
        if not files.get(name):
            raise NotAnImage(f"the form has no file called {name}, or an empty one")
    return dict(files), dict(options)


async def status(request: web.Request) -> web.Response:
    """Answer with the state of a job."""
    return web.json_response(_state(request, _job(request)))


async def events(request: web.Request) -> web.StreamResponse:
    """Send the state of a job at each change, and once a second, until it has ended."""
    job = _job(request)
    headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    response = web.StreamResponse(headers=headers)
    await response.prepare(request)
    while True:
        news, is_last = job.news, job.is_final
        await response.write(f"event: status\ndata: {json.dumps(_state(request, job))}\n\n".encode())
        if is_last:
            break
        await wait_until_set(news, EVENT_SECONDS)
    await response.write_eof()
    return response


async def file(request: web.Request) -> web.Response:
    """Answer with a file of a job. Its tag changes with each preview."""
    job, name = _job(request), request.path.rpartition("/")[2]
    part, kind = PARTS[name]
    if part == "result" and (name == "picture") != job.record.order.is_picture:
        raise web.HTTPNotFound(text=f"this job makes no {name}")
    content = await asyncio.to_thread(request.app[LEARNING].store.read, job.id, part)
    if not content or (part == "result" and job.record.state != "done"):
        raise web.HTTPNotFound(text=f"this job has no {name}, or not yet")
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
    if request.headers.get("If-None-Match") == tag:
        return web.Response(status=304, headers=headers)
    return web.Response(body=content, content_type=kind, headers=headers)


async def note_style(request: web.Request) -> web.Response:
    """Note that a job's style is published, and forget its pictures: nobody will throw it away now."""
    job, name, store = _job(request), request.query.get("name", ""), request.app[LEARNING].store
    if not form.NAME.fullmatch(name):
        raise BadOption("Name the style, by name.")
    if job.record.state != "done" or job.record.order.is_picture:
        raise web.HTTPNotFound(text="this job has learnt no style, or not yet")
    job.record.published = name
    try:
        await asyncio.to_thread(store.forget, job.id, "thumbnail.jpg", "painting.jpg", "preview.jpg")
        await asyncio.to_thread(store.write_record, job.record)
    except OSError as error:  # the balancer's next start forgets the name
        log.warning("that a style is published cannot be kept: %s", error)
    return web.Response(status=204)


async def remove(request: web.Request) -> web.Response:
    """Cancel a job, or forget one that has ended. Swapped, it does not count, also if it is forgotten."""
    if "swapped" in request.query:
        await request.app[LEARNING].quota.swap(request.match_info["id"])
    await asyncio.shield(request.app[LEARNING].remove(_job(request)))  # to the end, as above
    return web.Response(status=204)


def _job(request: web.Request) -> LearningJob:
    """Return the job of a path, if it is of one of the owners that the request names, or if it names none."""
    job, owners = request.app[LEARNING].job(request.match_info["id"]), request.query.getall("owner", ())
    if job is None or (owners and job.record.order.owner not in owners):
        raise web.HTTPNotFound(text="no job of that id is known: jobs are kept for an hour after their end")
    return job


def _state(request: web.Request, job: LearningJob) -> dict[str, object]:
    return request.app[LEARNING].status(job)
