"""Words for what is told of the audience."""

from __future__ import annotations

from duoshou.analysts.customers.traffic import Fit
from duoshou.model import Text

FITS = {
    Fit.MISFIT: Text("人来得多、买得少，不合店", "more come, fewer buy: does not fit"),
    Fit.NO_SIGN: Text("看不出不合", "no sign of a misfit"),
    Fit.CANNOT_TELL: Text("不能判断（周数或买家太少）", "cannot tell (too few weeks or buyers)"),
}
