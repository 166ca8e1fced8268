"""Serve an API by LitServe that gives every photo back: `python -m benchmarks.serving.litserve_api PORT`.

The API has a module of its own, since LitServe's worker process imports it by name. This module does not
postpone annotations, since LitServe hands them to FastAPI.
"""

import sys

import litserve
from fastapi import Request, Response


class LitServeEcho(litserve.LitAPI):  # type: ignore[misc]  # it may not be installed
    """Give every photo back."""

    def setup(self, device: str) -> None:
        """Load nothing."""

    def decode_request(self, request: Request) -> bytes:
        """Return the bytes of the form's file, which LitServe has read."""
        return bytes(request["photo"].file.read())

    def predict(self, photo: bytes) -> bytes:
        """Return the photo unchanged."""
        return photo

    def encode_response(self, photo: bytes) -> Response:
        """Return the photo as the whole body."""
        return Response(photo, media_type="image/jpeg")


if __name__ == "__main__":
    server = litserve.LitServer(LitServeEcho(), accelerator="cpu")
    server.run(host="127.0.0.1", port=int(sys.argv[1]), generate_client_file=False, log_level="error")
