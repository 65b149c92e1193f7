#include "ingest/mapping/detail/recogniser.h"

#include <algorithm>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ingest/mapping/detail/mapping_state.h"
#include "ingest/mapping/detail/run.h"

namespace winnow::mapping {
namespace {

constexpr std::size_t kNearest = 3;  // mappings told of

// All paths of its own mapping that lead to the operand: its shapes' names for one field.
std::vector<JsonSelection::Path> paths_of(const Operand& operand, const Program& program) {
  std::vector<JsonSelection::Path> paths;
  for (std::size_t i = 0; i < program.paths.size(); ++i) {
    const auto place = program.selection.place(i);
    if (place.list == operand.place.list && place.column == operand.place.column)
      paths.push_back(program.paths[i]);
  }
  return paths;
}

bool begins_with(const JsonSelection::Path& path, const JsonSelection::Path& front) {
  return path.size() > front.size() &&
         std::ranges::equal(front, std::span(path).first(front.size()));
}

// Neither JSON nor header lines above a row.
bool is_line_of_text(std::string_view record) {
  return !record.empty() && !record.starts_with('{') && !record.starts_with('[') &&
         !record.starts_with('#');
}

// It holds for a record that has nothing of all this, so it must hold at every place.
bool is_of_absence(const Condition& condition) {
  return condition.asks == Condition::Asks::Lacks || condition.asks == Condition::Asks::Not;
}

std::string miss_of(const Condition& sign) {
  const auto& path = sign.operand.path;
  switch (sign.asks) {
    case Condition::Asks::Has:
      return fmt::format("it has no '{}'", path);
    case Condition::Asks::Lacks:
      return fmt::format("it has '{}'", path);
    case Condition::Asks::Not:
    case Condition::Asks::Is:
      return fmt::format("its '{}' is another", path);
  }
  return {};
}

}  // namespace

Recogniser::Recogniser(std::span<const Mapping> mappings) {
  for (const auto& mapping : mappings) add(mapping);
  auto selection = JsonSelection::of(program_.paths);
  ensure(selection.has_value(), "paths that compiled by themselves compile together");
  program_.selection = std::move(*selection);
  for (auto& known : known_) {
    for (auto& sign : known.signs) {
      for (auto& condition : sign)
        condition.operand.place = program_.selection.place(condition.operand.place.column);
    }
  }
  for (auto& text : texts_) text.number = program_.selection.place(text.number).column;
}

// Until the selection is made the column of a place is the number of its path.
void Recogniser::add(const Mapping& mapping) {
  const auto& program = mapping.state_->read.program;
  if (program.text) lines_.push_back({known_.size(), mapping});
  auto& known =
      known_.emplace_back(Known{mapping.name(), mapping.format() == LogFormat::JsonOrTsv, {}});
  std::vector<JsonSelection::Path> sought;
  for (const auto& condition : program.recognised) {
    auto& sign = known.signs.emplace_back();
    for (auto& path : paths_of(condition.operand, program)) {
      sign.push_back(condition);
      sign.back().operand.place = {std::nullopt, number_of(path)};
      sought.push_back(std::move(path));
    }
  }
  for (const auto& [operand, at, form] : program.nested_texts) {
    if (form != NestedText::Form::Json) continue;
    const auto is_within = [&at = at](const auto& path) { return begins_with(path, at); };
    if (std::ranges::none_of(sought, is_within)) continue;
    for (const auto& path : paths_of(operand, program)) {
      const auto number = number_of(path);
      const auto is_same = [&, &at = at](const Text& text) {
        return text.number == number && text.path == at;
      };
      if (std::ranges::none_of(texts_, is_same)) texts_.push_back({number, at, JsonScanner()});
    }
  }
}

std::uint32_t Recogniser::number_of(const JsonSelection::Path& path) {
  const auto at = std::ranges::find(program_.paths, path) - program_.paths.begin();
  if (at == std::ssize(program_.paths)) program_.paths.push_back(path);
  return static_cast<std::uint32_t>(at);
}

Status Recogniser::scan(RecordForm form, std::string_view record) {
  if (form == RecordForm::LogRow) return rows_.scan(record, program_, cells_);
  WINNOW_TRY(scanner_.scan(record, program_.selection, cells_));
  for (auto& [column, path, scanner] : texts_) {
    const auto cell = cells_.at(column);
    if (cell.kind != JsonCell::Kind::Text || !cell.text.starts_with('{')) continue;
    // What does not read as JSON shows no sign.
    [[maybe_unused]] const auto read =
        scanner.scan_part(cell.text, path, program_.selection, cells_);
  }
  return {};
}

bool Recogniser::shows(const Sign& sign) const {
  const auto holds_here = [&](const Condition& condition) { return holds(condition, cells_); };
  return is_of_absence(sign.front()) ? std::ranges::all_of(sign, holds_here)
                                     : std::ranges::any_of(sign, holds_here);
}

// Sources of lines are few, and each reads the line in its own way.
std::optional<std::size_t> Recogniser::find_lines(std::string_view record) {
  std::optional<std::size_t> best;
  std::size_t most = 0;
  for (const auto& [number, mapping] : lines_) {
    const auto& program = mapping.state_->read.program;
    if (program.recognised.size() <= most) continue;
    if (!line_scanner_.scan(record, program, line_cells_)) continue;
    const auto shown = [&](const Condition& sign) { return holds(sign, line_cells_); };
    if (!std::ranges::all_of(program.recognised, shown)) continue;
    best = number;
    most = program.recognised.size();
  }
  return best;
}

Result<std::size_t> Recogniser::find(RecordForm form, std::string_view record) {
  if (is_line_of_text(record)) {
    if (const auto number = find_lines(record)) return *number;
    if (form == RecordForm::LogJson) return none_of_lines(record);
  }
  WINNOW_TRY(scan(form, record));
  std::optional<std::size_t> best;
  for (std::size_t i = 0; i < known_.size(); ++i) {
    const auto& known = known_[i];
    if (form == RecordForm::LogRow && !known.reads_rows) continue;
    if (best && known_[*best].signs.size() >= known.signs.size()) continue;
    const auto shown = [&](const Sign& sign) { return shows(sign); };
    if (std::ranges::all_of(known.signs, shown)) best = i;
  }
  if (!best) return none(form);
  return *best;
}

// Of the mappings of lines that can read it, those that miss a sign are near.
Error Recogniser::none_of_lines(std::string_view record) {
  std::vector<std::string> texts;
  for (const auto& [number, mapping] : lines_) {
    const auto& program = mapping.state_->read.program;
    if (texts.size() == kNearest || !line_scanner_.scan(record, program, line_cells_)) continue;
    const auto shown = [&](const Condition& sign) { return holds(sign, line_cells_); };
    const auto has_sign = [&](const Condition& sign) {
      return !is_of_absence(sign) && shown(sign);
    };
    const auto missed = std::ranges::find_if_not(program.recognised, shown);
    if (missed != program.recognised.end() && std::ranges::any_of(program.recognised, has_sign))
      texts.push_back(fmt::format("{}, but {}", mapping.name(), miss_of(*missed)));
  }
  std::string why = lines_.empty() ? "a line of text, and no mapping here reads such lines"
                                   : "a line of text that no mapping recognises";
  if (!texts.empty()) why += fmt::format("; nearest: {}", fmt::join(texts, "; "));
  return {Code::InvalidArgument, std::move(why)};
}

// Only what a record has brings it near to a mapping: everything lacks most things.
Error Recogniser::none(RecordForm form) const {
  struct Near {
    std::size_t missed;
    std::string text;
  };
  std::vector<Near> nearest;
  for (const auto& known : known_) {
    if (form == RecordForm::LogRow && !known.reads_rows) continue;
    Near near{0, {}};
    bool shows_any = false;
    for (const auto& sign : known.signs) {
      const bool is_shown = shows(sign);
      shows_any = shows_any || (is_shown && !is_of_absence(sign.front()));
      if (!is_shown && near.missed++ == 0)
        near.text = known.name + ", but " + miss_of(sign.front());
    }
    if (shows_any) nearest.push_back(std::move(near));
  }
  std::ranges::stable_sort(nearest, {}, &Near::missed);
  if (nearest.size() > kNearest) nearest.resize(kNearest);
  std::vector<std::string> texts;
  for (auto& near : nearest) texts.push_back(std::move(near.text));
  std::string why = "no mapping recognises it";
  if (!texts.empty()) why += fmt::format("; nearest: {}", fmt::join(texts, "; "));
  return {Code::InvalidArgument, std::move(why)};
}

}  // namespace winnow::mapping
