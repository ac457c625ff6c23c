"""A causal model of one Tmall shop that knows its own truth.

`simulate` runs the shop day by day and returns a `Simulation`: the fixed world, arrays of its days, its orders in
chunks, and `truth()`, which reruns the shop without each incident on the same random numbers. `world` holds the
contract of every array. Nothing here writes files, and nothing in the product reads from here.
"""

from duoshou.demo.simulation.engine import Simulation, simulate
from duoshou.demo.simulation.errors import ScenarioError
from duoshou.demo.simulation.incidents import Scenario, load_scenario
from duoshou.demo.simulation.parameters import MODEL_VERSION
from duoshou.demo.simulation.world import (
    Ads,
    Content,
    Daily,
    Incident,
    Orders,
    Service,
    World,
)

__all__ = [
    "MODEL_VERSION",
    "Ads",
    "Content",
    "Daily",
    "Incident",
    "Orders",
    "Scenario",
    "ScenarioError",
    "Service",
    "Simulation",
    "World",
    "load_scenario",
    "simulate",
]
