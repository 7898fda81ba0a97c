"""The classes of docs/dialects.md, as a peer would write them down."""

import json
from typing import ClassVar, Optional

import bittensor as bt
from pydantic import PrivateAttr


class FacultyChat(bt.Synapse):
    domain: str
    messages: list[dict[str, str]]
    max_tokens: int = 256
    temperature: float = 0.0
    answer: Optional[str] = None
    receipt: Optional[dict] = None
    required_hash_fields: ClassVar[tuple[str, ...]] = ("domain", "messages", "max_tokens", "temperature")


class FacultyChatLong(FacultyChat):
    """All settings, all of them hashed. Its name on the wire is FacultyChat as well."""

    top_p: Optional[float] = None
    top_k: Optional[int] = None
    min_p: Optional[float] = None
    seed: Optional[int] = None
    stop: Optional[list[str]] = None
    required_hash_fields: ClassVar[tuple[str, ...]] = (
        *FacultyChat.required_hash_fields,
        *("top_p", "top_k", "min_p", "seed", "stop"),
    )


FacultyChatLong.__name__ = "FacultyChat"


class FacultyChatStream(bt.StreamingSynapse):
    domain: str
    messages: list[dict[str, str]]
    max_tokens: int = 256
    temperature: float = 0.0
    answer: Optional[str] = None
    receipt: Optional[dict] = None
    required_hash_fields: ClassVar[tuple[str, ...]] = ("domain", "messages", "max_tokens", "temperature")
    _last: dict = PrivateAttr(default_factory=dict)

    async def process_streaming_response(self, response):
        async for line in response.content:
            part = json.loads(line)
            if "text" in part:
                yield part["text"]
            else:
                self._last = part

    def extract_response_json(self, response):
        return self._last


class FacultyChatStreamLong(FacultyChatStream):
    top_p: Optional[float] = None
    top_k: Optional[int] = None
    min_p: Optional[float] = None
    seed: Optional[int] = None
    stop: Optional[list[str]] = None
    required_hash_fields: ClassVar[tuple[str, ...]] = FacultyChatLong.required_hash_fields


FacultyChatStreamLong.__name__ = "FacultyChatStream"
