#include "features/detail/evaluation.h"

#include <algorithm>

#include "base/bytes.h"
#include "base/digest.h"

namespace winnow::features {
namespace {

using ocsf::Value;

// The value as the declared type; missing when the event holds something else.
Cell to_cell(const Value& value, Type type, std::pmr::memory_resource& arena) {
  const auto kind = value.kind();
  switch (type) {
    case Type::Number:
      return kind == Value::Kind::Int || kind == Value::Kind::Real ? Cell::of(value.as_real())
                                                                   : Cell::missing_number();
    case Type::Bool:
      return kind == Value::Kind::Bool ? Cell::of(value.as_bool()) : Cell::missing_number();
    case Type::Text:
      return kind == Value::Kind::Text ? Cell::of(value.as_text()) : Cell::missing_text();
    case Type::Texts: {
      if (kind != Value::Kind::Texts) return Cell::missing_text();
      const auto texts = value.as_texts();
      if (!texts.empty()) return Cell::of_object(texts.data(), texts.size());
      return Cell::of_object(static_cast<std::string_view*>(arena.allocate(1)),
                             0);  // present, of no texts
    }
    default:
      return Cell::missing_text();
  }
}

std::string key_of(std::span<const std::string_view> parts) {
  std::string key;
  if (parts.size() == 1) {
    key = parts[0];
  } else {
    ByteWriter out;  // with lengths, so that no two lists of parts make one key
    for (const auto part : parts) out.put_text(part);
    key = std::move(out).bytes();
  }
  return key.size() <= StateKey::kMaxKeyBytes ? key : "sha256:" + sha256(key).hex();
}

}  // namespace

bool is_state_of(const EntityState& state, const History& history) {
  const auto accumulators = state.accumulators();
  if (accumulators.size() != history.keeps.size()) return false;
  for (std::size_t i = 0; i < accumulators.size(); ++i) {
    if (!same_shape(accumulators[i], history.keeps[i].empty)) return false;
  }
  return true;
}

Evaluation::Evaluation(const Program& program, const ocsf::Event& event, const StateSlice* before,
                       const Intelligence& intelligence)
    : program_(program),
      event_(event),
      before_(before),
      arena_(first_memory_.data(), first_memory_.size()),
      context_{program.vocabulary, intelligence, event.time(), arena_},
      tables_(program.layout.tables()),
      done_(program.nodes.size()),
      arguments_(program.layout.most_arguments()),
      sources_(program.layout.most_arguments()),
      states_(program.histories.size()) {
  const auto beginning = program.layout.beginning();
  auto& table = tables_[Place::kEvent];
  table = {true, true, 1, {beginning.begin(), beginning.end()}};
  read_attributes(event.attributes(), Place::kEvent, 0);
  // What every event has and no mapping sets.
  static const auto kClass = ocsf::Attribute::of("class_uid"), kTime = ocsf::Attribute::of("time");
  const ocsf::Field derived[] = {
      {kClass, Value::of(std::int64_t{static_cast<std::uint32_t>(event.class_uid())})},
      {kTime, Value::of(event.time().millis())},
  };
  read_attributes(ocsf::Record(derived), Place::kEvent, 0);
}

// One walk over the fields, not one search an attribute.
void Evaluation::read_attributes(const ocsf::Record& record, std::uint32_t which,
                                 std::size_t index) {
  const auto& layout = program_.layout.table(which);
  auto& table = tables_[which];
  for (const auto& field : record.fields()) {
    if (const auto* to = layout.find(field.attribute); to != nullptr)
      table.cells[to->column * table.size + index] = to_cell(field.value, to->type, arena_);
  }
}

// Lists are read when they are first asked for: many plans ask for none.
const Evaluation::Table& Evaluation::table(std::uint32_t which) {
  if (!tables_[which].was_read) read_list(which);
  return tables_[which];
}

void Evaluation::read_list(std::uint32_t which) {
  auto& table = tables_[which];
  table.was_read = true;
  const auto list = event_.get(program_.lists[which - Place::of_list(0)].attribute);
  table.present = list.kind() == Value::Kind::Records;
  const auto records = list.as_records().first(std::min(list.as_records().size(), kMaxRecords));
  if (records.empty()) return;
  table.size = records.size();
  const auto& layout = program_.layout.table(which);
  table.cells.resize(layout.columns * table.size);
  for (const auto& attribute : layout.attributes) {
    std::fill_n(table.cells.begin() + static_cast<std::ptrdiff_t>(attribute.column * table.size),
                table.size, missing_of(attribute.type));
  }
  for (std::size_t i = 0; i < records.size(); ++i) read_attributes(records[i], which, i);
}

void Evaluation::run(std::span<const NodeId> plan) {
  for (const auto id : plan) {
    if (std::exchange(done_[id], 1) == 0) compute(id);
  }
}

void Evaluation::compute(NodeId id) {
  const auto& step = program_.layout.step(id);
  switch (step.kind) {
    case Step::Kind::Given:
      return;
    case Step::Kind::Call:
      return call(step);
    case Step::Kind::ListCall:
      return call_for_records(step);
    case Step::Kind::TextCall:
      return call_once_a_text(step);
    case Step::Kind::Fold:
      *cells_at(step.out) = fold(step, program_.nodes[id].type);
      return;
    case Step::Kind::Remembered:
      *cells_at(step.out) = remembered(program_.nodes[id]);
      return;
  }
}

void Evaluation::call(const Step& step) {
  const auto places = program_.layout.arguments(step);
  for (std::size_t a = 0; a < places.size(); ++a) arguments_[a] = *cells_at(places[a]);
  *cells_at(step.out) = step.call(context_, {arguments_.data(), places.size()});
}

// Calls `compute(i, arguments)` for each record that counts.
template <typename Compute>
void Evaluation::for_records(const Step& step, Compute compute) {
  const auto size = table(step.out.table).size;
  if (size == 0) return;
  const auto places = program_.layout.arguments(step);
  const std::span<const Cell> arguments(arguments_.data(), places.size());
  for (std::size_t a = 0; a < places.size(); ++a) sources_[a] = source_at(places[a]);
  const Cell* where = step.where ? cells_at(*step.where) : nullptr;
  for (std::size_t i = 0; i < size; ++i) {
    if (where != nullptr && !where[i].is_yes()) continue;
    for (std::size_t a = 0; a < places.size(); ++a) arguments_[a] = sources_[a].of(i);
    compute(i, arguments);
  }
}

void Evaluation::call_for_records(const Step& step) {
  for_records(step, [&](std::size_t i, std::span<const Cell> arguments) {
    cells_at(step.out)[i] = step.call(context_, arguments);
  });
}

void Evaluation::call_once_a_text(const Step& step) {
  for_records(step, [&](std::size_t i, std::span<const Cell> arguments) {
    cells_at(step.out)[i] = answer_of(step, arguments);
  });
}

// The links of a mail repeat few hosts, often the sender's: what was computed for a text is taken
// over.
Cell Evaluation::answer_of(const Step& step, std::span<const Cell> arguments) {
  const auto& text = arguments[0];
  if (text.is_missing()) return step.call(context_, arguments);
  const auto known = std::find_if(answers_.begin(), answers_.end(), [&](const Answer& other) {
    return other.call == step.call && other.text == text.text();
  });
  if (known != answers_.end()) return known->answer;
  const auto answer = step.call(context_, arguments);
  if (answers_.size() < kMaxAnswers) answers_.push_back({step.call, text.text(), answer});
  return answer;
}

Cell Evaluation::fold(const Step& step, Type type) {
  const auto& records = table(step.folded);
  if (!records.present) return missing_of(type);
  const auto places = program_.layout.arguments(step);
  const auto where = step.where ? source_at(*step.where) : Source();
  const auto values = places.empty() ? Source() : source_at(places[0]);
  kept_.clear();
  for (std::size_t i = 0; i < records.size; ++i) {
    if (where.first != nullptr && !where.of(i).is_yes()) continue;
    kept_.push_back(values.first == nullptr ? Cell() : values.of(i));
  }
  return step.fold(kept_);
}

std::vector<StateKey> Evaluation::keys(const History& history) const {
  std::vector<std::string_view> parts(history.key.size());
  std::span<const std::string_view> fan;
  std::size_t fan_at = history.key.size();
  for (std::size_t i = 0; i < history.key.size(); ++i) {
    const auto& cell = value(history.key[i]);
    if (cell.is_missing()) return {};
    if (program_.nodes[history.key[i]].type == Type::Texts) {
      fan = cell.texts();
      fan_at = i;
    } else {
      parts[i] = cell.text();
      if (parts[i].empty()) return {};
    }
  }
  std::vector<StateKey> keys;
  if (fan_at == history.key.size()) {
    keys.push_back({history.name, key_of(parts)});
    return keys;
  }
  for (std::size_t i = 0; i < std::min(fan.size(), kMaxKeys); ++i) {
    if (fan[i].empty()) continue;
    parts[fan_at] = fan[i];
    keys.push_back({history.name, key_of(parts)});
  }
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

// All entities that the key names, as one; null when the event names none.
const EntityState* Evaluation::state_of(std::size_t at) {
  auto& known = states_[at];
  if (std::exchange(known.resolved, true)) return known.state;
  const auto& history = program_.histories[at];
  const auto wanted = keys(history);
  if (wanted.empty() || before_ == nullptr) return nullptr;
  EntityState* merged = nullptr;
  for (const auto& key : wanted) {
    const auto* state = before_->find(key);
    if (state == nullptr || !is_state_of(*state, history)) continue;
    if (known.state == nullptr) {
      known.state = state;
      continue;
    }
    if (merged == nullptr) known.state = merged = &made_.emplace_back(*known.state);
    ensure(merged->merge(*state).has_value(), "both states are declared like their history");
  }
  if (known.state == nullptr) known.state = &history.empty;
  return known.state;
}

Cell Evaluation::remembered(const Node& node) {
  const auto* state = state_of(node.history);
  if (state == nullptr) return {};
  return std::visit([](const auto& accumulator) { return Cell::of_object(&accumulator); },
                    state->accumulators()[node.accumulator]);
}

}  // namespace winnow::features
