"""Cost settings are taken up by the next import, also when there is no file to import."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from duoshou.app import Workbench, create_workspace, open_workbench


def fees(workbench: Workbench) -> Decimal | None:
    """Return the platform's fees of all orders."""
    found: Decimal | None = workbench.sql("SELECT sum(platform_fees) AS fees FROM line_contribution")["fees"][0].as_py()
    return found


def test_an_import_without_files_takes_changed_costs_up(tmp_path: Path) -> None:
    """Once after a change, never without one, and not on a dry run."""
    workspace = create_workspace(tmp_path / "shop", "shop")
    with open_workbench(tmp_path / "shop") as workbench:
        with workbench.store.writer("test") as session:
            session.connection.execute(
                "INSERT INTO order_line (shop, order_id, line_no, currency, quantity, paid_amount, paid_on) "
                "VALUES ('main', '1', 1, 'CNY', 1, 80.00, '2026-06-01')"
            )
            session.changed = True
        assert fees(workbench) is None
    text = workspace.settings_file.read_text(encoding="utf-8")
    rule = "\n[[costs.rule]]\nplatform_fee_rate = 0.05\n"
    workspace.settings_file.write_text(text + rule, encoding="utf-8")
    with open_workbench(tmp_path / "shop") as workbench:
        before = workbench.store.snapshot()
        workbench.import_files(dry_run=True)
        assert workbench.store.snapshot() == before
        workbench.import_files()
        assert fees(workbench) == Decimal("4.00")
        after = workbench.store.snapshot()
        assert after != before
        workbench.import_files()
        assert workbench.store.snapshot() == after
