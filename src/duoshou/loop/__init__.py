"""The closed loop: finding → task → change and its notices → done → measured effect → playbook → next advice."""
