#include "bench/model/xgboost_library.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include <dlfcn.h>
#include <fmt/format.h>

namespace winnow::bench {
namespace {

[[noreturn]] void stop(const std::string& why) {
  fmt::print(stderr, "{}\n", why);
  std::exit(1);
}

}  // namespace

template <typename Function>
Function XgboostLibrary::find(const char* name) const {
  void* found = dlsym(handle_, name);
  if (found == nullptr) stop(fmt::format("{} has no {}", label_, name));
  return reinterpret_cast<Function>(found);
}

XgboostLibrary::XgboostLibrary(const char* file, std::string label)
    : label_(std::move(label)), handle_(dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_DEEPBIND)) {
  if (handle_ == nullptr) stop(dlerror());
  last_error_ = find<decltype(last_error_)>("XGBGetLastError");
  version_ = find<decltype(version_)>("XGBoostVersion");
  build_info_ = find<decltype(build_info_)>("XGBuildInfo");
  matrix_create_ = find<decltype(matrix_create_)>("XGDMatrixCreateFromMat");
  matrix_set_ = find<decltype(matrix_set_)>("XGDMatrixSetFloatInfo");
  matrix_free_ = find<decltype(matrix_free_)>("XGDMatrixFree");
  create_ = find<decltype(create_)>("XGBoosterCreate");
  set_ = find<decltype(set_)>("XGBoosterSetParam");
  update_ = find<decltype(update_)>("XGBoosterUpdateOneIter");
  save_ = find<decltype(save_)>("XGBoosterSaveModelToBuffer");
  load_ = find<decltype(load_)>("XGBoosterLoadModelFromBuffer");
  predict_ = find<decltype(predict_)>("XGBoosterPredict");
  predict_dense_ = find<decltype(predict_dense_)>("XGBoosterPredictFromDense");
}

void XgboostLibrary::check(int code) const {
  if (code != 0) stop(fmt::format("{}: {}", label_, last_error_()));
}

std::string XgboostLibrary::version() const {
  int major = 0;
  int minor = 0;
  int patch = 0;
  version_(&major, &minor, &patch);
  const char* info = nullptr;
  check(build_info_(&info));
  const bool debug = std::string(info).find("\"DEBUG\":true") != std::string::npos;
  return fmt::format("XGBoost {}.{}.{} ({}, says DEBUG:{})", major, minor, patch, label_, debug);
}

std::string XgboostLibrary::train(const std::vector<float>& rows, std::size_t columns,
                                  const std::vector<float>& labels, int trees, int depth) const {
  DMatrixHandle matrix = nullptr;
  check(matrix_create_(rows.data(), labels.size(), columns, NAN, &matrix));
  check(matrix_set_(matrix, "label", labels.data(), labels.size()));
  BoosterHandle booster = nullptr;
  check(create_(&matrix, 1, &booster));
  const std::pair<const char*, std::string> parameters[] = {{"objective", "binary:logistic"},
                                                            {"tree_method", "hist"},
                                                            {"max_bin", "256"},
                                                            {"eta", "0.1"},
                                                            {"max_depth", std::to_string(depth)},
                                                            {"nthread", "1"},
                                                            {"seed", "1"}};
  for (const auto& [name, value] : parameters) check(set_(booster, name, value.c_str()));
  for (int round = 0; round < trees; ++round) check(update_(booster, round, matrix));
  bst_ulong size = 0;
  const char* bytes = nullptr;
  check(save_(booster, "{\"format\":\"json\"}", &size, &bytes));
  std::string json(bytes, size);
  check(matrix_free_(matrix));
  return json;
}

XgboostLibrary::Model::Model(const XgboostLibrary& library, const std::string& json)
    : library_(library) {
  library.check(library.create_(nullptr, 0, &booster_));
  library.check(library.load_(booster_, json.data(), json.size()));
  library.check(library.set_(booster_, "nthread", "1"));
}

const float* XgboostLibrary::Model::margins(const float* rows, std::size_t count,
                                            std::size_t columns) const {
  static constexpr const char* kConfig =
      "{\"type\":1,\"training\":false,\"iteration_begin\":0,\"iteration_end\":0,\"missing\":NaN,"
      "\"strict_shape\":false,\"cache_id\":0}";
  char array[256];
  std::snprintf(array, sizeof array,
                "{\"data\":[%zu,true],\"shape\":[%zu,%zu],\"typestr\":\"<f4\",\"version\":3}",
                reinterpret_cast<std::uintptr_t>(rows), count, columns);
  const bst_ulong* shape = nullptr;
  bst_ulong dimensions = 0;
  const float* result = nullptr;
  library_.check(
      library_.predict_dense_(booster_, array, kConfig, nullptr, &shape, &dimensions, &result));
  return result;
}

std::vector<float> XgboostLibrary::Model::contributions(const float* rows, std::size_t count,
                                                        std::size_t columns) const {
  constexpr int kContributions = 4;
  DMatrixHandle matrix = nullptr;
  library_.check(library_.matrix_create_(rows, count, columns, NAN, &matrix));
  bst_ulong size = 0;
  const float* result = nullptr;
  library_.check(library_.predict_(booster_, matrix, kContributions, 0, 0, &size, &result));
  std::vector<float> contributions(result, result + size);
  library_.check(library_.matrix_free_(matrix));
  return contributions;
}

}  // namespace winnow::bench
