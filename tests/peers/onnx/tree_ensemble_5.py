"""Rewrites a TreeEnsembleRegressor as the TreeEnsemble of ai.onnx.ml 5, which the converters do not write yet."""

import copy

import numpy
from onnx import helper

MODES = ["BRANCH_LEQ", "BRANCH_LT", "BRANCH_GTE", "BRANCH_GT", "BRANCH_EQ", "BRANCH_NEQ", "BRANCH_MEMBER"]


def as_version_5(model):
    """The one tree ensemble of `model`, without base values: the same trees, nodes and leaves numbered through."""
    model = copy.deepcopy(model)
    node = next(each for each in model.graph.node if each.op_type == "TreeEnsembleRegressor")
    old = {each.name: helper.get_attribute_value(each) for each in node.attribute}
    modes = [each.decode() for each in old["nodes_modes"]]
    places = list(zip(old["nodes_treeids"], old["nodes_nodeids"]))
    splits = [place for place, mode in zip(places, modes) if mode != "LEAF"]
    leaves = [place for place, mode in zip(places, modes) if mode == "LEAF"]
    split_at, leaf_at = ({place: i for i, place in enumerate(all_of)} for all_of in (splits, leaves))
    kept = [i for i, mode in enumerate(modes) if mode != "LEAF"]

    def children(ids):
        to = [(places[i][0], old[ids][i]) for i in kept]
        return [leaf_at.get(place, split_at.get(place)) for place in to], [int(place in leaf_at) for place in to]

    yes, yes_is_leaf = children("nodes_truenodeids")
    no, no_is_leaf = children("nodes_falsenodeids")
    weight_of = dict(zip(zip(old["target_treeids"], old["target_nodeids"]), old["target_weights"]))
    base = old.get("base_values", [0])[0]
    trees = len({tree for tree, _ in splits})
    weights = [weight_of[place] + base / trees for place in leaves]
    made = helper.make_node(
        "TreeEnsemble", list(node.input), list(node.output), domain="ai.onnx.ml", aggregate_function=1, post_transform=0,
        n_targets=1, nodes_featureids=[old["nodes_featureids"][i] for i in kept],
        nodes_modes=helper.make_tensor("modes", 2, [len(kept)], bytes(MODES.index(modes[i]) for i in kept), raw=True),
        nodes_splits=helper.make_tensor("splits", 1, [len(kept)], [old["nodes_values"][i] for i in kept]),
        nodes_truenodeids=yes, nodes_trueleafs=yes_is_leaf, nodes_falsenodeids=no, nodes_falseleafs=no_is_leaf,
        nodes_missing_value_tracks_true=[old["nodes_missing_value_tracks_true"][i] for i in kept],
        tree_roots=[split_at[place] for place in splits if place[1] == 0], leaf_targetids=[0] * len(leaves),
        leaf_weights=helper.make_tensor("weights", 1, [len(leaves)], numpy.float32(weights)))
    node.CopyFrom(made)
    for opset in model.opset_import:
        if opset.domain == "ai.onnx.ml":
            opset.version = 5
    return model
