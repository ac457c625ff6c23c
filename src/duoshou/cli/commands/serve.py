"""`duoshou serve`: the cockpit in a browser."""

from __future__ import annotations

import secrets
import sys

import click

from duoshou.cli.exit_code import ExitCode
from duoshou.cli.failures import UsageFailure
from duoshou.cli.options import both, common_options
from duoshou.cli.session import Session
from duoshou.model import Text

PORT = 8642


@click.command(
    "serve",
    help=both(
        "在浏览器里用舵手：页面、REST 接口、定时的每日任务。只在本机可见，除非用 --host 指明。",
        "The cockpit in a browser: pages, REST API, the daily job on schedule. Only this computer sees it unless "
        "--host says otherwise.",
    ),
)
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 · address to listen at")
@click.option(
    "--port", type=click.IntRange(1, 65535), default=PORT, show_default=True, help="监听端口 · port to listen at"
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="进程数；多于 1 个需要 PostgreSQL · number of processes; more than 1 needs PostgreSQL",
)
@click.option("--no-jobs", is_flag=True, help="不按时运行每日任务 · do not run the daily job on schedule")
@click.option("--no-browser", is_flag=True, help="不打开浏览器 · open no browser")
@common_options
@click.pass_obj
def command(session: Session, host: str, port: int, workers: int, no_jobs: bool, no_browser: bool) -> int:
    """Serve until somebody stops it."""
    from duoshou.access import needs_first_owner
    from duoshou.server.running import address_of, serve
    from duoshou.settings.hosts import is_loopback

    workbench = session.workbench
    if workers > 1 and not workbench.settings.state.url:
        raise UsageFailure(
            "workers_need_postgresql",
            Text("多个进程需要 PostgreSQL", "several processes need PostgreSQL"),
            hint=Text("在 duoshou.toml 的 [state] url 写上数据库地址", "name it in [state] url of duoshou.toml"),
        )
    code = secrets.token_urlsafe(9) if needs_first_owner(workbench.state) else ""
    address = address_of(host, port, code)
    click.echo(session.say(f"舵手在 {address} ，按 Ctrl+C 停止", f"Duoshou is at {address}; Ctrl+C stops it"))
    if not is_loopback(host):
        click.echo(
            session.say(
                "注意：同一网络里的人都能打开这个地址；请放在 HTTPS 反向代理之后。",
                "Note: everybody in the network can reach it; put it behind an HTTPS proxy.",
            ),
            err=True,
        )
    directory = workbench.workspace.directory
    workbench.close()
    serve(
        directory,
        host,
        port,
        start_code=code,
        workers=workers,
        jobs=not no_jobs,
        browser=not no_browser and sys.stdout.isatty(),
    )
    return ExitCode.DONE
