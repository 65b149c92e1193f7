#include "cli/detail/features_preview.h"

#include <cmath>

#include <fmt/format.h>

#include "base/yaml.h"
#include "cli/console.h"
#include "cli/detail/content.h"
#include "cli/detail/feature_plot.h"
#include "cli/detail/session.h"
#include "learn/feature_preview.h"

namespace winnow::cli {
namespace {

using learn::FeaturePreview;
using learn::ValueSummary;

Result<DomainMapping> mapping_of(Workspace& workspace, Domain domain) {
  if (domain == Domain::Mail) {
    WINNOW_TRY(auto mail, read_mapping(workspace));
    return DomainMapping(std::move(mail.mapping));
  }
  WINNOW_TRY(auto logs, log_mappings_of(workspace, domain));
  return DomainMapping::of_logs(domain, std::move(logs));
}

// As `winnow train` chooses it.
Result<std::optional<IntelSnapshot>> intel_of(const Arguments& arguments, Workspace& workspace) {
  const auto& wanted = arguments.text("intel");
  if (wanted == "none") return std::optional<IntelSnapshot>();
  auto& registry = workspace.registry();
  const auto found =
      registry.artifact(ArtifactKind::IntelSnapshot, wanted == "latest" ? "mail" : wanted);
  if (!found && wanted == "latest" && found.error().code() == Code::NotFound)
    return std::optional<IntelSnapshot>();
  if (!found) return found.error();
  WINNOW_TRY(auto bytes, registry.read(found->ref().digest));
  WINNOW_TRY(auto snapshot, IntelSnapshot::from_bytes(std::move(bytes)));
  return std::optional(std::move(snapshot));
}

Result<learn::PreviewRequest> request_of(const Arguments& arguments) {
  learn::PreviewRequest request;
  request.source = arguments.text("source");
  if (arguments.has("from")) {
    WINNOW_TRY(request.from, Timestamp::parse(arguments.text("from")));
  }
  if (arguments.has("before")) {
    WINNOW_TRY(request.before, Timestamp::parse(arguments.text("before")));
  }
  const auto limit = arguments.integer("limit");
  if (limit < 1)
    return Error(Code::InvalidArgument, fmt::format("--limit is {}, below 1", limit))
        .with_hint("it says how many of the newest events are replayed");
  request.events = static_cast<std::size_t>(limit);
  return request;
}

// Nothing: all features. Errors: NotFound, with the nearest name.
Result<std::optional<std::size_t>> chosen_feature(const Arguments& arguments,
                                                  const FeatureSet& features) {
  const auto& name = arguments.text("feature");
  if (name.empty()) return std::optional<std::size_t>();
  if (const auto found = features.index_of(name)) return std::optional(*found);
  std::vector<std::string> known;
  for (const auto& feature : features.features()) known.push_back(feature.name);
  const auto near = nearest(name, known);
  return Error(Code::NotFound, fmt::format("there is no feature '{}'", name))
      .with_hint(near.empty() ? "winnow features list shows them"
                              : fmt::format("did you mean '{}'?", near));
}

std::string number(float value) { return fmt::format("{:.4g}", value); }

std::string missing_share(const ValueSummary& summary) {
  if (summary.rows == 0) return "-";
  return fmt::format("{:.1f} %", 100.0 * static_cast<double>(summary.rows - summary.present) /
                                     static_cast<double>(summary.rows));
}

Json to_json(const ValueSummary& summary) {
  Json quantiles = Json::array();
  if (summary.quantiles) {
    for (const auto value : *summary.quantiles) quantiles.push(static_cast<double>(value));
  }
  return Json::object({{"rows", summary.rows},
                       {"present", summary.present},
                       {"distinct", summary.distinct},
                       {"quantiles", std::move(quantiles)}});
}

std::string quantile(const ValueSummary& summary, std::size_t which) {
  return summary.quantiles ? number((*summary.quantiles)[which]) : "-";
}

Json feature_json(const FeaturePreview& preview, const FeatureSet& features, std::size_t feature) {
  const auto column = preview.column(feature, features.features().size());
  Json by_label = Json::object();
  for (const auto label : learn::kRowLabels) {
    const auto summary = learn::summary_of(preview, column, label);
    if (summary.rows > 0) by_label.set(std::string(label), to_json(summary));
  }
  auto json = to_json(learn::summary_of(column));
  json.set("name", features.features()[feature].name).set("by_label", std::move(by_label));
  return json;
}

void print_all(const FeaturePreview& preview, const FeatureSet& features, Console& console) {
  Table table({{"feature"},
               {"missing", true},
               {"distinct", true},
               {"least", true},
               {"5 %", true},
               {"median", true},
               {"95 %", true},
               {"most", true},
               {"malicious", true},
               {"benign", true}});
  std::vector<std::string> always_missing;
  for (std::size_t i = 0; i < features.features().size(); ++i) {
    const auto column = preview.column(i, features.features().size());
    const auto all = learn::summary_of(column);
    if (all.present == 0) always_missing.push_back(features.features()[i].name);
    const auto median_of = [&](std::string_view label) {
      return quantile(learn::summary_of(preview, column, label), 3);
    };
    table.add({features.features()[i].name, missing_share(all), human_count(all.distinct),
               quantile(all, 0), quantile(all, 1), quantile(all, 3), quantile(all, 5),
               quantile(all, 6), median_of("malicious"), median_of("benign")});
  }
  table.print(console);
  tell_always_missing(always_missing, console);
  console.line("malicious, benign: the medians of the events that somebody found to be so");
}

void print_one(const FeaturePreview& preview, const FeatureSet& features, std::size_t feature,
               Console& console) {
  const auto& definition = features.features()[feature];
  console.line(console.tinted(definition.name, Console::Tone::Strong) + "  " + definition.meaning);
  console.line(definition.value + (definition.when.empty() ? "" : "    when " + definition.when));
  const auto column = preview.column(feature, features.features().size());
  std::vector<PlotPoint> points;
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (!std::isfinite(column[row])) continue;
    points.push_back(
        {preview.rows[row].time, column[row], preview.rows[row].label == learn::Label::Malicious});
  }
  console.line();
  for (const auto& line : plot_lines(points, console.width())) console.line(line);
  if (!points.empty())
    console.line(". : + #  ever more events; x X  at least half of them were found malicious");
  console.line();
  Table table({{"events"},
               {"rows", true},
               {"missing", true},
               {"distinct", true},
               {"least", true},
               {"5 %", true},
               {"25 %", true},
               {"median", true},
               {"75 %", true},
               {"95 %", true},
               {"most", true}});
  const auto add = [&](std::string_view events, const ValueSummary& summary) {
    if (summary.rows == 0) return;
    std::vector<std::string> cells = {std::string(events), human_count(summary.rows),
                                      missing_share(summary), human_count(summary.distinct)};
    for (std::size_t i = 0; i < ValueSummary::kQuantiles.size(); ++i)
      cells.push_back(quantile(summary, i));
    table.add(std::move(cells));
  };
  add("all", learn::summary_of(column));
  for (const auto label : learn::kRowLabels)
    add(label == "none" ? "no label" : label, learn::summary_of(preview, column, label));
  table.print(console);
}

// RFC 4180.
std::string csv_text(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

void print_csv(const FeaturePreview& preview, const FeatureSet& features,
               const std::optional<std::size_t>& one, Console& console) {
  const auto width = features.features().size();
  std::string head = "time,source,label,event";
  for (std::size_t i = 0; i < width; ++i) {
    if (!one || *one == i) head += "," + features.features()[i].name;
  }
  console.line(head);
  for (std::size_t row = 0; row < preview.rows.size(); ++row) {
    const auto& told = preview.rows[row];
    std::string line =
        fmt::format("{},{},{},{}", told.time.text(), csv_text(preview.sources[told.source]),
                    told.label ? learn::name_of(*told.label) : "", told.event.hex());
    for (std::size_t i = 0; i < width; ++i) {
      if (one && *one != i) continue;
      const auto value = preview.values[row * width + i];
      line += std::isnan(value) ? "," : fmt::format(",{}", value);
    }
    console.line(line);
  }
}

void tell_limits(const FeaturePreview& preview, const learn::PreviewRequest& request,
                 Console& console) {
  console.note(fmt::format("{} events replayed, {} of them shown{}", human_count(preview.replayed),
                           human_count(preview.rows.size()),
                           preview.unreadable == 0
                               ? ""
                               : fmt::format(", {} unreadable", human_count(preview.unreadable))));
  if (!preview.is_whole && preview.remembers_from) {
    console.note(
        fmt::format("what features remember begins on {}: older events were not replayed "
                    "(--limit {})",
                    short_time(*preview.remembers_from), request.events));
  }
  if (preview.stopped) console.note("stopped before the newest: too many events have one time");
}

Result<int> preview(const Arguments& arguments, Console& console) {
  WINNOW_TRY(const auto workspace, open_workspace(arguments, Access::ReadOnly));
  WINNOW_TRY(const auto features, read_feature_set(*workspace, domain_of(arguments)));
  WINNOW_TRY(const auto one, chosen_feature(arguments, features));
  WINNOW_TRY(const auto request, request_of(arguments));
  WINNOW_TRY(const auto mapping, mapping_of(*workspace, domain_of(arguments)));
  WINNOW_TRY(const auto intel, intel_of(arguments, *workspace));
  WINNOW_TRY(const auto events, EventLog::open(events_folder(*workspace), Access::ReadOnly));
  WINNOW_TRY(const auto found,
             learn::preview_features(events, mapping, features, intel ? &*intel : nullptr, request,
                                     console.progress()));
  console.end_progress();
  if (console.wants_json()) {
    Json all = Json::array();
    for (std::size_t i = 0; i < features.features().size(); ++i) {
      if (!one || *one == i) all.push(feature_json(found, features, i));
    }
    console.document(
        "features.preview",
        Json::object(
            {{"feature_set", features.digest().hex()},
             {"replayed", found.replayed},
             {"unreadable", found.unreadable},
             {"rows", found.rows.size()},
             {"whole", found.is_whole},
             {"remembers_from", found.remembers_from ? Json(found.remembers_from->text()) : Json()},
             {"features", std::move(all)}}));
  } else if (arguments.flag("csv")) {
    print_csv(found, features, one, console);
  } else if (found.rows.empty()) {
    console.line("no event of the domain is there to look at");
  } else if (one) {
    print_one(found, features, *one, console);
    const auto& name = features.features()[*one].name;
    const auto all = learn::summary_of(found.column(*one, features.features().size()));
    if (all.present == 0) tell_always_missing({name}, console);
  } else {
    print_all(found, features, console);
  }
  tell_limits(found, request, console);
  return 0;
}

}  // namespace

Command features_preview_command() {
  using Kind = Option::Kind;
  return {"features preview",
          "Shows what features are worth over history: how often they are missing, how they spread",
          "Replays the newest events of the domain through content/features/DOMAIN.yaml as it is "
          "now, each with what was known before it, and changes nothing. Of all features a line "
          "each; of one a plot over time and its quantiles by label. Features that remember know "
          "the replayed events only.",
          "winnow features preview mail links_to_sender",
          {domain_positional(),
           {Kind::Positional, "feature", "only this one, with a plot (default: all)"},
           {Kind::Text, "source", "show only events of this source; the others are remembered"},
           {Kind::Text, "from", "show only events from this time on (RFC 3339)"},
           {Kind::Text, "before", "replay only what is from before this time"},
           {Kind::Integer, "limit", "replay so many of the newest events", "20000"},
           {Kind::Text, "intel", "intel snapshot: latest, none, or a digest", "latest"},
           {Kind::Flag, "csv", "write the values themselves, a row an event"},
           workspace_option()},
          preview};
}

}  // namespace winnow::cli
