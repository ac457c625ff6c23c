"""`python -m duoshou.cli`: the same as the command `duoshou`."""

from __future__ import annotations

import sys

from duoshou.cli import main

sys.exit(main())
