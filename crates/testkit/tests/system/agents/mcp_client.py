#!/usr/bin/env python3
"""The official client of MCP lists and calls every tool: mcp_client.py URL CALLS.

CALLS is JSON: the arguments for each tool. Each line of output is JSON: the tools of a connection, or an answer. Ends with
77 if the package cannot be installed.
"""

import asyncio
import json
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[5]
sys.path.insert(0, str(ROOT / "crates/devtools/provision"))
import python_env  # noqa: E402

python_env.run_in("mcp", ["mcp==2.3.0", "jsonschema==4.25.1"])

import jsonschema  # noqa: E402
from mcp import Client, MCPError  # noqa: E402

url, calls = sys.argv[1], json.loads(sys.argv[2])


async def ask(mode: str) -> None:
    """Connects with `initialize` ("legacy") or by asking for the versions ("auto")."""
    async with Client(url, mode=mode) as client:
        tools = (await client.list_tools()).tools
        names = [tool.name for tool in tools]
        print(json.dumps({"mode": mode, "version": client.protocol_version, "server": client.server_info.name, "tools": names}))
        for tool in tools:
            schema = jsonschema.Draft202012Validator(tool.input_schema)
            schema.check_schema(tool.input_schema)
            for arguments in calls[tool.name]:
                schema.validate(arguments)
                result = await client.call_tool(tool.name, arguments)
                print(json.dumps({
                    "mode": mode, "tool": tool.name, "is_error": bool(result.is_error),
                    "document": result.structured_content, "text": json.loads(result.content[0].text),
                }))
        try:
            await client.call_tool("no_such_tool", {})
        except MCPError as error:
            print(json.dumps({"mode": mode, "refused": error.code}))


for mode in ("legacy", "auto"):
    asyncio.run(ask(mode))
