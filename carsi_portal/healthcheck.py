"""Asks a health address of this machine, as a container does of itself: `python -m carsi_portal.healthcheck URL`.

Exit status 0 when it answers 200, 1 when it does not (with one line that says why).
"""

import sys
from urllib.error import URLError
from urllib.request import urlopen

SECONDS = 5


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not arguments[0].startswith("http://"):
        print(__doc__)
        return 2
    try:
        with urlopen(arguments[0], timeout=SECONDS) as answer:  # noqa: S310
            answer.read()
    except (URLError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
