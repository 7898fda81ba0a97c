"""SDK 11's signed requests: a Python client asks our miner, and our dendrite asks a Python server."""

import hashlib
import json
import threading
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from bittensor import http_auth

from faculty import ask_axon, running_miner

QUESTION = [{"role": "user", "content": "Is the clause valid? naïve 😀"}]


@pytest.fixture(scope="module")
def port(endpoint, subnet, neuron, wallet_path):
    with running_miner(endpoint, subnet.netuid, neuron, wallet_path) as served:
        yield served


def post(port, path, headers, raw):
    url = f"http://127.0.0.1:{port}{path}"
    request = urllib.request.Request(url, data=raw, headers={**headers, "Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.status, reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


class TestClientAsksOurMiner:
    @pytest.fixture
    def ask(self, port, alice, neuron):
        """Alice owns the subnet, so her hotkey is registered."""

        def send(path, body, receiver=neuron.hotkey.ss58_address, wallet=alice, change=lambda raw: raw):
            raw = json.dumps(body).encode()
            headers = http_auth.sign(wallet, method="POST", path=path, body=raw, receiver_ss58=receiver)
            return post(port, path, headers, change(raw))

        return send

    def test_chat_completion(self, ask, alice):
        status, text = ask("/v1/chat/completions", {"model": "law", "messages": QUESTION, "max_tokens": 16})
        assert status == 200, text
        reply = json.loads(text)
        answer = reply["choices"][0]["message"]["content"]
        receipt = reply["faculty"]["receipt"]
        assert receipt["caller"] == alice.hotkey.ss58_address
        assert receipt["answerHash"] == hashlib.sha256(answer.encode()).hexdigest()

    def test_streamed_chat_completion(self, ask):
        body = {"model": "law", "messages": QUESTION, "max_tokens": 16, "stream": True}
        status, text = ask("/v1/chat/completions?stream=true", body)
        assert status == 200, text
        *events, end = [line.removeprefix("data: ") for line in text.split("\n\n") if line]
        assert end == "[DONE]"
        chunks = [json.loads(event) for event in events]
        answer = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
        assert chunks[-1]["choices"][0]["finish_reason"] in ("stop", "length")
        assert chunks[-1]["faculty"]["receipt"]["answerHash"] == hashlib.sha256(answer.encode()).hexdigest()

    def test_synapse(self, ask):
        status, text = ask("/FacultyChat", {"domain": "law", "messages": QUESTION, "max_tokens": 8})
        assert status == 200 and json.loads(text)["answer"], text

    def test_altered_body(self, ask):
        body = {"domain": "law", "messages": QUESTION, "max_tokens": 8}
        assert ask("/FacultyChat", body, change=lambda raw: raw.replace(b"valid", b"void!"))[0] == 401

    @pytest.mark.parametrize("receiver", [None, "5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY"])
    def test_another_receiver(self, ask, receiver):
        assert ask("/FacultyChat", {"domain": "law", "messages": QUESTION}, receiver=receiver)[0] == 401

    def test_stranger(self, ask, open_wallet):
        assert ask("/FacultyChat", {"domain": "law", "messages": QUESTION}, wallet=open_wallet("Nobody"))[0] == 403


class TestOurDendriteAsksAServer:
    @pytest.fixture(scope="class")
    def server(self, bob):
        """The recipe of the SDK's guide, on Python's own HTTP server."""

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):
                raw = self.rfile.read(int(self.headers["content-length"]))
                try:
                    caller = http_auth.verify(
                        self.headers, raw, method="POST", path=self.path, self_hotkey_ss58=bob.hotkey.ss58_address
                    )
                except http_auth.AuthError as error:
                    self.reply(401, [{"message": str(error)}])
                    return
                body = json.loads(raw)
                text = f"{caller.hotkey_ss58} {body['messages'][-1]['content']}"
                pieces = [{"text": text[:60]}, {"text": text[60:]}] if self.path == "/FacultyChatStream" else []
                self.reply(200, [*pieces, {**body, "answer": text}])

            def reply(self, status, lines):
                text = "\n".join(json.dumps(line) for line in lines).encode() + b"\n"
                self.send_response(status)
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *_):
                """Quiet."""

        served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=served.serve_forever, daemon=True).start()
        yield served
        served.shutdown()

    @pytest.mark.parametrize("streamed", [False, True])
    @pytest.mark.parametrize("text", ["naïve 'café' 😀"])
    def test_answer(self, server, bob, streamed, text):
        result = ask_axon("btauth", server.server_port, bob.hotkey.ss58_address, text, streamed)
        assert result["answer"]["text"] == f"{result['caller']} {text}", result
        assert "".join(result["texts"]) == (result["answer"]["text"] if streamed else "")

    def test_another_receiver(self, server, alice):
        result = ask_axon("btauth", server.server_port, alice.hotkey.ss58_address, "hi")
        assert (result["error"]["reason"], result["answer"] if "answer" in result else None) == ("bad-signature", None)
        assert "different receiving hotkey" in result["error"]["message"]

