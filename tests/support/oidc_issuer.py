"""An issuer of tokens, like GitHub's: tells its keys, and signs the claims it is given. Runs on the emulator's Python.

Prints its address; `POST /token` takes claims as JSON and answers the token, `POST /forged` one of another key.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

KEY, OTHER = (RSAKey.generate_key(2048, {"kid": "1", "use": "sig"}) for _ in range(2))


class Issuer(BaseHTTPRequestHandler):
    """Answers discovery, keys and tokens."""

    def do_GET(self):
        base = f"http://127.0.0.1:{self.server.server_port}"
        told = {
            "/.well-known/openid-configuration": {"issuer": base, "jwks_uri": f"{base}/keys"},
            "/keys": KeySet([KEY]).as_dict(private=False),
        }
        self._answer(json.dumps(told[self.path]))

    def do_POST(self):
        claims = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self._answer(jwt.encode({"alg": "RS256", "kid": "1"}, claims, OTHER if self.path == "/forged" else KEY))

    def log_message(self, *_):
        """Say nothing."""

    def _answer(self, text):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(text.encode())


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    sys.stdout.write(f"http://127.0.0.1:{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()
