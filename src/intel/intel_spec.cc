#include "intel/intel_spec.h"

#include <limits>
#include <set>

#include <fmt/format.h>

#include "intel/snapshot_builder.h"
#include "names/domain.h"

namespace winnow {
namespace {

constexpr std::string_view kBrandSource = "brands";
constexpr std::size_t kMaxBrandFileBytes = 16UL << 20;

Result<std::string> text_or(const Yaml& map, std::string_view key, std::string_view otherwise) {
  if (!map.has(key)) return std::string(otherwise);
  return map[key].as_text();
}

Result<std::uint64_t> count_or_zero(const Yaml& map, std::string_view key, std::int64_t most) {
  if (!map.has(key)) return std::uint64_t{0};
  WINNOW_TRY(const auto value, map[key].as_int());
  if (value < 0 || value > most)
    return map[key].error(fmt::format("'{}' is between 0 and {}", key, most));
  return static_cast<std::uint64_t>(value);
}

Result<std::optional<Timestamp>> time_of(const Yaml& map, std::string_view key) {
  if (!map.has(key)) return std::optional<Timestamp>();
  WINNOW_TRY(const auto text, map[key].as_text());
  const auto time = Timestamp::parse(text);
  if (!time) return map[key].error(time.error().message());
  return std::optional(*time);
}

Result<IndicatorKind> kind_named(const Yaml& node) {
  WINNOW_TRY(const auto name, node.as_text());
  for (const auto kind : {IndicatorKind::Domain, IndicatorKind::Url, IndicatorKind::Ip,
                          IndicatorKind::Mailbox, IndicatorKind::File}) {
    if (name_of(kind) == name) return kind;
  }
  return node.error(
      fmt::format("'{}' is not a kind of indicator: domain, url, ip, mailbox, file", name));
}

Status read_form(const Yaml& yaml, ListOptions& options) {
  if (yaml.has("format")) {
    WINNOW_TRY(const auto name, yaml["format"].as_text());
    const auto format = list_format(name);
    if (!format) return yaml["format"].error(format.error().text());
    options.format = *format;
  }
  if (yaml.has("kind")) {
    WINNOW_TRY(options.kind, kind_named(yaml["kind"]));
  }
  WINNOW_TRY(options.column, text_or(yaml, "column", ""));
  WINNOW_TRY(options.rank_column, text_or(yaml, "rank_column", ""));
  WINNOW_TRY(options.first_seen_column, text_or(yaml, "first_seen_column", ""));
  WINNOW_TRY(const auto separator, text_or(yaml, "separator", ","));
  if (separator.size() != 1) return yaml["separator"].error("a separator is one character");
  options.separator = separator[0];
  return {};
}

Result<IntelListSpec> read_list(const Yaml& yaml) {
  WINNOW_TRY(yaml.only({"name", "file", "format", "kind", "labels", "subdomains", "rank",
                        "confidence", "first_seen", "expires", "column", "rank_column",
                        "first_seen_column", "separator"}));
  IntelListSpec list;
  auto& options = list.options;
  WINNOW_TRY(list.file, yaml["file"].as_text());
  WINNOW_TRY(options.source, yaml["name"].as_text());
  WINNOW_TRY(options.labels, yaml["labels"].as_texts());
  if (yaml.has("subdomains")) {
    WINNOW_TRY(options.with_subdomains, yaml["subdomains"].as_bool());
  }
  WINNOW_TRY(const auto rank,
             count_or_zero(yaml, "rank", std::numeric_limits<std::uint32_t>::max()));
  WINNOW_TRY(const auto confidence, count_or_zero(yaml, "confidence", 100));
  options.rank = static_cast<std::uint32_t>(rank);
  options.confidence = static_cast<std::uint8_t>(confidence);
  WINNOW_TRY(options.first_seen, time_of(yaml, "first_seen"));
  WINNOW_TRY(options.expires, time_of(yaml, "expires"));
  WINNOW_TRY(read_form(yaml, options));
  return list;
}

Status import_list(const IntelListSpec& list, const Path& folder, SnapshotBuilder& builder,
                   IntelImport& out) {
  WINNOW_TRY(const auto bytes, read_file(folder / list.file, list.options.max_bytes));
  WINNOW_TRY(auto report,
             read_indicators(bytes, list.options, [&](const Indicator& one) { builder.add(one); }));
  builder.add(IntelList{list.options.source, std::string(name_of(report.format)),
                        list.options.labels, sha256(bytes), report.indicators, report.refused});
  out.reports.emplace_back(list.options.source, std::move(report));
  return {};
}

Status import_brands(const std::string& file, const Path& folder, SnapshotBuilder& builder) {
  WINNOW_TRY(const auto bytes, read_file(folder / file, kMaxBrandFileBytes));
  WINNOW_TRY(const auto yaml, Yaml::parse(bytes, file));
  WINNOW_TRY(auto brands, read_brands(yaml));
  std::uint64_t domains = 0;
  for (auto& brand : brands) {
    for (const auto& domain : brand.domains) {
      Indicator indicator;
      indicator.value = domain;
      indicator.with_subdomains = true;
      indicator.source = kBrandSource;
      indicator.labels = {std::string(intel_label::kBrand)};
      builder.add(indicator);
      ++domains;
    }
    builder.add(std::move(brand));
  }
  builder.add(
      IntelList{file, "brands", {std::string(intel_label::kBrand)}, sha256(bytes), domains, 0});
  return {};
}

}  // namespace

Result<IntelSpec> IntelSpec::parse(const Yaml& yaml) {
  WINNOW_TRY(yaml.only({"intel", "lists", "brands"}));
  WINNOW_TRY(const auto version, yaml["intel"].as_int());
  if (version != 1) return yaml["intel"].error(fmt::format("version {} is not 1", version));
  IntelSpec spec;
  std::set<std::string> names;
  for (const auto& item : yaml["lists"].items()) {
    WINNOW_TRY(auto list, read_list(item));
    if (!names.insert(list.options.source).second)
      return item.error(fmt::format("a second list '{}'", list.options.source));
    spec.lists.push_back(std::move(list));
  }
  if (yaml.has("brands")) {
    WINNOW_TRY(spec.brand_files, yaml["brands"].as_texts());
  }
  return spec;
}

Json IntelSpec::json() const {
  Json out = Json::object({{"lists", Json::array()}, {"brands", Json::array()}});
  for (const auto& [file, options] : lists) {
    Json list = Json::object({{"name", options.source}, {"file", file}, {"labels", Json::array()}});
    for (const auto& label : options.labels) list.find("labels")->push(label);
    if (options.format) list.set("format", name_of(*options.format));
    if (options.kind) list.set("kind", name_of(*options.kind));
    if (options.with_subdomains) list.set("subdomains", true);
    if (options.rank != 0) list.set("rank", options.rank);
    if (options.confidence != 0) list.set("confidence", unsigned{options.confidence});
    if (options.first_seen) list.set("first_seen", options.first_seen->text());
    if (options.expires) list.set("expires", options.expires->text());
    if (!options.column.empty()) list.set("column", options.column);
    if (!options.rank_column.empty()) list.set("rank_column", options.rank_column);
    if (!options.first_seen_column.empty())
      list.set("first_seen_column", options.first_seen_column);
    if (options.separator != ',') list.set("separator", std::string(1, options.separator));
    out.find("lists")->push(std::move(list));
  }
  for (const auto& file : brand_files) out.find("brands")->push(file);
  return out;
}

Result<std::vector<Brand>> read_brands(const Yaml& yaml) {
  WINNOW_TRY(yaml.only({"brands"}));
  std::vector<Brand> brands;
  std::set<std::string> keys;
  for (const auto& item : yaml["brands"].items()) {
    WINNOW_TRY(item.only({"key", "names", "domains"}));
    Brand brand;
    WINNOW_TRY(brand.key, item["key"].as_text());
    WINNOW_TRY(brand.names, item["names"].as_texts());
    WINNOW_TRY(const auto domains, item["domains"].as_texts());
    for (const auto& domain : domains) {
      auto normal = to_ascii_domain(domain);
      if (!normal) return item["domains"].error(normal.error().message());
      brand.domains.push_back(*std::move(normal));
    }
    if (brand.names.empty() || brand.domains.empty())
      return item.error("a brand has names and domains");
    if (!keys.insert(brand.key).second)
      return item.error(fmt::format("a second brand '{}'", brand.key));
    brands.push_back(std::move(brand));
  }
  return brands;
}

Result<IntelImport> import_intel(const IntelSpec& spec, const Path& folder) {
  IntelImport out;
  SnapshotBuilder builder;
  for (const auto& list : spec.lists) {
    if (auto done = import_list(list, folder, builder, out); !done) {
      return done.error().with_context(fmt::format("list '{}'", list.options.source));
    }
  }
  for (const auto& file : spec.brand_files) WINNOW_TRY(import_brands(file, folder, builder));
  WINNOW_TRY(out.bytes, std::move(builder).build());
  return out;
}

}  // namespace winnow
