// A model file of another library, told apart and read.
#pragma once

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "learn/model_import.h"
#include "model/forest.h"
#include "model/isolation_forest.h"
#include "model/onnx_import.h"

namespace winnow::learn {

struct ForeignModel {
  ModelFormat format = ModelFormat::Any;  // Any: a forest in Winnow's own form
  std::vector<std::string> columns;       // their names; f0, f1, ... where the file has none
  std::variant<Forest, LinkedLinear, IsolationTrees> model;
};

// Errors: those of the readers (model/forest_import.h, model/onnx_import.h).
Result<ForeignModel> read_foreign_model(std::string_view file, ModelFormat format);

}  // namespace winnow::learn
