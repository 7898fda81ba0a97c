"""A Python Dendrite asks our miner, and our dendrite asks a Python Axon."""

import asyncio
import hashlib
import json
import time
import urllib.error
import urllib.request
import uuid
from typing import Tuple

import bittensor as bt
import pytest
from bittensor.core.chain_data import AxonInfo
from bittensor.utils import networking

from chain import must
from faculty import ask_axon, free_port, running_miner
from synapses import FacultyChat, FacultyChatLong, FacultyChatStream, FacultyChatStreamLong

QUESTION = [{"role": "user", "content": 'Is the clause "naïve\u200b\n café" \'valid\'? 😀'}]


@pytest.fixture(scope="module")
def caller(subtensor, subnet, open_wallet, alice):
    """Registered before the miner looks."""
    wallet = open_wallet("Caller")
    must(subtensor.transfer(alice, wallet.coldkeypub.ss58_address, bt.Balance.from_tao(1_000)))
    must(subtensor.burned_register(wallet, subnet.netuid))
    return wallet


@pytest.fixture(scope="module")
def port(endpoint, subnet, neuron, caller, wallet_path):
    with running_miner(endpoint, subnet.netuid, neuron, wallet_path) as served:
        yield served


@pytest.fixture(scope="module")
def miner(port, neuron):
    hotkey = neuron.hotkey.ss58_address
    return AxonInfo(version=1, ip="127.0.0.1", port=port, ip_type=4, hotkey=hotkey, coldkey=hotkey)


@pytest.fixture(autouse=True)
def no_outside(monkeypatch):
    """The SDK asks the internet for its own address."""
    monkeypatch.setattr(networking, "get_external_ip", lambda: "203.0.113.9")


async def query(wallet, axon, synapse, timeout=20.0):
    async with bt.Dendrite(wallet.hotkey) as dendrite:
        return await dendrite.forward(axon, synapse, timeout=timeout, deserialize=False)


class TestDendriteAsksOurMiner:
    @pytest.mark.parametrize("kind", [FacultyChat, FacultyChatLong])
    async def test_whole_answer(self, miner, caller, kind):
        reply = await query(caller, miner, kind(domain="law", messages=QUESTION, max_tokens=24, temperature=0.25))
        assert (reply.dendrite.status_code, reply.dendrite.status_message) == (200, "Success")
        assert reply.is_success and reply.answer
        assert reply.axon.hotkey == miner.hotkey
        assert reply.receipt["caller"] == caller.hotkey.ss58_address
        assert reply.receipt["miner"] == miner.hotkey
        assert reply.receipt["requestId"] == f"synapse:{reply.dendrite.nonce}"
        assert reply.receipt["answerHash"] == hashlib.sha256(reply.answer.encode()).hexdigest()

    async def test_settings_have_their_effect(self, miner, caller):
        def ask(seed):
            settings = {"max_tokens": 24, "temperature": 2.0, "seed": seed, "top_k": 50, "stop": ["\n\n"]}
            return query(caller, miner, FacultyChatLong(domain="law", messages=QUESTION, **settings))

        first, again, other = [(await ask(seed)).answer for seed in (1, 1, 2)]
        assert first == again != other

    async def test_streamed_answer(self, miner, caller):
        async with bt.Dendrite(caller.hotkey) as dendrite:
            synapse = FacultyChatStream(domain="law", messages=QUESTION, max_tokens=24)
            stream = await dendrite.forward(miner, synapse, timeout=20.0, deserialize=False, streaming=True)
            *texts, last = [part async for part in stream]
        assert last.is_success and last.answer
        assert "".join(texts) == last.answer
        assert last.receipt["answerHash"] == hashlib.sha256(last.answer.encode()).hexdigest()

    async def test_many_at_once_from_one_client(self, miner, caller):
        async with bt.Dendrite(caller.hotkey) as dendrite:
            synapse = FacultyChat(domain="law", messages=QUESTION, max_tokens=8)
            replies = await dendrite.forward([miner] * 12, synapse, timeout=30.0, deserialize=False)
        assert [reply.dendrite.status_code for reply in replies] == [200] * 12

    async def test_ping(self, miner, caller):
        assert (await query(caller, miner, bt.Synapse())).is_success

    async def test_stranger(self, miner, open_wallet):
        reply = await query(open_wallet("Nobody"), miner, FacultyChat(domain="law", messages=QUESTION))
        assert reply.is_blacklist, reply.dendrite.status_message

    async def test_request_for_another_axon(self, miner, caller, alice):
        other = AxonInfo(**{**miner.__dict__, "hotkey": alice.hotkey.ss58_address})
        reply = await query(caller, other, FacultyChat(domain="law", messages=QUESTION))
        assert reply.failed_verification, reply.dendrite.status_message

    async def test_class_that_protects_nothing(self, miner, caller):
        class Bare(FacultyChat):
            required_hash_fields = ()

        Bare.__name__ = "FacultyChat"
        reply = await query(caller, miner, Bare(domain="law", messages=QUESTION))
        assert reply.failed_verification and "cover" in reply.dendrite.status_message

    async def test_unknown_domain(self, miner, caller):
        reply = await query(caller, miner, FacultyChat(domain="physics", messages=QUESTION))
        assert (reply.dendrite.status_code, reply.answer) == (404, None)

    async def test_unknown_class(self, miner, caller):
        class Dummy(bt.Synapse):
            x: int = 1

        assert (await query(caller, miner, Dummy())).dendrite.status_code == 404

    def test_replay_and_missing_signature(self, miner, caller):
        dendrite = bt.Dendrite(caller.hotkey)
        synapse = FacultyChat(domain="law", messages=QUESTION, max_tokens=4)
        signed = dendrite.preprocess_synapse_for_request(miner, synapse, 12.0)
        headers, body = signed.to_headers(), signed.model_dump()
        assert post(miner.port, "/FacultyChat", headers, body)[0] == 200
        status, reply = post(miner.port, "/FacultyChat", headers, body)
        assert status == 401 and "taken before" in reply["message"]
        unsigned = dendrite.preprocess_synapse_for_request(miner, synapse, 12.0).to_headers()
        del unsigned["bt_header_dendrite_signature"]
        status, reply = post(miner.port, "/FacultyChat", unsigned, body)
        assert status == 401 and "not signed" in reply["message"]

    def test_epistula(self, miner, caller):
        question = {"model": "law", "messages": QUESTION, "max_tokens": 16}
        status, reply = post(miner.port, "/v1/chat/completions", epistula(caller, miner, question), question)
        assert status == 200, reply
        (choice,) = reply["choices"]
        assert choice["message"]["content"] and reply["usage"]["completion_tokens"] > 0
        assert reply["faculty"]["receipt"]["caller"] == caller.hotkey.ss58_address


