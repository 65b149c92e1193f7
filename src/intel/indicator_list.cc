#include "intel/indicator_list.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/contract.h"
#include "base/json.h"
#include "base/utf8.h"
#include "intel/detail/list_output.h"
#include "names/ip_address.h"

namespace winnow {
namespace {

constexpr std::array kFormats = {ListFormat::Plain, ListFormat::Csv,  ListFormat::Hosts,
                                 ListFormat::Json,  ListFormat::Misp, ListFormat::Stix};

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

Result<Json> parse_list(std::string_view bytes, const ListOptions& options) {
  return parse_json(bytes, {.max_bytes = options.max_bytes, .max_depth = 64});
}

ListFormat format_of(const Json& json) {
  if (json.is_object()) return json.find("list") != nullptr ? ListFormat::Misp : ListFormat::Stix;
  return json.size() > 0 && json[std::size_t{0}].is_object() ? ListFormat::Stix : ListFormat::Json;
}

bool leads_nowhere(const IpAddress& address) {
  static const auto kLoopback = IpBlock::parse("127.0.0.0/8").value();
  return kLoopback.contains(address) || address.text() == "0.0.0.0" || address.text() == "::" ||
         address.text() == "::1";
}

std::string_view first_record(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto line = bytes.substr(0, bytes.find('\n'));
    const auto text = trim_ascii(line);
    if (!text.empty() && text[0] != '#') return text;
    bytes.remove_prefix(std::min(line.size() + 1, bytes.size()));
  }
  return {};
}

}  // namespace

std::string_view name_of(ListFormat format) {
  switch (format) {
    case ListFormat::Plain:
      return "plain";
    case ListFormat::Csv:
      return "csv";
    case ListFormat::Hosts:
      return "hosts";
    case ListFormat::Json:
      return "json";
    case ListFormat::Misp:
      return "misp";
    case ListFormat::Stix:
      return "stix";
  }
  violate("every list format has a name", std::source_location::current());
}

Result<ListFormat> list_format(std::string_view name) {
  for (const auto format : kFormats) {
    if (name_of(format) == name) return format;
  }
  return Error(Code::InvalidArgument, fmt::format("'{}' is not a list format", name))
      .with_hint("one of plain, csv, hosts, json, misp, stix");
}

ListFormat recognise_list_format(std::string_view bytes) {
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  const auto first = first_record(bytes);
  if (first.starts_with('[')) {
    const auto item = bytes.find_first_not_of("[ \t\r\n");
    return item != std::string_view::npos && bytes[item] == '{' ? ListFormat::Stix
                                                                : ListFormat::Json;
  }
  if (first.starts_with('{'))
    return bytes.find("\"list\"") != std::string_view::npos ? ListFormat::Misp : ListFormat::Stix;
  // A hosts file sends its names nowhere; an address with a remark behind it is a list of
  // addresses.
  const auto blank = first.find_first_of(" \t");
  const auto address = IpAddress::parse(first.substr(0, blank));
  const bool hosts = blank != std::string_view::npos && address && leads_nowhere(*address);
  return hosts ? ListFormat::Hosts : ListFormat::Plain;
}

namespace detail {

ListOutput::ListOutput(const ListOptions& options, const IndicatorSink& sink, ListFormat format)
    : options_(options), sink_(sink) {
  report_.format = format;
  draft_.with_subdomains = options.with_subdomains;
  draft_.source = options.source;
  draft_.labels = options.labels;
  std::ranges::sort(draft_.labels);
  draft_.rank = options.rank;
  draft_.confidence = options.confidence;
  draft_.first_seen = options.first_seen;
  draft_.expires = options.expires;
}

bool ListOutput::take(Indicator indicator, std::optional<IndicatorKind> kind,
                      std::string_view value, std::uint64_t position) {
  // ".example" means the names below "example" too.
  value = trim_ascii(value);
  if (value.size() > 1 && value[0] == '.' &&
      kind.value_or(IndicatorKind::Domain) == IndicatorKind::Domain) {
    value.remove_prefix(1);
    indicator.with_subdomains = true;
  }
  if (!kind) {
    const auto recognised = recognise_indicator(value);
    if (!recognised) {
      refuse(position, recognised.error().message());
      return false;
    }
    kind = *recognised;
  }
  auto normal = normal_indicator(*kind, value);
  if (!normal) {
    refuse(position, normal.error().message());
    return false;
  }
  indicator.kind = *kind;
  indicator.value = *std::move(normal);
  indicator.with_subdomains = indicator.with_subdomains && *kind == IndicatorKind::Domain;
  sink_(indicator);
  ++report_.indicators;
  return true;
}

void ListOutput::refuse(std::uint64_t position, std::string reason) {
  ++report_.refused;
  if (report_.examples.size() < ListReport::kMaxExamples)
    report_.examples.push_back({position, std::move(reason)});
}

}  // namespace detail

Result<ListReport> read_indicators(std::string_view bytes, const ListOptions& options,
                                   const IndicatorSink& sink) {
  if (bytes.size() > options.max_bytes) {
    return Error(Code::Exhausted, fmt::format("the list has {} bytes, the limit is {}",
                                              bytes.size(), options.max_bytes));
  }
  if (bytes.starts_with(kByteOrderMark)) bytes.remove_prefix(kByteOrderMark.size());
  auto format = options.format.value_or(options.column.empty() ? recognise_list_format(bytes)
                                                               : ListFormat::Csv);
  Json json;
  if (format == ListFormat::Json || format == ListFormat::Misp || format == ListFormat::Stix) {
    WINNOW_TRY(json, parse_list(bytes, options));
    if (!options.format) format = format_of(json);
  }
  detail::ListOutput out(options, sink, format);
  const auto read = [&]() -> Status {
    switch (format) {
      case ListFormat::Plain:
        return detail::read_plain_list(bytes, out);
      case ListFormat::Csv:
        return detail::read_csv_list(bytes, out);
      case ListFormat::Hosts:
        return detail::read_hosts_list(bytes, out);
      case ListFormat::Json:
        return detail::read_json_list(json, out);
      case ListFormat::Misp:
        return detail::read_misp_list(json, out);
      case ListFormat::Stix:
        return detail::read_stix_list(json, out);
    }
    violate("every list format has a reader", std::source_location::current());
  };
  WINNOW_TRY(read());
  return std::move(out).report();
}

}  // namespace winnow
