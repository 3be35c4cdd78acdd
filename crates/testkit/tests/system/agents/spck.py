#!/usr/bin/env python3
"""Grades a server of UCP with spck-conformance: spck.py --server URL [--config FILE] --json. Prints the report.

Ends with 77 if the package cannot be installed.
"""

import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[5]
sys.path.insert(0, str(ROOT / "crates/devtools/provision"))
import python_env  # noqa: E402

python_env.run_in("spck", ["spck-conformance==0.4.0"])

from spck_conformance.cli import main  # noqa: E402

sys.exit(main())
