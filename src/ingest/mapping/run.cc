#include "ingest/mapping/detail/run.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/utf8.h"

namespace winnow::mapping {
namespace {

using ocsf::Value;

constexpr std::size_t kMaxUnreadable = 8;  // fields told of a record
constexpr std::size_t kMaxToldText = 80;
constexpr std::size_t kMaxSplit = 256;

const ocsf::Attribute kUnreadable = ocsf::Attribute::of("unmapped.unreadable");
const ocsf::Attribute kIsTruncated = ocsf::Attribute::of("metadata.is_truncated");

JsonCell cell_at(const Operand& operand, const JsonCells& cells, std::size_t row) {
  const auto& [list, column] = operand.place;
  if (!list) return cells.at(column);
  return row < cells.rows(*list) ? cells.at(*list, row, column) : JsonCell();
}

// What stands behind `after` and in front of `before`; nothing where `after` is not there.
std::optional<std::string_view> part_of(std::string_view text, const Source& source) {
  const auto at = text.find(source.after);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + source.after.size());
  if (!source.before.empty()) text = text.substr(0, text.find(source.before));
  if (text.empty()) return std::nullopt;
  return text;
}

bool is_text(ocsf::EntityKind kind) {
  return kind != ocsf::EntityKind::Ip && kind != ocsf::EntityKind::CloudPrincipal;
}

}  // namespace

bool holds(const Condition& condition, const JsonCells& cells) {
  const auto cell = cell_at(condition.operand, cells, 0);
  if (condition.asks == Condition::Asks::Lacks) return !cell.has_value();
  if (!cell.has_value()) return false;
  return condition.asks == Condition::Asks::Has ||
         std::ranges::find(condition.values, cell.text) != condition.values.end();
}

const EventProgram* find_event(const Program& program, const JsonCells& cells) {
  const auto* candidates = &program.other_cases;
  if (program.switch_on) {
    const auto cell = cell_at(*program.switch_on, cells, 0);
    const auto found = cell.has_value() ? program.cases.find(cell.text) : program.cases.end();
    if (found != program.cases.end()) candidates = &found->second;
  }
  for (const auto number : *candidates) {
    const auto& way = program.ways[number];
    const auto passes = [&](const Condition& condition) { return holds(condition, cells); };
    if (std::ranges::all_of(way.conditions, passes)) return &program.events[way.event];
  }
  return nullptr;
}

bool Run::has_value(const JsonCell& cell) const {
  return cell.has_value() &&
         (cell.kind != JsonCell::Kind::Text ||
          std::ranges::find(program_->absent, cell.text) == program_->absent.end());
}

void Run::tell_unreadable(const Operand& operand, std::string_view text) {
  if (unreadable_.size() < kMaxUnreadable) {
    unreadable_.push_back(fmt::format("{}: {}", operand.path, utf8_prefix(text, kMaxToldText)));
  }
}

Value Run::split(std::string_view text, const Source& source, EventTexts& texts) {
  texts_.clear();
  while (!text.empty() && texts_.size() < kMaxSplit) {
    const auto size =
        source.separator.empty() ? text.size() : std::min(text.find(source.separator), text.size());
    const auto piece = trim_ascii(text.substr(0, size));
    if (!piece.empty()) {
      const auto value =
          convert({JsonCell::Kind::Text, piece}, source.conversion, source.as_millis, texts);
      if (value.kind() == Value::Kind::Text) texts_.push_back(value.as_text());
    }
    text.remove_prefix(
        std::min(size + std::max<std::size_t>(source.separator.size(), 1), text.size()));
  }
  return texts_.empty() ? Value() : Value::of(texts.own_list(texts_));
}

Value Run::looked_up(const Source& source, std::string_view text, EventTexts& texts) const {
  const auto& table = program_->tables[*source.table];
  const auto found = table.rows.find(text);
  if (found != table.rows.end()) return value_of(found->second, texts);
  for (const auto& [prefix, constant] : table.prefixes) {
    if (text.starts_with(prefix)) return value_of(constant, texts);
  }
  return {};
}

