"""`duoshou mcp`: the same services as tools for an assistant."""

from __future__ import annotations

import os

import click

from duoshou.cli.failures import UsageFailure
from duoshou.cli.options import both, common_options
from duoshou.cli.session import Session
from duoshou.model import Text

TOKEN = "DUOSHOU_TOKEN"  # noqa: S105 - the name of the variable, not a secret


@click.command(
    "mcp",
    help=both(
        "让助手（支持 MCP 的程序）使用舵手：默认走标准输入输出，只读；"
        "令牌放在环境变量 DUOSHOU_TOKEN 里，可以多做它允许的事。",
        "Let an assistant (a program that speaks MCP) use Duoshou: over standard input and output by default, reading "
        "only; a token in DUOSHOU_TOKEN adds what it grants.",
    ),
)
@click.option(
    "--http",
    "address",
    metavar="HOST:PORT",
    help="改用 HTTP，如 127.0.0.1:8765；每个请求要带令牌 · over HTTP instead, such as 127.0.0.1:8765; each "
    "request carries a token",
)
@click.option(
    "--allow-host",
    "hosts",
    metavar="NAME",
    multiple=True,
    help="客户端还会用的主机名，如反向代理的域名，可重复 · another name under which clients reach it, such as "
    "that of a reverse proxy; may be repeated",
)
@click.option(
    "--no-token",
    is_flag=True,
    help="本机不用令牌也可以读，只限 127.0.0.1 等本机地址 · this machine may read without a token; loopback "
    "addresses only",
)
@common_options
@click.pass_obj
def command(session: Session, address: str | None, hosts: tuple[str, ...], no_token: bool) -> None:
    """Serve until the assistant goes, or the process is told to stop."""
    if address is None:
        if hosts or no_token:
            raise UsageFailure(
                "usage_http",
                Text("--allow-host 和 --no-token 要和 --http 一起用", "--allow-host and --no-token go with --http"),
            )
        from duoshou.assistant.stdio import serve_stdio

        serve_stdio(session.directory, os.environ.get(TOKEN))
        return
    from duoshou.assistant.http import serve_http

    serve_http(
        session.directory,
        address,
        hosts,
        open_to_readers=no_token,
        tell=lambda url: click.echo(session.say(f"助手接口：{url}", f"for assistants: {url}"), err=True),
    )
