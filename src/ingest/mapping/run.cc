#include "ingest/mapping/detail/run.h"

#include <algorithm>
#include <array>
#include <bit>
#include <set>
#include <span>

#include <fmt/format.h>

#include "base/utf8.h"
#include "ingest/mapping/detail/steps.h"

namespace winnow::mapping {
namespace {

using ocsf::Value;

constexpr std::size_t kMaxUnreadable = 8;  // fields told of a record
constexpr std::size_t kMaxToldText = 80;
constexpr std::size_t kMaxSplit = 256;

const ocsf::Attribute kUnreadable = ocsf::Attribute::of("unmapped.unreadable");
const ocsf::Attribute kReporter = ocsf::Attribute::of("metadata.reporter.hostname");
const ocsf::Attribute kProvider = ocsf::Attribute::of("metadata.log_provider");
const std::array kHostNames = {kReporter, ocsf::Attribute::of("metadata.reporter.name"),
                               ocsf::Attribute::of("device.hostname"),
                               ocsf::Attribute::of("device.name")};
const ocsf::Attribute kIsTruncated = ocsf::Attribute::of("metadata.is_truncated");

JsonCell cell_at(const Operand& operand, const JsonCells& cells, std::size_t row) {
  const auto& [list, column] = operand.place;
  if (!list) return cells.at(column);
  return row < cells.rows(*list) ? cells.at(*list, row, column) : JsonCell();
}

// The row that the operand asks for; past the last one where there is none.
std::size_t row_of(const Operand& operand, const JsonCells& cells, std::size_t row) {
  if (!operand.row_where) return row;
  const auto& [list, column] = *operand.row_where;
  for (std::size_t i = 0; i < cells.rows(*list); ++i) {
    if (cells.at(*list, i, column).text == operand.row_is) return i;
  }
  return cells.rows(*list);
}

// What stands behind `after` and in front of `before`, and of that behind the last `behind`;
// nothing where `after` is not there.
std::optional<std::string_view> part_of(std::string_view text, const Operand& operand) {
  const auto at = text.find(operand.after);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + operand.after.size());
  if (!operand.before.empty()) text = text.substr(0, text.find(operand.before));
  if (!operand.behind.empty()) {
    const auto last = text.rfind(operand.behind);
    if (last != std::string_view::npos) text.remove_prefix(last + operand.behind.size());
  }
  if (text.empty()) return std::nullopt;
  return text;
}

// `key` is the event's own.
void name_entity(ocsf::EntityKind kind, ocsf::Role role, std::string_view key,
                 ocsf::EventBuilder& builder) {
  if (key.empty()) return;
  const bool has_case = kind == ocsf::EntityKind::Ip || kind == ocsf::EntityKind::CloudPrincipal;
  if (has_case || is_lower(key)) {
    builder.name_kept_entity(kind, role, key);
  } else {
    builder.name_entity(kind, role, ascii_lower(key));
  }
}

}  // namespace

bool holds(const Condition& condition, const JsonCells& cells) {
  const auto cell = cell_at(condition.operand, cells, 0);
  if (condition.asks == Condition::Asks::Lacks) return !cell.has_value();
  if (!cell.has_value()) return condition.asks == Condition::Asks::Not;
  if (condition.asks == Condition::Asks::Has) return true;
  const bool is_one = std::ranges::find(condition.values, cell.text) != condition.values.end();
  return is_one == (condition.asks == Condition::Asks::Is);
}

namespace {

// The numbers of the ways that the record may be one of, in the order of their events.
std::span<const std::uint32_t> candidates_of(const Program& program, const JsonCells& cells) {
  if (!program.switch_on) return program.other_cases;
  const auto cell = cell_at(*program.switch_on, cells, 0);
  const auto* found = cell.has_value() ? program.cases.find(cell.text) : nullptr;
  return found != nullptr ? *found : program.other_cases;
}

bool holds(const Program::Way& way, const JsonCells& cells) {
  return std::ranges::all_of(way.conditions,
                             [&](const Condition& condition) { return holds(condition, cells); });
}

}  // namespace

const EventProgram* find_event(const Program& program, const JsonCells& cells) {
  for (const auto number : candidates_of(program, cells)) {
    const auto& way = program.ways[number];
    if (holds(way, cells)) return &program.events[way.event];
  }
  return nullptr;
}

