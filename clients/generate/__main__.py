"""Generates the clients from the OpenAPI document, which is generated from the contract.

    python3 clients/generate            # after `cargo xtask codegen`
    python3 clients/generate --check    # fails if a file is not current
"""

import json
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent))

import go  # noqa: E402
import model  # noqa: E402
import python  # noqa: E402
import rust  # noqa: E402
import typescript  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENT = ROOT / "services/gateway/openapi.json"


def main() -> None:
    api = model.read(json.loads(DOCUMENT.read_text(encoding="utf-8")))
    files = {**python.files(api), **typescript.files(api), **go.files(api), **rust.files(api)}
    stale = []
    for name, content in files.items():
        path = ROOT / "clients" / name
        if "--check" not in sys.argv:
            path.write_text(content, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != content:
            stale.append(str(path.relative_to(ROOT)))
    if stale:
        sys.exit(f"stale: {', '.join(stale)}; run python3 clients/generate")


main()
