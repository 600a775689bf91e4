"""A program that answers /readyz, with a helper process of its own: `pretend_program.py PORT`."""

import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer


class Door(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200 if self.path == "/readyz" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


if __name__ == "__main__":
    helper = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    sys.stdout.write(f"helper {helper.pid}\n")
    sys.stdout.flush()
    HTTPServer(("127.0.0.1", int(sys.argv[1])), Door).serve_forever()
