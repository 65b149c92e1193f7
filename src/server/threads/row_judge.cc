#include "server/threads/row_judge.h"

#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "base/json.h"
#include "base/utf8.h"
#include "base/yaml.h"

namespace winnow::server {
namespace {

// Far more than any model takes: what is unknown is refused by its name.
constexpr std::size_t kMaxMembers = 4096;
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

Error unknown(const Pipeline& pipeline, std::string_view name) {
  std::vector<std::string> names = {std::string(pipeline.text_feature())};
  for (const auto& feature : pipeline.features().features()) names.push_back(feature.name);
  auto error = Error(Code::InvalidArgument,
                     fmt::format("the champion has no feature '{}'", utf8_prefix(name, 80)));
  const auto near = nearest(name, names);
  return near.empty() ? error : std::move(error).with_hint(fmt::format("did you mean '{}'?", near));
}

}  // namespace

RowJudge::RowJudge() : reader_(kMaxMembers) {}

Status RowJudge::fill(const Pipeline& pipeline, std::string_view row) {
  const auto columns = pipeline.features().features().size() + 1;
  values_.assign(columns, kMissing);
  named_.assign(columns, false);
  WINNOW_TRY(const auto members, reader_.read(row));
  for (const auto& [name, value] : members) {
    auto column = pipeline.features().index_of(name);
    if (!column && !name.empty() && name == pipeline.text_feature()) column = values_.size() - 1;
    if (!column) return unknown(pipeline, name);
    if (named_[*column]) return Error(Code::InvalidArgument, fmt::format("'{}' comes twice", name));
    named_[*column] = true;
    if (std::fabs(value) > std::numeric_limits<float>::max()) {
      return Error(Code::InvalidArgument,
                   fmt::format("'{}' is {}, beyond the numbers of 32 bits", name, value));
    }
    values_[*column] = static_cast<float>(value);
  }
  return {};
}

Status RowJudge::judge(const Pipeline& pipeline, std::string_view row, std::string& out) {
  WINNOW_TRY(fill(pipeline, row));
  const std::span<const float> values(values_);
  const auto judged = pipeline.judge(values.first(values.size() - 1), values.back(), row_);
  out += R"({"probability":)";
  append_json_number(out, judged.probability);
  out += R"(,"margin":)";
  append_json_number(out, judged.margin);
  fmt::format_to(std::back_inserter(out), R"(,"route":"{}","decided_by":"{}","rule":)",
                 name_of(judged.route), name_of(judged.stage));
  if (judged.rule == nullptr) {
    out += "null";
  } else {
    append_json_string(out, judged.rule->name);
  }
  out += '}';
  return {};
}

}  // namespace winnow::server
