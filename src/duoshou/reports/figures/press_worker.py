"""The program that turns specs into SVG and SVG into PNG: it runs by itself and imports nothing of Duoshou.

The converter holds a JavaScript engine of some 100 MB. In a process of its own that memory goes back when nobody has
asked for a picture for a while. One request a line on standard input, one answer a line on standard output, both JSON.
"""

from __future__ import annotations

import base64
import json
import os
import queue
import sys
import threading
from typing import IO, Any


def warm_up() -> None:
    """Load the engine and the libraries in it, so that the first picture need not wait for them."""
    answer({"kind": "svg", "version": None, "spec": {"data": {"values": [{}]}, "mark": "point"}})


def answer(request: dict[str, Any]) -> dict[str, str]:
    """Return the picture that a request asks for, or why there is none."""
    import vl_convert

    try:
        if request["kind"] == "svg":
            spec, version = request["spec"], request["version"]
            return {"svg": vl_convert.vegalite_to_svg(spec, vl_version=version, allowed_base_urls=[])}
        picture = vl_convert.svg_to_png(request["svg"], scale=request["scale"])
        return {"png": base64.b64encode(picture).decode("ascii")}
    except Exception as error:  # noqa: BLE001 - the converter raises what it likes; the other side makes an error of it
        return {"error": str(error)}


def serve(requests: IO[bytes], answers: IO[bytes], idle: float) -> None:
    """Answer requests until they end or none came for `idle` seconds."""
    lines: queue.Queue[bytes] = queue.Queue()

    def listen() -> None:
        for line in requests:
            lines.put(line)
        lines.put(b"")

    threading.Thread(target=listen, daemon=True).start()
    warm_up()
    while True:
        try:
            line = lines.get(timeout=idle)
        except queue.Empty:
            return
        if not line:
            return
        answers.write(json.dumps(answer(json.loads(line))).encode("ascii") + b"\n")
        answers.flush()


def main() -> None:
    """Serve on standard input and output; whatever else is printed goes to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers, float(sys.argv[1]))
    # The engine's threads would hold an ordinary exit up.
    answers.flush()
    os._exit(0)


if __name__ == "__main__":
    main()
