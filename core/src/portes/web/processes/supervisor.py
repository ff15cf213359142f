"""The parent of the worker processes: it starts, hears, replaces and stops them; it answers no call."""

import os
import signal
import socket
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from multiprocessing import Pipe, get_context
from multiprocessing.connection import wait
from types import FrameType
from typing import Final

import structlog

from portes.web.monitoring.vitals import WorkerStatus
from portes.web.processes.connections import HttpConfig
from portes.web.processes.limits import Limits
from portes.web.processes.workers import TELL_SIGNAL, Worker, answer_calls

DIED: Final = "died"
"""The worker's process ended, and nobody had told it to."""
SILENT: Final = "silent"
"""Its event loop was held up for too long, or the process was made to stand still."""
HUNG_START: Final = "hung_start"
"""It did not come to answer calls in the time that a start may take."""

_SPAWN: Final = get_context("spawn")
"""Workers begin anew: a fork would share the parent's threads' locks and its connections with them."""
_POLL_SECONDS: Final = 0.25
_MOST_MISSED: Final = 1.0
"""Seconds at most of a worker's silence from one look to the next.

A parent that stood still itself, with the machine or by a signal, has not listened meanwhile: nobody is blamed for it.
"""
_LONGEST_PAUSE: Final = 60.0

_log = structlog.get_logger(__name__)


