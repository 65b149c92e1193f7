// Lists in JSON: arrays of texts, MISP warning lists, STIX.
#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"
#include "intel/detail/list_output.h"
#include "intel/stix_pattern.h"

namespace winnow::detail {
namespace {

std::optional<Timestamp> time_of(const Json& object, std::string_view key) {
  const auto time = Timestamp::parse(object[key].as_string());
  return time ? std::optional(*time) : std::nullopt;
}

// What a STIX indicator says besides its pattern (STIX 2.1, section 4.7).
Indicator stix_draft(const Json& object, const ListOutput& out) {
  auto indicator = out.draft();
  for (const auto* key : {"indicator_types", "labels"}) {
    for (const auto& label : object[key].items()) {
      if (label.is_string() && !label.as_string().empty())
        indicator.labels.push_back(ascii_lower(utf8_prefix(label.as_string(), 100)));
    }
  }
  std::ranges::sort(indicator.labels);
  const auto repeated = std::ranges::unique(indicator.labels);
  indicator.labels.erase(repeated.begin(), repeated.end());
  if (object["confidence"].is_int()) {
    indicator.confidence =
        static_cast<std::uint8_t>(std::clamp<std::int64_t>(object["confidence"].as_int(), 0, 100));
  }
  // Nobody could know it before both.
  const auto from = time_of(object, "valid_from"), created = time_of(object, "created");
  if (from || created)
    indicator.first_seen = std::max(from.value_or(Timestamp::from_micros(INT64_MIN)),
                                    created.value_or(Timestamp::from_micros(INT64_MIN)));
  if (const auto modified = time_of(object, "modified")) indicator.last_seen = modified;
  if (const auto until = time_of(object, "valid_until")) indicator.expires = until;
  return indicator;
}

void read_stix_object(const Json& object, std::uint64_t position, ListOutput& out) {
  if (object["type"].as_string() != "indicator" || object["revoked"].as_bool()) return out.ignore();
  const auto& language = object["pattern_type"];
  if (!language.is_null() && language.as_string() != "stix") {
    return out.refuse(position, fmt::format("its pattern is in another language, '{}'",
                                            utf8_prefix(language.as_string(), 40)));
  }
  const auto pattern = read_stix_pattern(object["pattern"].as_string());
  if (!pattern) return out.refuse(position, pattern.error().message());
  const auto draft = stix_draft(object, out);
  for (const auto& term : pattern->terms) {
    if (out.options().kind && *out.options().kind != term.kind) {
      out.ignore();
    } else {
      out.take(draft, term.kind, term.value, position);
    }
  }
  for (const auto& reason : pattern->unsupported) out.refuse(position, "not compiled: " + reason);
}

}  // namespace

Status read_json_list(const Json& json, ListOutput& out) {
  if (!json.is_array()) return Error(Code::InvalidArgument, "the list is not a JSON array");
  std::uint64_t position = 0;
  for (const auto& item : json.items()) {
    ++position;
    if (item.is_string()) {
      out.take(item.as_string(), position);
    } else {
      out.refuse(position, "it is not a text");
    }
  }
  return {};
}

// https://github.com/MISP/misp-warninglists: the type says how its values are compared.
Status read_misp_list(const Json& json, ListOutput& out) {
  WINNOW_TRY(const auto* list, json.need_array("list"));
  const auto& type = json["type"].as_string();
  auto draft = out.draft();
  auto kind = out.options().kind;
  // What a substring is part of only its reader can know: with a kind it is looked up as that.
  const bool part_of_name = type == "substring" && kind.has_value();
  if (type == "hostname" || part_of_name) {
    draft.with_subdomains = true;
    kind = kind.value_or(IndicatorKind::Domain);
  } else if (type == "cidr") {
    kind = IndicatorKind::Ip;
  } else if (type != "string" && type != "substring" && type != "regex") {
    return Error(Code::InvalidArgument,
                 fmt::format("'{}' is not a type of MISP warning lists", utf8_prefix(type, 40)));
  }
  std::uint64_t position = 0;
  for (const auto& item : list->items()) {
    ++position;
    if (type == "regex" || (type == "substring" && !part_of_name)) {
      out.refuse(position, fmt::format("a {} is not looked up", type));
    } else if (!item.is_string()) {
      out.refuse(position, "it is not a text");
    } else {
      out.take(draft, kind, item.as_string(), position);
    }
  }
  return {};
}

Status read_stix_list(const Json& json, ListOutput& out) {
  const auto* objects = json.is_array() ? &json : json.find("objects");
  if (objects == nullptr && json["type"].as_string() == "indicator") {
    read_stix_object(json, 1, out);
    return {};
  }
  if (objects == nullptr || !objects->is_array()) {
    return Error(Code::InvalidArgument, "the list is neither a STIX bundle nor an indicator");
  }
  std::uint64_t position = 0;
  for (const auto& object : objects->items()) read_stix_object(object, ++position, out);
  return {};
}

}  // namespace winnow::detail