const EventProgram* next_event(const Program& program, const JsonCells& cells,
                               const EventProgram& failed) {
  const auto behind = static_cast<std::size_t>(&failed - program.events.data());
  for (const auto number : candidates_of(program, cells)) {
    const auto& way = program.ways[number];
    if (way.event > behind && !way.conditions.empty() && holds(way, cells))
      return &program.events[way.event];
  }
  return nullptr;
}

inline bool Run::has_value(const JsonCell& cell) const {
  return cell.has_value() &&
         (cell.kind != JsonCell::Kind::Text || cell.text.size() > program_->longest_absent ||
          std::ranges::find(program_->absent, cell.text) == program_->absent.end());
}

void Run::tell_unreadable(const Operand& operand, std::string_view text) {
  if (unreadable_.size() < kMaxUnreadable) {
    unreadable_.push_back(fmt::format("{}: {}", operand.path, utf8_prefix(text, kMaxToldText)));
  }
}

Value Run::converted(const JsonCell& cell, const Source& source, EventTexts& texts) const {
  if (source.formats.empty()) return convert(cell, source.conversion, source.as_millis, texts);
  const auto time = time_of(source, cell.text);
  return time ? time_value(*time, source.as_millis, texts) : Value();
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
  if (const auto* found = table.rows.find(text)) return value_of(*found, texts);
  for (const auto& [prefix, constant] : table.prefixes) {
    if (text.starts_with(prefix)) return value_of(constant, texts);
  }
  return {};
}

