// A libxgboost, loaded by name, so that several versions can be measured in one process.
#pragma once

#include <string>
#include <vector>

#include <xgboost/c_api.h>

namespace winnow::bench {

// Any error of the library ends the benchmark.
class XgboostLibrary {
 public:
  XgboostLibrary(const char* file, std::string label);

  const std::string& label() const { return label_; }
  std::string version() const;  // with the build type it reports

  // Trains a binary classifier on rows of `columns` floats; returns its JSON.
  std::string train(const std::vector<float>& rows, std::size_t columns,
                    const std::vector<float>& labels, int trees, int depth) const;

  class Model {
   public:
    Model(const XgboostLibrary& library, const std::string& json);
    // Margins of `count` rows, valid until the next call.
    const float* margins(const float* rows, std::size_t count, std::size_t columns) const;
    // Contributions, `columns` + 1 for each row.
    std::vector<float> contributions(const float* rows, std::size_t count,
                                     std::size_t columns) const;

   private:
    const XgboostLibrary& library_;
    BoosterHandle booster_ = nullptr;
  };

 private:
  void check(int code) const;
  template <typename Function>
  Function find(const char* name) const;

  std::string label_;
  void* handle_;
  decltype(&XGBGetLastError) last_error_;
  decltype(&XGBoostVersion) version_;
  decltype(&XGBuildInfo) build_info_;
  decltype(&XGDMatrixCreateFromMat) matrix_create_;
  decltype(&XGDMatrixSetFloatInfo) matrix_set_;
  decltype(&XGDMatrixFree) matrix_free_;
  decltype(&XGBoosterCreate) create_;
  decltype(&XGBoosterSetParam) set_;
  decltype(&XGBoosterUpdateOneIter) update_;
  decltype(&XGBoosterSaveModelToBuffer) save_;
  decltype(&XGBoosterLoadModelFromBuffer) load_;
  decltype(&XGBoosterPredict) predict_;
  decltype(&XGBoosterPredictFromDense) predict_dense_;
};

}  // namespace winnow::bench
