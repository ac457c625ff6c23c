from tests import business
from tests.reports.conftest import *
from pathlib import Path
import pytest
@pytest.mark.parametrize("language",["zh","en"])
def test_r(platform_shop, language):
    fs=platform_shop.findings()
    platform_shop.write(Path(f"/tmp/fr/{language}.xlsx"), language, findings=[*fs,*business.one_of_each()])
    platform_shop.write(Path(f"/tmp/fr/quiet-{language}.xlsx"), language, findings=fs)
def test_hostile(platform_shop):
    platform_shop.write(Path("/tmp/fr/hostile.xlsx"), "zh", findings=business.hostile())
