"""Options that say who takes a task on and what was done."""

from __future__ import annotations

import click

from duoshou.cli.values import DAY

owner_option = click.option(
    "--owner", metavar="LOGIN", help="谁来做（登录名） · login of whoever does it or takes it on"
)
note_option = click.option("--note", default="", metavar="TEXT", help="附言 · what is said with it")
reason_option = click.option("--reason", default="", metavar="TEXT", help="不做的原因 · why a task is declined")
on_option = click.option(
    "--on", type=DAY, metavar="D", help="从哪天起，默认今天 · first day in the new state, by default today"
)
change_kind_option = click.option(
    "--kind", metavar="K", help="改动的种类，如 main_image · kind of the change, such as main_image"
)
before_option = click.option("--before", default="", metavar="TEXT", help="改前 · what it was before")
after_option = click.option("--after", default="", metavar="TEXT", help="改后 · what it is now")
number_argument = click.argument("number", metavar="NUMBER")
