"""What people of the simulated shop did and wrote down: done tasks, so that the demonstration measures effects too."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from duoshou.app.loop.subjects import named_subject
from duoshou.app.loop.tasks import finish_task, write_task
from duoshou.demo.simulation import Scenario, ScenarioError
from duoshou.loop.entries import shipped_book
from duoshou.loop.notices import acknowledge, list_notices
from duoshou.loop.task import Expected, NewTask
from duoshou.loop.tasks import WantedTasks, accept, list_tasks
from duoshou.model import Role, Text

if TYPE_CHECKING:
    from duoshou.app import Workbench
    from duoshou.demo.simulated import Recipe
    from duoshou.demo.simulation import Simulation

BY = "demo"


def check_deeds(scenario: Scenario) -> None:
    """Do nothing where the playbook knows everything that people did.

    Raises:
        ScenarioError: If it does not.
    """
    for deed in scenario.deeds:
        if deed.get("action") not in shipped_book().entries:
            raise ScenarioError(
                "invalid_scenario",
                Text(f"打法里没有 {deed.get('action')}", f"the playbook has no {deed.get('action')}"),
                hint=Text("duoshou playbook 列出全部打法", "duoshou playbook lists them all"),
            )


def record_deeds(workbench: Workbench, shop: Simulation, recipe: Recipe) -> int:
    """Write down what the scenario says people did, where nothing is written down yet, and return how much.

    Args:
        workbench: The workspace, with the shop's files imported.
        shop: The simulated shop.
        recipe: What decided about it.
    """
    key = workbench.settings.default_shop.key
    if list_tasks(workbench.state, key, WantedTasks(), limit=1)[1]:
        return 0
    for deed in recipe.scenario.deeds:
        product = str(shop.world.products.ids[deed["product"]])
        _record(workbench, key, product, recipe.until + timedelta(days=deed["day"] + 1), deed)
    notices, _ = list_notices(workbench.state, key)
    for one in notices:
        acknowledge(workbench.state, key, one.id, by=BY)
    return len(recipe.scenario.deeds)


def _record(workbench: Workbench, shop: str, product: str, on: date, deed: Mapping[str, Any]) -> None:
    entry = shipped_book().entries[deed["action"]]
    title = entry.zh if workbench.settings.language == "zh" else entry.en
    new = NewTask(
        title,
        named_subject(workbench, shop, "product", product),
        entry.owner_role or Role.OPERATOR,
        on,
        Expected(entry.metric, entry.prior.mean, on + timedelta(days=entry.horizon_days)),
        guards=entry.guards,
        change_kind=entry.change_kind,
        action=entry.key,
        effort=entry.effort,
    )
    task = write_task(workbench, shop, new, by=BY)
    accept(workbench.state, shop, task.id, by=BY)
    finish_task(workbench, shop, task.id, on=on, by=BY, before=deed["before"], after=deed["after"])
