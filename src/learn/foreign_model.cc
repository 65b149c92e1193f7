#include "learn/detail/foreign_model.h"

#include <fmt/format.h>

#include "model/forest_import.h"

namespace winnow::learn {
namespace {

ModelFormat format_of(std::string_view file) {
  if (looks_like_onnx(file)) return ModelFormat::Onnx;
  if (file.starts_with("WnForest")) return ModelFormat::Any;
  return file.starts_with("tree\n") || file.starts_with("tree\r\n") ? ModelFormat::Lightgbm
                                                                    : ModelFormat::Xgboost;
}

Result<Forest> read_forest_as(std::string_view file, ModelFormat format) {
  if (format == ModelFormat::Xgboost) return read_xgboost(file);
  if (format == ModelFormat::Lightgbm) return read_lightgbm(file);
  return read_forest(file);
}

}  // namespace

std::string_view name_of(ModelFormat format) {
  switch (format) {
    case ModelFormat::Any:
      return "winnow";
    case ModelFormat::Xgboost:
      return "xgboost";
    case ModelFormat::Lightgbm:
      return "lightgbm";
    case ModelFormat::Onnx:
      return "onnx";
  }
  return "winnow";
}

Result<ModelFormat> model_format_of(std::string_view name) {
  for (const auto format : {ModelFormat::Xgboost, ModelFormat::Lightgbm, ModelFormat::Onnx}) {
    if (name == name_of(format)) return format;
  }
  return Error(Code::InvalidArgument, fmt::format("'{}' is no format of models", name));
}

Result<ForeignModel> read_foreign_model(std::string_view file, ModelFormat format) {
  if (format == ModelFormat::Any) format = format_of(file);
  if (format == ModelFormat::Onnx) {
    WINNOW_TRY(auto read, read_onnx(file));
    return ForeignModel{format, std::move(read.columns), std::move(read.model)};
  }
  WINNOW_TRY(auto forest, read_forest_as(file, format));
  auto columns = forest.feature_names;
  for (auto i = static_cast<std::uint32_t>(columns.size()); i < forest.features; ++i)
    columns.push_back(fmt::format("f{}", i));
  return ForeignModel{format, std::move(columns), std::move(forest)};
}

}  // namespace winnow::learn
