"""The settings as typed values. What each one means, for people, is in `descriptions.toml`."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from msgspec import Meta, Struct, field

from duoshou.model import Language, Role
from duoshou.settings.errors import SettingsError

ShopKey = Annotated[str, Meta(pattern=r"^[^\s\-/\\][^\s/\\]*$", max_length=60)]
ChannelKey = Annotated[str, Meta(pattern=r"^\w[\w-]*$", max_length=60)]
Name = Annotated[str, Meta(min_length=1, max_length=100)]
TimeOfDay = Annotated[str, Meta(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
VariableName = Annotated[str, Meta(pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$", max_length=200)]


class Shop(Struct, frozen=True, kw_only=True):
    """One shop of the workspace.

    Attributes:
        key: Short name that commands, tables and file names use.
        name: Name shown to people.
        aliases: Other names under which exports call the shop.
    """

    key: ShopKey
    name: str = ""
    aliases: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """Name shown to people, or the key where none is set."""
        return self.name or self.key


class EngineSettings(Struct, frozen=True, kw_only=True):
    """What computes.

    Attributes:
        kind: `duckdb` on this machine, `spark` on a cluster (reading only).
        memory_limit: Most memory that DuckDB takes.
        threads: Number of threads of DuckDB; None: as many as the machine has.
        parquet: Folder or address with one Parquet data set per canonical table, for Spark.
        spark_options: Options of the Spark session.
    """

    kind: Literal["duckdb", "spark"] = "duckdb"
    memory_limit: Annotated[str, Meta(pattern=r"^[1-9][0-9]*(\.[0-9]+)? ?([KMGT]i?)B$")] = "1536MB"
    threads: Annotated[int, Meta(ge=1, le=1024)] | None = None
    parquet: Name | None = None
    spark_options: dict[str, str] = field(default_factory=dict)


class PrivacySettings(Struct, frozen=True, kw_only=True):
    """What becomes of personal data.

    Attributes:
        originals: Whether an imported original is kept in `imported/` or deleted.
    """

    originals: Literal["keep", "delete"] = "keep"


class ImportSettings(Struct, frozen=True, kw_only=True):
    """How files are imported.

    Attributes:
        lock_wait_seconds: How long an import waits for another one.
        kept_snapshots: How many former warehouses stay, at least the current one.
    """

    lock_wait_seconds: Annotated[int, Meta(ge=0, le=86400)] = 60
    kept_snapshots: Annotated[int, Meta(ge=1, le=100)] = 3


class StateSettings(Struct, frozen=True, kw_only=True):
    """Where users, findings shown and decisions are kept.

    Attributes:
        url: Address of a PostgreSQL database; empty: `state.sqlite` in the workspace. It may hold a password, so no
            message and no representation shows it.
    """

    url: str = ""

    def __repr__(self) -> str:
        return f"StateSettings(url={'…' if self.url else ''!r})"


class ReportSettings(Struct, frozen=True, kw_only=True):
    """How workbooks look.

    Attributes:
        title: Name on the sheets; None: the shop's name.
        language: Language of the sheets; None: the workspace's.
    """

    title: Name | None = None
    language: Literal["zh", "en"] | None = None


class CostRule(Struct, frozen=True, kw_only=True):
    """What an order costs beside its goods, from a day on; None: this rule does not say.

    Attributes:
        valid_from: First day of payment to which it applies; None: always.
        shop: Only orders of this shop (key, name or alias); None: of every shop.
        platform: Only orders of this platform; None: of every platform.
        currency: Only orders in this currency, in which the amounts are, too; None: the workspace's.
        platform_fee_rate: Share of what the buyer paid and kept that the platform takes.
        freight_per_order: What the shop pays a carrier for one order.
        packaging_per_order: Packaging of one order.
    """

    valid_from: date | None = None
    shop: Name | None = None
    platform: Name | None = None
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] | None = None
    platform_fee_rate: Annotated[float, Meta(ge=0, lt=1)] | None = None
    freight_per_order: Annotated[float, Meta(ge=0, lt=1e9)] | None = None
    packaging_per_order: Annotated[float, Meta(ge=0, lt=1e9)] | None = None


class UnitCost(Struct, frozen=True, kw_only=True):
    """What one unit of a product costs, from a day on.

    Attributes:
        sku: Seller's code, or the product's id where all its variants cost the same.
        cost: Goods and inbound freight of one unit.
        valid_from: First day of payment to which it applies; None: always.
        shop: Only orders of this shop (key, name or alias); None: of every shop.
        currency: Currency of the cost; None: the workspace's.
    """

    sku: Name
    cost: Annotated[float, Meta(ge=0, lt=1e9)]
    valid_from: date | None = None
    shop: Name | None = None
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] | None = None


class CostSettings(Struct, frozen=True, kw_only=True):
    """What selling costs, as far as no imported file tells.

    Attributes:
        rules: Fees, freight and packaging of an order.
        units: Costs of goods.
    """

    rules: tuple[CostRule, ...] = field(name="rule", default=())
    units: tuple[UnitCost, ...] = field(name="unit", default=())


class CalendarSettings(Struct, frozen=True, kw_only=True):
    """Whose workdays, holidays and festivals count.

    Attributes:
        countries: Countries in which the shop sells, the most important first; empty: by currency and time zone.
    """

    countries: tuple[Annotated[str, Meta(pattern="^[A-Z]{2}$")], ...] = ()


class DiagnosisSettings(Struct, frozen=True, kw_only=True):
    """How the money at stake in a finding is stated.

    Attributes:
        assumed_margin_rate: Contribution ÷ sales of orders whose costs are not known.
        horizon_days: Days over which the money at stake is stated.
    """

    assumed_margin_rate: Annotated[float, Meta(gt=0, lt=1)] = 0.3
    horizon_days: Annotated[int, Meta(ge=1, le=366)] = 28


class ReplenishmentSettings(Struct, frozen=True, kw_only=True):
    """How goods are ordered where no sheet of supply says otherwise.

    Attributes:
        lead_days: Days from an order until its goods can be sold.
        review_days: Days between two orders.
        service: Probability of not running out before the goods of an order come.
    """

    lead_days: Annotated[int, Meta(ge=1, le=90)] = 14
    review_days: Annotated[int, Meta(ge=1, le=30)] = 7
    service: Annotated[float, Meta(ge=0.5, le=0.999)] = 0.95


class ServerSettings(Struct, frozen=True, kw_only=True):
    """How the cockpit runs by itself.

    Attributes:
        url: Address under which people reach it, for links in messages; empty: messages hold no link.
        daily_at: Time of day, in the workspace's time zone, of the daily job.
    """

    url: Annotated[str, Meta(pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$", max_length=300)] = ""
    daily_at: TimeOfDay = "08:30"


class WebSettings(Struct, frozen=True, kw_only=True):
    """How the pages look.

    Attributes:
        rising: Colour of what rises; what falls has the other one.
    """

    rising: Literal["red", "green"] = "red"


class PushTarget(Struct, frozen=True, kw_only=True):
    """A robot or receiver to which messages go. Neither address nor secret is in any representation.

    Attributes:
        kind: What it is.
        name: Name by which people call it.
        url: Its address.
        url_env: Environment variable that holds the address; wins over `url`.
        secret: With what requests are signed; empty: they are not.
        secret_env: Environment variable that holds the secret; wins over `secret`.
        shops: Only messages about these shops; empty: every shop.
        roles: Of notices of changes only those for these roles; empty: every role.
        what: The kinds of messages.
        at: Time of day of the digest; None: as soon as the day is done.
        language: Language of its messages; None: the workspace's.
    """

    kind: Literal["dingtalk", "wecom", "feishu", "webhook"]
    name: Name
    url: Annotated[str, Meta(max_length=2000)] = ""
    url_env: VariableName = ""
    secret: Annotated[str, Meta(max_length=500)] = ""
    secret_env: VariableName = ""
    shops: tuple[Name, ...] = ()
    roles: tuple[Role, ...] = ()
    what: Annotated[tuple[Literal["digest", "urgent", "notices"], ...], Meta(min_length=1)] = ("digest", "urgent")
    at: TimeOfDay | None = None
    language: Literal["zh", "en"] | None = None

    def __repr__(self) -> str:
        return f"PushTarget(kind={self.kind!r}, name={self.name!r}, what={self.what!r})"


class Channel(Struct, frozen=True, kw_only=True):
    """A group of traffic sources, as the operator means it.

    Attributes:
        key: Key of a shipped channel, of one of the shop's own, or `unassigned` for sources that belong to none.
        name: Name shown to people; empty: that of the shipped channel, or the key.
        sources: Names or paths of traffic sources and of advertising scenes; `*` stands for any text.
        paid: Whether its visits are paid for; None: as the shipped channel says.
    """

    key: ChannelKey
    name: Annotated[str, Meta(max_length=60)] = ""
    sources: tuple[Name, ...] = ()
    paid: bool | None = None

    @property
    def title(self) -> str:
        """Name shown to people, or the key where none is set."""
        return self.name or self.key


class Settings(Struct, frozen=True, kw_only=True):
    """Everything that `duoshou.toml` says.

    Attributes:
        name: Name of the workspace.
        language: First language of screens, sheets and messages.
        timezone: IANA name of the time zone whose days are counted.
        currency: ISO 4217 code of the shop's money.
        push_hosts: Hosts, beside those of the platforms, to which messages may go.
        shops: At least one shop; the first is the default.
    """

    name: Name = "我的店铺"
    language: Literal["zh", "en"] = "zh"
    timezone: Name = "Asia/Shanghai"
    currency: Annotated[str, Meta(pattern="^[A-Z]{3}$")] = "CNY"
    push_hosts: tuple[Annotated[str, Meta(pattern=r"^(\[[0-9a-fA-F:.]+\]|[^\s/:@?#\[\]]+)(:[0-9]{1,5})?$")], ...] = ()
    shops: tuple[Shop, ...] = field(name="shop", default=(Shop(key="main"),))
    engine: EngineSettings = EngineSettings()
    privacy: PrivacySettings = PrivacySettings()
    import_: ImportSettings = field(name="import", default=ImportSettings())
    state: StateSettings = StateSettings()
    reports: ReportSettings = ReportSettings()
    calendar: CalendarSettings = CalendarSettings()
    costs: CostSettings = CostSettings()
    diagnosis: DiagnosisSettings = DiagnosisSettings()
    replenishment: ReplenishmentSettings = ReplenishmentSettings()
    server: ServerSettings = ServerSettings()
    web: WebSettings = WebSettings()
    push: tuple[PushTarget, ...] = ()
    channels: tuple[Channel, ...] = field(name="channel", default=())

    @property
    def default_shop(self) -> Shop:
        """The shop that a command means when it names none: the first."""
        return self.shops[0]

    @property
    def report_language(self) -> Language:
        """Language of the sheets."""
        return self.reports.language or self.language

    def shop(self, name: str | None) -> Shop:
        """Return the shop whose key, name or alias is `name`; the default shop for None.

        Raises:
            SettingsError: If no shop is called so.
        """
        if name is None:
            return self.default_shop
        wanted = name.strip().casefold()
        for shop in self.shops:
            if wanted in {spelling.strip().casefold() for spelling in (shop.key, shop.name, *shop.aliases) if spelling}:
                return shop
        raise SettingsError.unknown_shop(name, [shop.key for shop in self.shops])
