// A run with every field filled, for tests and fixtures.
#pragma once

#include "registry/run.h"

namespace winnow::testing {

inline Run sample_run() {
  Run run;
  run.kind = "train";
  run.domain = "mail";
  run.actor = "ada";
  run.code = {std::string(40, 'c'), TreeState::Dirty, sha256("content")};
  run.build_id = "0123abcd";
  run.data_set = sha256("data");
  run.label_set = sha256("labels");
  run.feature_set = sha256("features");
  run.intel_snapshot = sha256("intel");
  run.inputs = {{ArtifactKind::DataSet, "mail", sha256("data")},
                {ArtifactKind::LabelSet, "mail", sha256("labels")},
                {ArtifactKind::FeatureSet, "mail", sha256("features")},
                {ArtifactKind::IntelSnapshot, "feeds", sha256("intel")}};
  run.parameters = Json::object({{"depth", 6}, {"rate", 0.1}});
  run.seed = 0xFFFF'FFFF'FFFF'FFF1U;
  run.environment = Json::object({{"os", "Debian 12"}});
  run.metrics = Json::object({{"ap", 0.98}});
  run.outputs = {{ArtifactKind::Model, "mail", sha256("model")}};
  run.started = Timestamp::from_seconds(1'700'000'000);
  run.ended = Timestamp::from_micros(1'700'000'060'500'000);
  run.id = id_of(run).value();
  return run;
}

}  // namespace winnow::testing
