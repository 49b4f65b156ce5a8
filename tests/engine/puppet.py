"""An engine of strings: it obeys nothing and learns nothing, but says what it was told, and plays its part of the protocol."""

from __future__ import annotations

import os
import signal
import sys

import msgspec
import numpy as np

from flowviz.engine.messages import (
    Array,
    Event,
    Import,
    Load,
    Log,
    Metrics,
    Pause,
    Phase,
    Ready,
    Reply,
    Shutdown,
    State,
    Train,
    decode_command,
    encode,
)
from flowviz.engine.wire import Handshake, connect
from flowviz.pipeline import Text

from .puppet_steps import SNAPSHOT_STEP, TRAINED


def main() -> None:
    connection = connect(msgspec.json.decode(sys.stdin.buffer.read(), type=Handshake))

    def say(*events: Event) -> None:
        for event in events:
            connection.send_bytes(encode(event))

    def state(phase: Phase, step: int) -> State:
        return State(generation=1, phase=phase, step=step, steps=1000)

    say(Ready(torch="none", devices=(), threads=1, pid=os.getpid()))
    while True:
        command = decode_command(connection.recv_bytes())
        heard = msgspec.json.encode(command).decode()
        say(Log(sentence=Text("{text}", {"text": heard})))
        match command:
            case Shutdown():
                return
            case Train():
                figures = Metrics(generation=1, step=TRAINED, train=Array.of(np.zeros(1, np.float32)))
                say(state("training", 0), figures)
            case Pause():
                say(state("paused", TRAINED))
            case Load(id=number, path=path):
                whole = os.path.getsize(path) > 0
                if whole:
                    say(state("paused", SNAPSHOT_STEP))
                say(Reply(id=number, error=Text() if whole else Text("it is broken")))
            case Import():
                print("its last words", file=sys.stderr, flush=True)
                os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main()
