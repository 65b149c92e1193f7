#include "learn/view_dropout.h"

#include <algorithm>
#include <limits>
#include <set>

#include <fmt/format.h>

#include "base/contract.h"

namespace winnow::learn {
namespace {

constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();

// The columns that each entry of `views` takes away.
std::vector<std::vector<std::size_t>> columns_of(const DataShape& shape,
                                                 const ViewDropout& dropout) {
  std::vector<std::vector<std::size_t>> columns;
  for (const auto& together : dropout.views) {
    auto& out = columns.emplace_back();
    for (std::size_t column = 0; column < shape.columns.size(); ++column) {
      const auto& view = shape.columns[column].view;
      if (std::find(together.begin(), together.end(), view) != together.end())
        out.push_back(column);
    }
  }
  return columns;
}

}  // namespace

Json ViewDropout::json() const {
  Json all = Json::array();
  for (const auto& together : views) {
    Json entry = Json::array();
    for (const auto& view : together) entry.push(view);
    all.push(std::move(entry));
  }
  return Json::object({{"copies", copies}, {"chance", chance}, {"views", std::move(all)}});
}

Result<ViewDropout> ViewDropout::from_json(const Json& json) {
  ViewDropout dropout;
  WINNOW_TRY(const auto copies, json.need_int("copies"));
  WINNOW_TRY(dropout.chance, json.need_number("chance"));
  WINNOW_TRY(const auto* views, json.need_array("views"));
  if (copies < 0 || copies > 64 || !(dropout.chance >= 0 && dropout.chance <= 1)) {
    return Error(Code::InvalidArgument,
                 fmt::format("views cannot be dropped with {} copies and chance {}", copies,
                             dropout.chance));
  }
  dropout.copies = static_cast<std::uint32_t>(copies);
  for (const auto& entry : views->items()) {
    auto& together = dropout.views.emplace_back();
    for (const auto& view : entry.items()) together.push_back(view.as_string());
  }
  return dropout;
}

std::vector<std::vector<std::string>> every_view(const DataShape& shape) {
  std::set<std::string> views;
  for (const auto& column : shape.columns) {
    if (!column.view.empty()) views.insert(column.view);
  }
  std::vector<std::vector<std::string>> out;
  for (const auto& view : views) out.push_back({view});
  return out;
}

AugmentedRows augment(const DataSet& data, std::span<const std::uint32_t> rows,
                      std::span<const float> extra, const ViewDropout& dropout, Rng rng) {
  ensure(extra.empty() || extra.size() == rows.size(), "each row has its extra value");
  const auto width = data.shape().columns.size();
  AugmentedRows out;
  out.columns = width + (extra.empty() ? 0 : 1);
  const auto taken = columns_of(data.shape(), dropout);
  out.blocks = taken.empty() ? 1 : 1 + dropout.copies;
  out.values.reserve(out.blocks * rows.size() * out.columns);
  for (std::size_t block = 0; block < out.blocks; ++block) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const auto values = data.values(rows[i]);
      const auto begin = out.values.size();
      out.values.insert(out.values.end(), values.begin(), values.end());
      if (!extra.empty()) out.values.push_back(extra[i]);
      if (block == 0) continue;
      for (const auto& columns : taken) {
        if (!rng.chance(dropout.chance)) continue;
        for (const auto column : columns) out.values[begin + column] = kMissing;
      }
    }
  }
  return out;
}

}  // namespace winnow::learn