Value Run::first(const Source& source, std::size_t row, EventTexts& texts) {
  for (const auto& operand : source.operands) {
    auto cell = cell_at(operand, *cells_, row);
    if (!has_value(cell)) continue;
    if (!source.after.empty() || !source.before.empty()) {
      const auto part = part_of(cell.text, source);
      if (!part) continue;
      cell = {JsonCell::Kind::Text, *part};
    }
    if (source.table) {
      auto value = looked_up(source, cell.text, texts);
      if (!value.is_absent()) return value;
      continue;
    }
    if (source.is_texts) return split(cell.text, source, texts);
    auto value = convert(cell, source.conversion, source.as_millis, texts);
    const bool is_allowed =
        source.words.empty() || std::ranges::binary_search(source.words, value.as_text());
    if (!value.is_absent() && is_allowed) return value;
    if (!source.is_lenient) tell_unreadable(operand, cell.text);
  }
  return {};
}

Value Run::each(const Source& source, EventTexts& texts) {
  texts_.clear();
  for (const auto& operand : source.operands) {
    for (std::size_t row = 0; row < cells_->rows(*operand.place.list); ++row) {
      const auto cell = cell_at(operand, *cells_, row);
      if (!has_value(cell)) continue;
      const auto value = convert(cell, source.conversion, source.as_millis, texts);
      if (value.kind() == Value::Kind::Text) {
        texts_.push_back(value.as_text());
      } else {
        tell_unreadable(operand, cell.text);
      }
    }
  }
  return texts_.empty() ? Value() : Value::of(texts.own_list(texts_));
}

Value Run::joined(const Source& source, std::size_t row, EventTexts& texts) {
  joined_.clear();
  for (const auto& operand : source.operands) {
    const auto cell = cell_at(operand, *cells_, row);
    if (!has_value(cell)) return {};
    if (!joined_.empty()) joined_ += source.separator;
    joined_ += cell.text;
  }
  if (source.table) return looked_up(source, joined_, texts);
  return convert({JsonCell::Kind::Text, joined_}, source.conversion, source.as_millis, texts);
}

Value Run::sum(const Source& source, std::size_t row) {
  std::int64_t total = 0;
  bool any = false;
  for (const auto& operand : source.operands) {
    const auto cell = cell_at(operand, *cells_, row);
    if (!has_value(cell)) continue;
    const auto number = read_int(cell.text);
    if (!number || __builtin_add_overflow(total, *number, &total)) {
      tell_unreadable(operand, cell.text);
      return {};
    }
    any = true;
  }
  return any ? Value::of(total) : Value();
}

Value Run::value(const Source& source, std::size_t row, EventTexts& texts) {
  Value value;
  switch (source.how) {
    case Source::How::Constant:
      if (source.is_texts)
        return split(std::get<std::string>(source.constant->value), source, texts);
      return value_of(*source.constant, texts);
    case Source::How::First:
      value = first(source, row, texts);
      break;
    case Source::How::Each:
      value = each(source, texts);
      break;
    case Source::How::Join:
      value = joined(source, row, texts);
      break;
    case Source::How::Sum:
      value = sum(source, row);
      break;
  }
  return value.is_absent() && source.otherwise ? value_of(*source.otherwise, texts) : value;
}

Result<Timestamp> Run::time(const Source& source) const {
  for (const auto& operand : source.operands) {
    const auto cell = cell_at(operand, *cells_, 0);
    if (!has_value(cell)) continue;
    if (const auto time = read_time(cell.text, source.conversion)) return *time;
    return Error(Code::InvalidArgument,
                 fmt::format("'{}' is '{}', which is no time ({})", operand.path,
                             utf8_prefix(cell.text, kMaxToldText), name_of(source.conversion)));
  }
  return Error(Code::InvalidArgument,
               fmt::format("'{}', its time, is not there", source.operands.front().path));
}

