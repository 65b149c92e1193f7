// Field numbers are those of onnx.proto.
#include "model/detail/onnx_graph.h"

#include <cmath>
#include <cstring>

#include <fmt/format.h>

#include "model/detail/protobuf.h"

namespace winnow {
namespace {

constexpr std::int64_t kFirstOpset = 7;   // since when operators broadcast as they do now
constexpr std::int64_t kLastMlOpset = 5;  // of ai.onnx.ml

enum ElementType : std::int64_t {
  kFloat = 1,
  kInt32 = 6,
  kInt64 = 7,
  kText = 8,
  kBool = 9,
  kDouble = 11
};

Error wrong(std::string_view why) {
  return Error(Code::InvalidArgument, fmt::format("not a model of ONNX: {}", why));
}

template <typename Number>
Status append_raw(std::string_view raw, std::vector<double>& to) {
  if (raw.size() % sizeof(Number) != 0) return wrong("a tensor that does not come out even");
  for (std::size_t at = 0; at < raw.size(); at += sizeof(Number)) {
    Number value;
    std::memcpy(&value, raw.data() + at, sizeof value);
    to.push_back(static_cast<double>(value));
  }
  return {};
}

Status append_raw(std::int64_t type, std::string_view raw, std::vector<double>& to) {
  switch (type) {
    case kFloat:
      return append_raw<float>(raw, to);
    case kDouble:
      return append_raw<double>(raw, to);
    case kInt32:
      return append_raw<std::int32_t>(raw, to);
    case kInt64:
      return append_raw<std::int64_t>(raw, to);
    case 2:  // UINT8, as tree ensembles of version 5 write their modes
    case kBool:
      return append_raw<std::uint8_t>(raw, to);
    default:
      return Error(Code::Unsupported, fmt::format("a tensor of ONNX's element type {}", type));
  }
}

// TensorProto.
struct NamedTensor {
  std::string_view name;
  OnnxTensor tensor;
};

Result<NamedTensor> read_tensor(std::string_view message) {
  NamedTensor read;
  std::int64_t type = 0;
  std::string_view raw;
  std::vector<float> singles;
  std::vector<std::int64_t> integers;
  ProtobufFields fields(message);
  while (fields.next()) {
    switch (fields.number()) {
      case 1:
        fields.append_integers(read.tensor.dims);
        break;
      case 2:
        type = fields.integer();
        break;
      case 4:
        fields.append_singles(singles);
        break;
      case 5:  // int32_data, which also holds the smaller integers
      case 7:  // int64_data
        fields.append_integers(integers);
        break;
      case 8:
        read.name = fields.bytes();
        break;
      case 9:
        raw = fields.bytes();
        break;
      case 10:
        fields.append_doubles(read.tensor.values);
        break;
      case 14:
        if (fields.integer() != 0) return Error(Code::Unsupported, "a tensor in another file");
        break;
      default:
        break;
    }
  }
  WINNOW_TRY(fields.finish());
  auto& values = read.tensor.values;
  if (type != kText) {
    WINNOW_TRY(append_raw(type, raw, values));
  }
  values.insert(values.end(), singles.begin(), singles.end());
  values.insert(values.end(), integers.begin(), integers.end());
  return read;
}

Result<OnnxAttribute> read_attribute(std::string_view message, std::string_view& name) {
  OnnxAttribute read;
  ProtobufFields fields(message);
  while (fields.next()) {
    switch (fields.number()) {
      case 1:
        name = fields.bytes();
        break;
      case 2:
        read.number = fields.single();
        break;
      case 3:
        read.integer = fields.integer();
        break;
      case 4:
        read.text = fields.bytes();
        break;
      case 5: {
        WINNOW_TRY(auto tensor, read_tensor(fields.bytes()));
        read.tensor = std::move(tensor.tensor);
        break;
      }
      case 7:
        fields.append_singles(read.numbers);
        break;
      case 8:
        fields.append_integers(read.integers);
        break;
      case 9:
        read.texts.push_back(fields.bytes());
        break;
      default:
        break;
    }
  }
  WINNOW_TRY(fields.finish());
  return read;
}

Result<OnnxNode> read_node(std::string_view message) {
  OnnxNode node;
  ProtobufFields fields(message);
  while (fields.next()) {
    switch (fields.number()) {
      case 1:
        node.inputs.push_back(fields.bytes());
        break;
      case 2:
        node.outputs.push_back(fields.bytes());
        break;
      case 4:
        node.op = fields.bytes();
        break;
      case 5: {
        std::string_view name;
        WINNOW_TRY(auto attribute, read_attribute(fields.bytes(), name));
        node.attributes[name] = std::move(attribute);
        break;
      }
      case 7:
        node.domain = fields.bytes() == "ai.onnx" ? std::string_view() : fields.bytes();
        break;
      default:
        break;
    }
  }
  WINNOW_TRY(fields.finish());
  return node;
}

// The one field `number` of a message; empty where it is not there.
Result<std::string_view> part(std::string_view message, std::uint32_t number) {
  std::string_view found;
  ProtobufFields fields(message);
  while (fields.next()) {
    if (fields.number() == number) found = fields.bytes();
  }
  WINNOW_TRY(fields.finish());
  return found;
}

// The last dimension of a TensorShapeProto: rows come first.
Result<std::int64_t> last_dimension(std::string_view shape) {
  std::int64_t last = 0;
  ProtobufFields dims(shape);
  while (dims.next()) {
    if (dims.number() != 1) continue;
    last = 0;
    ProtobufFields dim(dims.bytes());
    while (dim.next()) {
      if (dim.number() == 1) last = dim.integer();
    }
    WINNOW_TRY(dim.finish());
  }
  WINNOW_TRY(dims.finish());
  return last;
}

// ValueInfoProto: name, and type.tensor_type with elem_type and shape.
Result<OnnxInput> read_input(std::string_view message, const ForestLimits& limits) {
  OnnxInput input;
  WINNOW_TRY(input.name, part(message, 1));
  WINNOW_TRY(const auto type, part(message, 2));
  WINNOW_TRY(const auto tensor, part(type, 1));
  WINNOW_TRY(const auto shape, part(tensor, 2));
  WINNOW_TRY(const auto columns, last_dimension(shape));
  if (columns < 1) {
    return wrong(fmt::format("the input '{}' does not say how many columns it has",
                             input.name.substr(0, 80)));
  }
  if (columns > limits.max_features) {
    return Error(Code::Exhausted, fmt::format("an input of {} columns, allowed are {}", columns,
                                              limits.max_features));
  }
  input.columns = static_cast<std::uint32_t>(columns);
  ProtobufFields fields(tensor);
  while (fields.next()) {
    if (fields.number() == 1) input.numeric = fields.integer() != kText;
  }
  WINNOW_TRY(fields.finish());
  return input;
}

Status read_graph(std::string_view message, const ForestLimits& limits, OnnxGraph& graph) {
  std::vector<std::string_view> inputs;  // old files repeat constants among them
  ProtobufFields fields(message);
  while (fields.next()) {
    if (fields.number() == 1) {
      WINNOW_TRY(auto node, read_node(fields.bytes()));
      graph.nodes.push_back(std::move(node));
    } else if (fields.number() == 5) {
      WINNOW_TRY(auto read, read_tensor(fields.bytes()));
      graph.constants[read.name] = std::move(read.tensor);
    } else if (fields.number() == 11) {
      inputs.push_back(fields.bytes());
    } else if (fields.number() == 12) {
      WINNOW_TRY(const auto name, part(fields.bytes(), 1));
      graph.outputs.push_back(name);
    }
  }
  WINNOW_TRY(fields.finish());
  for (const auto message_of_input : inputs) {
    WINNOW_TRY(const auto name, part(message_of_input, 1));
    if (graph.constants.contains(name)) continue;
    WINNOW_TRY(const auto input, read_input(message_of_input, limits));
    graph.inputs.push_back(input);
  }
  return {};
}

// OperatorSetIdProto.
Status check_opset(std::string_view message) {
  WINNOW_TRY(const auto domain, part(message, 1));
  std::int64_t version = 0;
  ProtobufFields fields(message);
  while (fields.next()) {
    if (fields.number() == 2) version = fields.integer();
  }
  WINNOW_TRY(fields.finish());
  const bool known = domain == "ai.onnx.ml" ? version >= 1 && version <= kLastMlOpset
                     : domain.empty() || domain == "ai.onnx" ? version >= kFirstOpset
                                                             : true;  // its operators are refused
  if (known) return {};
  return Error(Code::Unsupported,
               fmt::format("operator set {} of '{}'; known are ai.onnx from {} on and ai.onnx.ml "
                           "up to {}",
                           version, domain.substr(0, 40), kFirstOpset, kLastMlOpset));
}

}  // namespace

const OnnxAttribute& OnnxNode::operator[](std::string_view name) const {
  static const OnnxAttribute kNone;
  const auto found = attributes.find(name);
  return found == attributes.end() ? kNone : found->second;
}

Result<OnnxGraph> read_onnx_graph(std::string_view bytes, const ForestLimits& limits) {
  if (bytes.size() > limits.max_bytes) {
    return Error(Code::Exhausted,
                 fmt::format("a model of {} bytes, allowed are {}", bytes.size(), limits.max_bytes))
        .with_hint("raise the limit for models that you trust");
  }
  std::string_view message;
  bool has_opset = false;
  ProtobufFields fields(bytes);
  while (fields.next()) {
    if (fields.number() == 7) message = fields.bytes();
    if (fields.number() != 8) continue;
    has_opset = true;
    WINNOW_TRY(check_opset(fields.bytes()));
  }
  WINNOW_TRY(fields.finish());
  if (message.empty() || !has_opset) return wrong("no graph or no operator set in it");
  OnnxGraph graph;
  WINNOW_TRY(read_graph(message, limits, graph));
  return graph;
}

}  // namespace winnow
