"""Answer errors as RFC 9457's problem details, and below /v2 as the Open Inference Protocol has them."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from aiohttp import web

from styles.errors import Busy, PainterError
from styles.service.problems import MEDIA_TYPE, to_problem

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every error into an answer."""
    try:
        return await handler(request)
    except PainterError as error:
        headers = {"Retry-After": str(math.ceil(error.retry_after))} if isinstance(error, Busy) else {}
        # The traceback's frames hold the photo and the error. Without it they end now, not at a collection.
        return _answer(request, to_problem(error.with_traceback(None)), headers)
    except web.HTTPError as error:
        problem = {"type": "about:blank", "title": error.reason, "status": error.status, "detail": error.text}
        kept = {"Allow": error.headers["Allow"]} if "Allow" in error.headers else {}
        return _answer(request, problem, kept)
    except ConnectionError:
        raise  # the client disconnected while it sent its photo
    except Exception:
        log.exception("%s %s failed", request.method, request.path)
        problem = {"type": "about:blank", "title": "Internal Server Error", "status": 500}
        detail = "Something went wrong here; it is in the log."
        return _answer(request, problem | {"detail": detail}, {})


def _answer(request: web.Request, problem: Mapping[str, Any], headers: Mapping[str, str]) -> web.Response:
    status = problem["status"]
    if request.path == "/v2" or request.path.startswith("/v2/"):
        # KServe's client reads the sentence only where the type has no charset behind it.
        sentence = json.dumps({"error": problem["title"]}).encode()
        return web.Response(body=sentence, status=status, headers=headers, content_type="application/json")
    return web.json_response(problem, status=status, content_type=MEDIA_TYPE, headers=headers)
