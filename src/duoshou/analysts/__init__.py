"""The analysts: one package per ability, each a function from shop and period to findings. They write nothing."""