def epistula(caller, miner, body):
    """The signing half of Epistula 2, as its users have it."""
    digest = hashlib.sha256(json.dumps(body).encode()).hexdigest()
    timestamp, request_id = str(round(time.time() * 1000)), str(uuid.uuid4())
    text = f"{digest}.{request_id}.{timestamp}.{miner.hotkey}"
    return {
        "Epistula-Version": "2",
        "Epistula-Timestamp": timestamp,
        "Epistula-Uuid": request_id,
        "Epistula-Signed-By": caller.hotkey.ss58_address,
        "Epistula-Signed-For": miner.hotkey,
        "Epistula-Request-Signature": "0x" + caller.hotkey.sign(text.encode()).hex(),
    }


def post(port, path, headers, body):
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}",
        data=json.dumps(body).encode(),
        headers={**headers, "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


class TestOurDendriteAsksAnAxon:
    @pytest.fixture(scope="class")
    def heard(self):
        return []

    @pytest.fixture(scope="class")
    def axon(self, bob, heard):
        def forward(synapse: FacultyChatLong) -> FacultyChatLong:
            heard.append(synapse)
            synapse.answer = synapse.messages[-1]["content"].upper()
            return synapse

        async def stream(synapse: FacultyChatStreamLong) -> FacultyChatStreamLong:
            heard.append(synapse)
            text = synapse.messages[-1]["content"].upper()

            async def send_lines(send):
                lines = [{"text": text[:3]}, {"text": text[3:]}, {**synapse.model_dump(), "answer": text}]
                for line in lines:
                    chunk = (json.dumps(line) + "\n").encode()
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                    await asyncio.sleep(0.05)

            return synapse.create_streaming_response(send_lines)

        def refuse(synapse: FacultyChatLong) -> Tuple[bool, str]:
            return synapse.dendrite.hotkey.startswith("5F"), "not today"

        external = {"ip": "127.0.0.1", "external_ip": "127.0.0.1"}
        served = bt.Axon(wallet=bob, port=free_port(), **external)
        served.attach(forward, blacklist_fn=refuse).attach(stream)
        served.start()
        time.sleep(1)
        yield served
        served.stop()

    @pytest.mark.parametrize("streamed", [False, True])
    def test_answer(self, axon, bob, heard, streamed):
        heard.clear()
        result = ask_axon("synapse", axon.port, bob.hotkey.ss58_address, "naïve 'café' 😀", streamed)
        assert result["answer"]["text"] == "NAÏVE 'CAFÉ' 😀", result
        assert "".join(result["texts"]) == ("NAÏVE 'CAFÉ' 😀" if streamed else "")
        (synapse,) = heard
        assert (synapse.domain, synapse.max_tokens, synapse.temperature, synapse.seed) == ("law", 32, 0.5, 7)

    def test_one_after_another(self, axon, bob):
        for _ in range(3):
            result = ask_axon("synapse", axon.port, bob.hotkey.ss58_address, "again")
            assert result["answer"]["text"] == "AGAIN", result

    def test_refusal(self, axon, bob):
        result = ask_axon("synapse", axon.port, bob.hotkey.ss58_address, "hi", uri="//Bob")
        assert (result["error"]["code"], result["error"]["reason"]) == ("unanswered", "denied")
        assert "not today" in result["error"]["message"]

    def test_another_hotkey_than_the_one_asked(self, axon, alice):
        result = ask_axon("synapse", axon.port, alice.hotkey.ss58_address, "hi")
        assert result["error"]["reason"] == "bad-signature"
