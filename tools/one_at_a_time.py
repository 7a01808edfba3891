"""Runs a command while no other holds the lock: `python tools/one_at_a_time.py LOCK_FILE COMMAND...`.

A second one waits, and says so. The Makefile sets up through it: two set-ups in one folder would install into one
environment and migrate one database at once. Works with any Python 3, before anything is installed.
"""

import fcntl
import os
import sys

HELD = "CARSI_HOLDS_LOCK"  # what a command within the command must not wait for


def main(arguments):  # type: (list[str]) -> None
    if len(arguments) < 2:
        sys.exit(__doc__)
    lock, command = os.path.abspath(arguments[0]), arguments[1:]
    if os.environ.get(HELD) != lock:
        os.makedirs(os.path.dirname(lock), exist_ok=True)
        file = os.open(lock, os.O_WRONLY | os.O_CREAT, 0o644)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up of this folder is running; waiting for it to finish ...", file=sys.stderr, flush=True)
            try:
                fcntl.flock(file, fcntl.LOCK_EX)
            except KeyboardInterrupt:
                sys.exit(130)
        # Held by the command and all that it starts, until the last of them ends; servers that stay close the file.
        os.set_inheritable(file, True)
        os.environ[HELD] = lock
    os.execvp(command[0], command)


if __name__ == "__main__":
    main(sys.argv[1:])