// What an object lacks makes all of it no OCSF: its values go where anything is allowed.
Status Run::check_objects(const EventProgram& event, ocsf::EventBuilder& builder) {
  for (const auto& check : event.checks) {
    const auto there = [&](std::uint32_t i) { return !values_[i].is_absent(); };
    if (std::ranges::none_of(check.members, there)) continue;
    const auto lacking = std::ranges::find_if_not(check.needs, [&](const auto& one_of) {
      return std::ranges::any_of(one_of.numbers, there);
    });
    if (lacking == check.needs.end()) continue;
    if (check.at.empty()) {
      return Error(Code::InvalidArgument, fmt::format("'{}' has no {}", event.name, lacking->name));
    }
    for (const auto i : check.members) {
      const auto& assignment = event.assignments[i];
      const bool is_said = assignment.source.how != Source::How::Constant;
      if (there(i) && is_said) builder.set_kept(assignment.spare, values_[i]);
      values_[i] = Value();
    }
  }
  return {};
}

// The row's values, into row_; false where a required one is missing.
bool Run::read_row(const std::vector<Assignment>& fields, std::size_t row, EventTexts& texts) {
  row_.clear();
  for (const auto& field : fields) {
    row_.push_back(value(field.source, row, texts));
    if (field.is_required && row_.back().is_absent()) return false;
  }
  return true;
}

void Run::put_list(const RecordList& list, EventTexts& texts, ocsf::EventBuilder& builder) {
  bool has_begun = false;
  const std::size_t count = list.rows ? cells_->rows(*list.rows->place.list) : list.fields.size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto& fields = list.fields[list.rows ? 0 : i];
    if (!read_row(fields, list.rows ? i : 0, texts)) continue;
    if (!has_begun) builder.begin_list(list.attribute);
    has_begun = true;
    builder.begin_record();
    for (std::size_t field = 0; field < row_.size(); ++field) {
      if (!row_[field].is_absent()) builder.set_kept(fields[field].attribute, row_[field]);
    }
  }
  if (has_begun) builder.end_list();
}

void Run::name_entities(const EventProgram& event, ocsf::EventBuilder& builder) {
  for (const auto& entity : event.entities) {
    const auto& value = values_[entity.assignment];
    const auto name = [&builder, &entity](std::string_view key) {
      if (key.empty()) return;
      builder.name_entity(entity.kind, entity.role,
                          is_text(entity.kind) ? ascii_lower(key) : std::string(key));
    };
    if (value.kind() == Value::Kind::Texts) {
      for (const auto text : value.as_texts()) name(text);
    } else {
      name(value.as_text());
    }
  }
}

Result<ocsf::Event> Run::event(const Program& program, const EventProgram& event,
                               const JsonCells& cells, std::string_view record,
                               const Digest& digest) {
  program_ = &program;
  cells_ = &cells;
  unreadable_.clear();
  WINNOW_TRY(const auto when, time(event.time));
  ocsf::EventBuilder builder(event.class_uid, when, digest, record.size());
  EventTexts texts(builder, record);
  values_.clear();
  for (const auto& assignment : event.assignments) {
    values_.push_back(value(assignment.source, 0, texts));
    if (assignment.is_required && values_.back().is_absent()) {
      return Error(Code::InvalidArgument, fmt::format("'{}' has no usable '{}'", event.name,
                                                      assignment.source.operands.front().path));
    }
  }
  WINNOW_TRY(check_objects(event, builder));
  for (std::size_t i = 0; i < values_.size(); ++i) {
    if (!values_[i].is_absent()) builder.set_kept(event.assignments[i].attribute, values_[i]);
  }
  for (const auto& list : event.lists) put_list(list, texts, builder);
  name_entities(event, builder);
  if (!unreadable_.empty()) {
    texts_.assign(unreadable_.begin(), unreadable_.end());
    builder.set(kUnreadable, texts_);
  }
  if (texts.has_cut()) builder.set(kIsTruncated, true);
  return std::move(builder).finish();
}

}  // namespace winnow::mapping
