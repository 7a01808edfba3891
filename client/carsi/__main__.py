"""`python -m carsi`."""

import sys

from carsi.commands import main

sys.exit(main())
