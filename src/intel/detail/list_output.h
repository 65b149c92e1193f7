// What the readers of list formats share: a value becomes an indicator, or a refusal with its
// reason.
#pragma once

#include <string_view>

#include "base/json.h"
#include "intel/indicator_list.h"

namespace winnow::detail {

class ListOutput {
 public:
  ListOutput(const ListOptions& options, const IndicatorSink& sink, ListFormat format);

  Indicator draft() const { return draft_; }  // with all that the options say
  void take(std::string_view value, std::uint64_t position) {
    take(draft_, options_.kind, value, position);
  }
  // `kind` absent: recognised. Returns whether it was taken.
  bool take(Indicator indicator, std::optional<IndicatorKind> kind, std::string_view value,
            std::uint64_t position);
  void refuse(std::uint64_t position, std::string reason);
  void ignore() { ++report_.ignored; }
  const ListOptions& options() const { return options_; }
  ListReport report() && { return std::move(report_); }

 private:
  const ListOptions& options_;
  const IndicatorSink& sink_;
  Indicator draft_;
  ListReport report_;
};

Status read_plain_list(std::string_view bytes, ListOutput& out);
Status read_hosts_list(std::string_view bytes, ListOutput& out);
Status read_csv_list(std::string_view bytes, ListOutput& out);
Status read_json_list(const Json& json, ListOutput& out);
Status read_misp_list(const Json& json, ListOutput& out);
Status read_stix_list(const Json& json, ListOutput& out);

}  // namespace winnow::detail