class WorkerProcess:
    """A worker process, and what its parent hears of it."""

    def __init__(self, config: HttpConfig, listener: socket.socket) -> None:
        self._beats, theirs = Pipe(duplex=False)
        os.set_blocking(self._beats.fileno(), False)
        self._process = _SPAWN.Process(target=answer_calls, args=(config, theirs, listener))
        self._process.start()
        theirs.close()
        assert self._process.pid is not None  # noqa: S101 — it was started just now
        self.pid: int = self._process.pid
        self.started = False
        """Whether it ever was heard: it answers calls since then."""
        self.silence = 0.0
        """Seconds since it was last heard, or was started."""
        self.told = False
        """Whether it was asked where it stands, which is what is done before it is ended for its silence."""

    @property
    def alive(self) -> bool:
        """Whether the process lives, be it held up or not."""
        return self._process.is_alive()

    def listen(self, seconds: float) -> None:
        """Hear whether it beat in the seconds since it was last listened to."""
        self.silence += seconds
        with suppress(BlockingIOError):
            if os.read(self._beats.fileno(), 4096):
                self.started, self.silence, self.told = True, 0.0, False

    def tell(self) -> None:
        """Have it write to standard error where it stands."""
        self.told = True
        with suppress(ProcessLookupError):
            os.kill(self.pid, TELL_SIGNAL)

    def terminate(self) -> None:
        """Have it finish the calls that it has, and end."""
        self._process.terminate()

    def kill(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.join(_POLL_SECONDS)  # one that waits for a broken disk ends only when that answers
        self._beats.close()

    def ends_within(self, seconds: float) -> bool:
        """Wait for its end; whether that came."""
        return bool(wait([self._process.sentinel], max(0.0, seconds)))


class WorkerSlot:
    """The place of one worker, which is taken by another when that one is lost."""

    def __init__(self, start: Callable[[], WorkerProcess]) -> None:
        self._start = start
        self.worker: WorkerProcess | None = start()
        """None while the next one waits for its start."""
        self._failures = 0
        self._pause = 0.0

    @property
    def starting(self) -> bool:
        """Whether its worker lives and has yet to answer."""
        return self.worker is not None and not self.worker.started

    def clear(self) -> None:
        """End the worker; the next one starts at once, or after a pause when this one had never come to answer."""
        assert self.worker is not None  # noqa: S101 — nobody is lost where nobody was
        self._failures = 0 if self.worker.started else self._failures + 1
        self._pause = min(2.0**self._failures, _LONGEST_PAUSE) if self._failures else 0.0
        self.worker.kill()
        self.worker = None

    def refill(self, seconds: float) -> None:
        """Start the next worker once its pause is over; these seconds of it have passed."""
        self._pause -= seconds
        if self.worker is None and self._pause <= 0:
            self.worker = self._start()


class Supervisor:
    """Keeps as many workers answering as there should be, and says when all do."""

    def __init__(
        self,
        worker: Worker,
        count: int,
        listener: socket.socket,
        ready: Callable[[], None],
        reload: Callable[[], None],
    ) -> None:
        self._count = count
        self._limits: Limits = worker.limits
        self._listener = listener
        self._start = partial(WorkerProcess, HttpConfig(worker, worker.limits, workers=count), listener)
        self._ready = ready
        self._reload = reload
        self._slots: list[WorkerSlot] = []
        self._looked = 0.0
        self._replaced = Counter(dict.fromkeys((DIED, SILENT, HUNG_START), 0))
        self._status = WorkerStatus((), count)
        self._hung_up = self._stopping = False
        self.failed = False
        """Whether the workers could not start."""

    def workers(self) -> WorkerStatus:
        """The workers, as of a quarter of a second ago."""
        return self._status

    def run(self) -> None:
        """Start the workers and keep them until a signal says stop, or one of them cannot start."""
        with self._hearing_signals():
            self._slots = [WorkerSlot(self._start) for _ in range(self._count)]
            self._looked = time.monotonic()
            while not self._stopping and not self._all_started():
                self._look()
                self._give_up_lost()
            if not self._stopping:
                self._ready()
            while not self._stopping:
                self._look()
                self._replace_lost()
                if self._hung_up:
                    self._hung_up = False
                    self._reload()
            self._stop()

    def _living(self) -> list[WorkerProcess]:
        return [slot.worker for slot in self._slots if slot.worker is not None]

    def _all_started(self) -> bool:
        return len(self._status.answering) >= self._count

    def _look(self) -> None:
        """Wait a moment, then hear every worker."""
        time.sleep(_POLL_SECONDS)
        now = time.monotonic()
        passed, self._looked = min(now - self._looked, _MOST_MISSED), now
        for slot in self._slots:
            slot.refill(passed)
        for worker in self._living():
            worker.listen(passed)
        answering = [worker for worker in self._living() if worker.started and worker.alive]
        silences = {worker.pid: worker.silence for worker in answering}
        self._status = WorkerStatus(tuple(silences), self._count, silences, dict(self._replaced))

    def _lost(self, worker: WorkerProcess) -> str:
        """Why a worker answers no more; empty while it does, or may yet."""
        if not worker.alive:
            return DIED
        if not worker.started:
            return HUNG_START if worker.silence > self._limits.start_seconds else ""
        return SILENT if worker.silence > self._limits.silent_seconds else ""

    def _give_up_lost(self) -> None:
        """Stop for a worker that cannot start: every other would find the same, and nothing depends on any yet."""
        for worker in self._living():
            cause = self._lost(worker)
            if cause in {DIED, HUNG_START}:
                _log.error("worker does not start", worker=worker.pid, cause=cause)
                self.failed = self._stopping = True

    def _replace_lost(self) -> None:
        """Replace lost workers, but while one starts end none for its silence.

        A machine that is merely slow makes all of them silent, and a start is the last thing that it needs more of.
        """
        for slot in self._slots:
            cause = self._lost(slot.worker) if slot.worker is not None else ""
            if not cause or slot.worker is None or (cause == SILENT and any(each.starting for each in self._slots)):
                continue
            if cause != DIED and not slot.worker.told:
                slot.worker.tell()  # it is ended at the next look
                continue
            _log.error("worker replaced", worker=slot.worker.pid, cause=cause, silent=round(slot.worker.silence, 1))
            self._replaced[cause] += 1
            slot.clear()
            slot.refill(0.0)

    def _stop(self) -> None:
        """Refuse new connections, let the workers finish the calls they have, and end those that do not."""
        self._listener.close()
        until = time.monotonic() + self._limits.shutdown_seconds
        for worker in self._living():
            worker.terminate()
        for worker in self._living():
            if not worker.ends_within(until - time.monotonic()):
                _log.error("worker ended by force", worker=worker.pid, silent=round(worker.silence, 1))
                worker.kill()

    @contextmanager
    def _hearing_signals(self) -> Iterator[None]:
        """Note what signals say, until the block ends; those that mean nothing to us end nothing."""
        heard = {signal.SIGTERM: self._hear_stop, signal.SIGINT: self._hear_stop, signal.SIGHUP: self._hear_hang_up}
        deaf = (signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGTTIN, signal.SIGTTOU)
        handlers = {**dict.fromkeys(deaf, _hear_nothing), **heard}
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _hear_stop(self, _number: int, _frame: FrameType | None) -> None:
        if not self._stopping:
            self._stopping = True
            signal.signal(signal.SIGALRM, self._end_all)
            signal.alarm(self._limits.stop_seconds)

    def _hear_hang_up(self, _number: int, _frame: FrameType | None) -> None:
        self._hung_up = True

    def _end_all(self, _number: int, _frame: FrameType | None) -> None:
        """End everything at once: some part of this process would not end, such as a log that nobody reads."""
        for worker in self._living():
            with suppress(ProcessLookupError):
                os.kill(worker.pid, signal.SIGKILL)
        os._exit(1)


def _hear_nothing(_number: int, _frame: FrameType | None) -> None:
    """Hear a signal without being ended by it."""