Value Run::first(const Source& source, std::size_t row, EventTexts& texts) {
  for (const auto& operand : source.operands) {
    auto cell = cell_at(operand, *cells_, row_of(operand, *cells_, row));
    if (!has_value(cell)) continue;
    if (operand.is_part()) {
      const auto part = part_of(cell.text, operand);
      if (!part) continue;
      cell = {JsonCell::Kind::Text, *part};
    }
    if (source.table) {
      auto value = looked_up(source, cell.text, texts);
      if (!value.is_absent()) return value;
      continue;
    }
    if (source.is_texts) return split(cell.text, source, texts);
    auto value = converted(cell, source, texts);
    const bool is_allowed =
        (source.words.empty() || std::ranges::binary_search(source.words, value.as_text())) &&
        (source.numbers.empty() || std::ranges::binary_search(source.numbers, value.as_int()));
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

// All of its operands as one text, into joined_; false where one has no value.
bool Run::join(const Source& source, std::size_t row) {
  joined_.clear();
  for (const auto& operand : source.operands) {
    const auto cell = cell_at(operand, *cells_, row_of(operand, *cells_, row));
    if (!has_value(cell)) return false;
    const auto part = operand.is_part() ? part_of(cell.text, operand) : cell.text;
    if (!part) return false;
    if (!joined_.empty()) joined_ += source.separator;
    joined_ += *part;
  }
  return true;
}

Value Run::joined(const Source& source, std::size_t row, EventTexts& texts) {
  if (!join(source, row)) return {};
  if (source.table) return looked_up(source, joined_, texts);
  auto value = converted({JsonCell::Kind::Text, joined_}, source, texts);
  if (value.is_absent() && !source.formats.empty() && !source.is_lenient)
    tell_unreadable(source.operands.front(), joined_);
  return value;
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

std::optional<Timestamp> Run::time_of(const Source& source, std::string_view text) const {
  if (source.formats.empty()) return read_time(text, source.conversion);
  for (const auto& format : source.formats) {
    if (const auto time = format.read(text, arrived_)) return time;
  }
  return std::nullopt;
}

// The time of the event is told by one field, or by several that are joined.
Result<Timestamp> Run::time(const Source& source, const LogOrigin& origin) {
  const auto no_time = [&](const Operand& operand, std::string_view text) {
    return Error(
        Code::InvalidArgument,
        fmt::format("'{}' is '{}', which is no time ({})", operand.path,
                    utf8_prefix(text, kMaxToldText),
                    source.formats.empty() ? name_of(source.conversion) : "of its format"));
  };
  if (source.how == Source::How::Join && join(source, 0)) {
    if (const auto time = time_of(source, joined_)) return *time;
    return no_time(source.operands.front(), joined_);
  }
  for (const auto& operand : source.operands) {
    if (source.how == Source::How::Join) break;
    const auto cell = cell_at(operand, *cells_, 0);
    if (!has_value(cell)) continue;
    const auto part = operand.is_part() ? part_of(cell.text, operand) : cell.text;
    if (const auto time = part ? time_of(source, *part) : std::nullopt) return *time;
    return no_time(operand, cell.text);
  }
  if (origin.time) return *origin.time;
  return Error(Code::InvalidArgument,
               fmt::format("'{}', its time, is not there", source.operands.front().path));
}

// The value that the step takes from a cell that has one.
Value Run::taken(const Step& step, const Source& source, const JsonCell& cell, EventTexts& texts) {
  if (step.takes == Step::Takes::Lookup) return looked_up(source, cell.text, texts);
  const auto made = convert(cell, step.conversion, step.as_millis, texts);
  if (made.is_absent() && !source.is_lenient) tell_unreadable(source.operands.front(), cell.text);
  return made;
}

// The value of an assignment of the event, whose constants were copied to `constants`.
inline Value Run::value(const EventProgram& event, std::size_t assignment, const char* constants,
                        EventTexts& texts) {
  const auto& step = event.steps[assignment];
  if (step.takes == Step::Takes::Anything)
    return value(event.assignments[assignment].source, 0, texts);
  if (step.takes != Step::Takes::Nothing) {
    const auto cell = cells_->at(step.column);
    if (has_value(cell)) {
      const auto made = taken(step, event.assignments[assignment].source, cell, texts);
      if (!made.is_absent()) return made;
    }
  }
  if (step.otherwise.kind() != Value::Kind::Text) return step.otherwise;
  const auto text = step.otherwise.as_text();
  return Value::of(
      std::string_view(constants + (text.data() - event.constants.data()), text.size()));
}

// The values of all assignments, into fields_ and present_. A field is written once, where it
// stays: to read back what was just written in pieces would wait for the memory.
Status Run::read_values(const EventProgram& event, EventTexts& texts) {
  const auto* constants = texts.keep({event.constants.data(), event.constants.size()}).data();
  fields_.clear();
  fields_.reserve(event.steps.size());
  present_.assign(event.required.size(), 0);
  for (std::size_t i = 0; i < event.steps.size(); ++i) {
    const auto made = value(event, i, constants, texts);
    if (made.is_absent()) continue;
    fields_.emplace_back(event.steps[i].attribute, made);  // in place: see above
    set_bit(present_, i);
  }
  for (std::size_t word = 0; word < present_.size(); ++word) {
    const auto missing = event.required[word] & ~present_[word];
    if (missing == 0) continue;
    const auto& first =
        event.assignments[64 * word + static_cast<std::size_t>(std::countr_zero(missing))];
    return Error(Code::InvalidArgument, fmt::format("'{}' has no usable '{}'", event.name,
                                                    first.source.operands.front().path));
  }
  return {};
}

// What an object lacks makes all of it no OCSF: its values go where anything is allowed.
Status Run::check_objects(const EventProgram& event) {
  const auto words = present_.size();
  for (const auto& check : event.checks) {
    const auto* bits = check.bits.data();
    if (is_disjoint(present_, bits)) continue;
    for (const auto& need : check.needs) {
      bits += words;
      if (!is_disjoint(present_, bits)) continue;
      if (check.at.empty()) return lacking(event, need);
      move_to_spares(event, check);
      break;
    }
  }
  return {};
}

// Only fields are named, so that records that lack the same have the same reason.
Error Run::lacking(const EventProgram& event, const ObjectCheck::Need& need) const {
  auto why = fmt::format("'{}' has no {}", event.name, need.name);
  std::set<std::string_view> fields;
  for (const auto& told : unreadable_)
    fields.insert(std::string_view(told).substr(0, told.find(": ")));
  if (!fields.empty()) why += fmt::format("; it cannot read '{}'", fmt::join(fields, "', '"));
  return {Code::InvalidArgument, std::move(why)};
}

void Run::move_to_spares(const EventProgram& event, const ObjectCheck& check) {
  for (const auto i : check.members) {
    if (!has_bit(present_, i)) continue;
    const auto field = fields_.begin() + static_cast<std::ptrdiff_t>(count_below(present_, i));
    const auto& assignment = event.assignments[i];
    const bool is_said = assignment.source.how != Source::How::Constant;
    if (is_said) spares_.push_back({assignment.spare, field->value});
    fields_.erase(field);
    present_[i / 64] &= ~(std::uint64_t{1} << i % 64);
  }
}

// The value of an assignment, once all are read.
Value Run::kept(std::uint32_t assignment) const {
  return has_bit(present_, assignment) ? fields_[count_below(present_, assignment)].value : Value();
}

// The row's values, into row_; false where its object would lack something.
bool Run::read_row(const RecordList& list, std::size_t which, std::size_t row, EventTexts& texts) {
  row_.clear();
  for (const auto& field : list.fields[which]) {
    row_.push_back(value(field.source, row, texts));
    if (field.is_required && row_.back().is_absent()) return false;
  }
  const auto& one_of = list.one_of[which];
  return one_of.empty() ||
         std::ranges::any_of(one_of, [&](std::uint32_t i) { return !row_[i].is_absent(); });
}

void Run::put_list(const RecordList& list, EventTexts& texts, ocsf::EventBuilder& builder) {
  bool has_begun = false;
  const std::size_t count = list.rows ? cells_->rows(*list.rows->place.list) : list.fields.size();
  for (std::size_t i = 0; i < count; ++i) {
    const auto& fields = list.fields[list.rows ? 0 : i];
    if (!read_row(list, list.rows ? 0 : i, list.rows ? i : 0, texts)) continue;
    if (!has_begun) builder.begin_list(list.attribute);
    has_begun = true;
    builder.begin_record();
    for (std::size_t field = 0; field < row_.size(); ++field) {
      if (!row_[field].is_absent()) builder.set_kept(fields[field].attribute, row_[field]);
    }
    for (const auto& entity : list.entities) {
      if (entity.row.value_or(i) == i)
        name_entity(entity.kind, entity.role, row_[entity.field].as_text(), builder);
    }
  }
  if (has_begun) builder.end_list();
}

// Nothing where one of its parts is absent.
std::string_view Run::joined_key(const EntityName& entity) {
  joined_.clear();
  for (const auto assignment : entity.assignments) {
    const auto part = kept(assignment).as_text();
    if (part.empty()) return {};
    if (!joined_.empty()) joined_ += '/';
    joined_ += part;
  }
  return joined_;
}

// Whoever carried a record knows the host that it came from, and the application: where the record
// names neither itself.
void Run::tell_origin(const LogOrigin& origin, ocsf::EventBuilder& builder) const {
  const auto says = [&](const auto& attributes) {
    return std::ranges::any_of(fields_, [&](const ocsf::Field& field) {
      return !field.value.is_absent() &&
             std::ranges::find(attributes, field.attribute) != attributes.end();
    });
  };
  if (!origin.host.empty() && !says(kHostNames)) builder.set(kReporter, to_valid_utf8(origin.host));
  if (!origin.app.empty() && !says(std::span(&kProvider, 1)))
    builder.set(kProvider, to_valid_utf8(origin.app));
}

void Run::name_entities(const EventProgram& event, ocsf::EventBuilder& builder) {
  for (const auto& entity : event.entities) {
    const auto value = kept(entity.assignments.front());
    const auto name = [&builder, &entity](std::string_view key) {
      name_entity(entity.kind, entity.role, key, builder);
    };
    if (entity.assignments.size() > 1) {
      name(builder.keep(joined_key(entity)));
    } else if (value.kind() == Value::Kind::Texts) {
      for (const auto text : value.as_texts()) name(text);
    } else {
      name(value.as_text());
    }
  }
}

Result<ocsf::Event> Run::event(const Program& program, const EventProgram& event,
                               const JsonCells& cells, std::string_view record,
                               const Digest& digest, const LogOrigin& origin) {
  program_ = &program;
  cells_ = &cells;
  arrived_ = origin.arrived;
  unreadable_.clear();
  WINNOW_TRY(const auto when, time(event.time, origin));
  ocsf::EventBuilder builder(event.class_uid, when, digest, record.size());
  EventTexts texts(builder, record);
  WINNOW_TRY(read_values(event, texts));
  spares_.clear();
  WINNOW_TRY(check_objects(event));
  if (!spares_.empty()) builder.set_all_kept(spares_);
  builder.set_all_kept(fields_);
  for (const auto& list : event.lists) put_list(list, texts, builder);
  tell_origin(origin, builder);
  name_entities(event, builder);
  if (!unreadable_.empty()) {
    texts_.assign(unreadable_.begin(), unreadable_.end());
    builder.set(kUnreadable, texts_);
  }
  if (texts.has_cut()) builder.set(kIsTruncated, true);
  return std::move(builder).finish();
}

}  // namespace winnow::mapping
