// An ONNX file (onnx.ai, IR version 3 on) as a graph of nodes: what it says, not yet what it means.
// Views point into the file.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/forest.h"

namespace winnow {

struct OnnxTensor {
  std::vector<std::int64_t> dims;
  std::vector<double> values;  // integers too: exact up to 2^53
};

struct OnnxAttribute {
  std::string_view text;
  float number = 0;
  std::int64_t integer = 0;
  std::vector<float> numbers;
  std::vector<std::int64_t> integers;
  std::vector<std::string_view> texts;
  OnnxTensor tensor;
};

struct OnnxNode {
  std::string_view op;
  std::string_view domain;  // "" is that of ONNX itself
  std::vector<std::string_view> inputs;
  std::vector<std::string_view> outputs;
  std::map<std::string_view, OnnxAttribute> attributes;

  // An attribute that is not there is zero or empty.
  const OnnxAttribute& operator[](std::string_view name) const;
  bool has(std::string_view name) const { return attributes.contains(name); }
};

struct OnnxInput {
  std::string_view name;
  std::uint32_t columns = 0;
  bool numeric = true;
};

struct OnnxGraph {
  std::vector<OnnxInput> inputs;
  std::vector<OnnxNode> nodes;  // each after those that it reads
  std::map<std::string_view, OnnxTensor> constants;
  std::vector<std::string_view> outputs;
};

// Errors: InvalidArgument (not such a file), Unsupported (an operator set or a tensor that Winnow
// does not know), Exhausted (a limit). Memory: about 16 bytes for each byte of the file.
Result<OnnxGraph> read_onnx_graph(std::string_view bytes, const ForestLimits& limits);

}  // namespace winnow
