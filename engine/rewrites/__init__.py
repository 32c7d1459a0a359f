"""Programs made from programs.

Exact rewrites keep every bit of what they keep. Numeric ones compute the same in another order, so that the last digits
differ: for experiments and replicas, never for a session, where looking at a step has to show the bits that training
computes. Asking ones change what is computed. `REWRITES` is the catalogue of all.
"""

from engine.rewrites.buffers import share_buffers, space_out, update_in_place
from engine.rewrites.catalogue import REWRITES, Rewrite
from engine.rewrites.exact import for_long_training, for_training, join_update, needed_nodes, only, prune
from engine.rewrites.given import beside_given, computed, take_as_given
from engine.rewrites.numeric import fold_bias, for_experiments, samples_last, sums_as_products
from engine.rewrites.replicas import REPLICA_AXIS, per_sample, replicate

__all__ = [
    "REPLICA_AXIS",
    "REWRITES",
    "Rewrite",
    "beside_given",
    "computed",
    "fold_bias",
    "for_experiments",
    "for_long_training",
    "for_training",
    "join_update",
    "needed_nodes",
    "only",
    "per_sample",
    "prune",
    "replicate",
    "samples_last",
    "share_buffers",
    "space_out",
    "sums_as_products",
    "take_as_given",
    "update_in_place",
]
