"""What a day's diagnosis could not judge is said with its reason, and nothing else is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import numpy as np
import pytest
from tests.analysts.diagnosis.planted import DAYS, FIRST, PLANTED, products, scanner

from duoshou.analysts.diagnosis.reading import FeatureSeries, Shop, SubjectSeries
from duoshou.analysts.diagnosis.unjudged import Note, Watch, last_known, merged, no_history, notes_of, short_history
from duoshou.analysts.diagnosis.watched import watched_subjects
from duoshou.metrics import DailyPanel, load_catalogue
from duoshou.model import Period, Text, Untold

LAST = FIRST + timedelta(days=DAYS - 1)
PERIOD = Period(FIRST, LAST)
NEVER = np.zeros(DAYS, dtype=np.bool_)
SUBJECTS_BY_TYPE = {one.type: one for one in watched_subjects()}


class Files(Shop):
    """A shop that knows only which figures may still change."""

    young: Collection[date] = ()

    def panel(self, metric: str, by: tuple[str, ...] = ()) -> DailyPanel | None:
        """Return a panel of carts by product whose last days are young."""
        if metric != "cart_buyers":
            return None
        return DailyPanel(PERIOD, by, (), {}, {}, {metric: frozenset(self.young)})


def shop(young: Collection[date] = ()) -> Shop:
    """Return the shop."""
    made = Files(cast("Any", None), load_catalogue(), PERIOD, LAST, None)
    type(made).young = young
    return made


def judged(
    series: SubjectSeries, *, faulty: Collection[date] = (), sales: Any = NEVER, young: Collection[date] = ()
) -> list[Note]:
    """Return what is not judged of the products of the last day."""
    watch = Watch(series.subject, series, scanner(series).at(DAYS - 1))
    return notes_of(shop(young), [watch], LAST, faulty=faulty, sales=sales)


def without(series: SubjectSeries, *, days: int, key: str | None = None) -> SubjectSeries:
    """Return the series without the last days of one feature, or of all."""
    features = []
    for one in series.features:
        values = one.values.copy()
        if key in {None, one.feature.key}:
            values[:, DAYS - days :] = np.nan
        features.append(FeatureSeries(one.feature, values, one.exposure))
    return replace(series, features=tuple(features))


def of(notes: list[Note], reason: Untold) -> list[Note]:
    """Return the notes of one reason."""
    return [one for one in notes if one.reason is reason]


def test_what_is_whole_and_on_time_leaves_nothing_out_but_what_no_file_tells() -> None:
    """Data up to the day: only the features without a file are named, and not those that stand in for others."""
    (note,) = judged(products())
    assert (note.reason, note.whole, note.kind) == (Untold.NO_DATA, False, "diagnosis.product")
    assert "付费推广访客" in note.title.zh
    assert "搜索访客" not in note.title.zh
    assert "支付订单数" not in note.title.zh


def test_a_subject_without_any_file_is_named_as_a_whole() -> None:
    """Subjects without series are one sentence, whose kinds count as not judged."""
    watches = [Watch(SUBJECTS_BY_TYPE[name], None, None) for name in ("campaign", "keyword")]
    (told,) = merged(notes_of(shop(), watches, LAST, faulty=(), sales=NEVER))
    assert (told.kinds, told.whole) == (("diagnosis.campaign", "diagnosis.keyword"), True)
    assert told.text.zh.startswith("推广计划、关键词：没有数据")
    assert told.text.en.startswith("campaign, keyword: no data")


def test_data_that_end_early_are_late_with_their_last_day() -> None:
    """All features: the whole kind; one of them: that part only; both name the last known day."""
    (whole,) = of(judged(without(products(), days=3)), Untold.LATE)
    assert whole.whole
    assert (LAST - timedelta(days=3)).isoformat() in whole.why.zh
    (part,) = of(judged(without(products(), days=1, key="cart_rate")), Untold.LATE)
    assert not part.whole
    assert "加购率" in part.title.zh


def test_days_on_which_a_shop_is_always_closed_are_not_late() -> None:
    """A silence as long as the series has known before is no delay; a longer one is."""
    values = np.ones((1, 70))
    values[0, 5::7] = np.nan
    assert last_known(values, 68) is None
    assert last_known(values[:, :68], 67) is None
    values[0, 60:] = np.nan
    assert last_known(values, 69) == 59
    assert last_known(np.full((1, 10), np.nan), 9) == -1


def test_a_day_with_a_fault_was_left_out_and_faults_before_it_are_named() -> None:
    """The day itself: nothing of it was judged. Days before: they only took no part."""
    (note,) = of(judged(products(), faulty=[LAST]), Untold.FAULT)
    assert (note.kind, note.whole) == ("diagnosis", True)
    before = [LAST - timedelta(days=one) for one in (2, 3, 9, 10, 11, 40)]
    (note,) = of(judged(products(), faulty=before), Untold.FAULT)
    assert not note.whole
    assert before[0].isoformat() in note.why.zh
    assert "等 5 天" in note.why.zh


def test_launches_and_small_products_are_counted() -> None:
    """A product known for some weeks has no usual level; one that hardly sells cannot be told from chance."""
    series = products()
    for one in series.features:
        base = one.values if one.exposure is None else one.exposure
        base[PLANTED, : DAYS - 60] = np.nan
        one.values[PLANTED, : DAYS - 60] = np.nan
        for rows in (one.values, base):
            rows[PLANTED + 1] = 0 if one.feature.kind != "level" else np.nan
        base[PLANTED + 1, -5::-60] = 1
    notes = judged(series)
    (young,) = of(notes, Untold.SHORT_HISTORY)
    (small,) = of(notes, Untold.TOO_FEW)
    assert (young.title.zh, young.whole) == ("1 个商品", False)
    assert (small.title.zh, small.whole) == ("1 个商品", False)


def test_a_great_sale_is_said_only_where_it_silences() -> None:
    """Thirty products are judged beside one another in a sale; a shop that stands alone is not."""
    sale = NEVER.copy()
    sale[-3:] = True
    assert of(judged(products(), sales=sale), Untold.FESTIVAL) == []
    series = products()
    watch = Watch(series.subject, series, scanner(series).at(DAYS - 1))
    assert watch.scan is not None
    silent = replace(watch, scan=replace(watch.scan, left_out=np.ones_like(watch.scan.left_out)))
    (note,) = of(notes_of(shop(), [silent], LAST, faulty=(), sales=sale), Untold.FESTIVAL)
    assert note.whole
    assert of(notes_of(shop(), [silent], LAST, faulty=(), sales=NEVER), Untold.FESTIVAL) == []


def test_figures_that_may_still_change_are_provisional(monkeypatch: pytest.MonkeyPatch) -> None:
    """A feature whose metric has not settled on the day is named with the days that it takes."""
    metric = load_catalogue().metrics["cart_buyers"]
    made = shop([LAST])
    monkeypatch.setitem(cast("Any", made.catalogue.metrics), "cart_buyers", replace_maturity(metric, 3))
    series = products()
    watch = Watch(series.subject, series, scanner(series).at(DAYS - 1))
    (note,) = of(notes_of(made, [watch], LAST, faulty=(), sales=NEVER), Untold.PROVISIONAL)
    assert "加购率" in note.title.zh
    assert "3 天" in note.why.zh
    assert not note.whole
    assert of(notes_of(made, [watch], LAST - timedelta(days=1), faulty=(), sales=NEVER), Untold.PROVISIONAL) == []


def replace_maturity(metric: Any, days: int) -> Any:
    """Return a metric that takes some days to settle."""
    from msgspec.structs import replace as changed

    return changed(metric, maturity_days=days)


def test_what_somebody_can_mend_comes_first() -> None:
    """Faults, then late files, and last what no file tells; equal reasons are one sentence."""
    why = Text("因为", "because")
    notes = [
        Note("diagnosis.region", Text("省份", "province"), Untold.NO_DATA, True, why),
        Note("diagnosis.shop", Text("全店", "the shop"), Untold.LATE, False, why),
        Note("diagnosis.agent", Text("客服", "agent"), Untold.NO_DATA, True, why),
        Note("diagnosis", Text("经营", "the business"), Untold.FAULT, True, why),
    ]
    told = merged(notes)
    assert [one.reason for one in told] == [Untold.FAULT, Untold.LATE, Untold.NO_DATA]
    assert told[-1].text == Text("省份、客服：因为", "province, agent: because")
    assert told[0].to_dict() == {
        "kinds": ["diagnosis"],
        "reason": "fault",
        "whole": True,
        "text": {"zh": "经营：因为", "en": "the business: because"},
    }


def test_a_short_history_judges_nothing() -> None:
    """Too few days, or none: the whole diagnosis is not judged."""
    assert (short_history(12, 57).kinds, short_history(12, 57).whole) == (("diagnosis",), True)
    assert "12 天" in short_history(12, 57).text.zh
    assert no_history().reason is Untold.NO_DATA
