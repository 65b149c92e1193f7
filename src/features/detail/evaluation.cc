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

Cell missing_of(Type type) {
  return type == Type::Number || type == Type::Bool ? Cell::missing_number() : Cell::missing_text();
}

// Where the columns of a record stand; attributes are small numbers.
class ColumnIndex {
 public:
  explicit ColumnIndex(std::span<const Column> columns) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto id = columns[i].attribute.id();
      if (id >= at_.size()) at_.resize(id + 1, -1);
      at_[id] = static_cast<int>(i);
    }
  }
  int find(ocsf::Attribute attribute) const {
    return attribute.id() < at_.size() ? at_[attribute.id()] : -1;
  }

 private:
  std::vector<int> at_;
};

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

EntityState empty_state(const History& history) {
  std::vector<Accumulator> accumulators;
  for (const auto& keep : history.keeps) accumulators.push_back(keep.empty);
  return EntityState(std::move(accumulators));
}

bool is_state_of(const EntityState& state, const History& history) {
  const auto accumulators = state.accumulators();
  if (accumulators.size() != history.keeps.size()) return false;
  for (std::size_t i = 0; i < accumulators.size(); ++i) {
    const auto& empty = history.keeps[i].empty;
    if (accumulators[i].index() != empty.index()) return false;
    const auto* counts = std::get_if<BucketCounts>(&accumulators[i]);
    if (counts == nullptr) continue;
    const auto& declared = std::get<BucketCounts>(empty);
    if (counts->width_s() != declared.width_s() || counts->capacity() != declared.capacity())
      return false;
  }
  return true;
}

Evaluation::Evaluation(const Program& program, const ocsf::Event& event, const StateSlice* before,
                       const Intelligence& intelligence)
    : program_(program),
      before_(before),
      arena_(first_memory_.data(), first_memory_.size()),
      context_{program.vocabulary, intelligence, event.time(), arena_},
      records_(program.lists.size()),
      states_(program.histories.size()) {
  read_columns(event);
  for (std::size_t i = 0; i < program.lists.size(); ++i) {
    read_records(program.lists[i], event.get(program.lists[i].attribute), records_[i]);
  }
  offsets_.reserve(program.nodes.size());
  std::size_t cells = 0;
  for (const auto& node : program.nodes) {
    offsets_.push_back(cells);
    cells += size_of(node);
  }
  cells_.resize(cells);
  done_.resize(program.nodes.size());
}

// One walk over the event's fields, not one search an attribute.
void Evaluation::read_columns(const ocsf::Event& event) {
  columns_.resize(program_.columns.size());
  const ColumnIndex index(program_.columns);
  for (const auto& field : event.attributes().fields()) {
    const int column = index.find(field.attribute);
    if (column >= 0) columns_[static_cast<std::size_t>(column)] = field.value;
  }
}

void Evaluation::read_records(const ListSource& source, const Value& list, Records& out) const {
  out.present = list.kind() == Value::Kind::Records;
  if (!out.present) return;
  const auto records = list.as_records().first(std::min(list.as_records().size(), kMaxRecords));
  out.size = records.size();
  out.values.resize(records.size() * source.columns.size());
  const ColumnIndex index(source.columns);
  for (std::size_t record = 0; record < records.size(); ++record) {
    for (const auto& field : records[record].fields()) {
      const int column = index.find(field.attribute);
      if (column >= 0)
        out.values[record * source.columns.size() + static_cast<std::size_t>(column)] = field.value;
    }
  }
}

void Evaluation::run(std::span<const NodeId> plan) {
  for (const auto id : plan) {
    if (std::exchange(done_[id], 1) == 0) compute(id);
  }
}

void Evaluation::compute(NodeId id) {
  const auto& node = program_.nodes[id];
  Cell* out = cells_.data() + offsets_[id];
  switch (node.op) {
    case Node::Op::Constant:
      *out = node.constant;
      return;
    case Node::Op::Attribute:
      if (!node.list) {
        *out = to_cell(columns_[node.column], node.type, arena_);
        return;
      }
      for (std::size_t i = 0; i < records_[*node.list].size; ++i) {
        const auto columns = program_.lists[*node.list].columns.size();
        out[i] = to_cell(records_[*node.list].values[i * columns + node.column], node.type, arena_);
      }
      return;
    case Node::Op::Call:
      return call(node, out);
    case Node::Op::Fold:
      *out = fold(node);
      return;
    case Node::Op::Remembered:
      *out = remembered(node);
      return;
  }
}

// Where the arguments of one call stand, and whether they differ from record to record.
struct Evaluation::Arguments {
  static constexpr std::size_t kMost = 64;
  std::array<const Cell*, kMost> first;
  std::array<std::size_t, kMost> step;
};

void Evaluation::call(const Node& node, Cell* out) {
  const auto count = node.arguments.size();
  if (!node.list && count <= 2) {  // most calls, by far: not a byte more than they need
    const std::array<Cell, 2> arguments = {count > 0 ? *cells_of(node.arguments[0]) : Cell(),
                                           count > 1 ? *cells_of(node.arguments[1]) : Cell()};
    *out = node.primitive->kernel(context_, {arguments.data(), count});
    return;
  }
  Arguments sources;
  for (std::size_t a = 0; a < count; ++a) {
    sources.first[a] = cells_of(node.arguments[a]);
    sources.step[a] = program_.nodes[node.arguments[a]].list ? 1 : 0;
  }
  if (node.primitive->is_costly && node.list) return call_once_a_text(node, sources, out);
  std::vector<Cell> arguments(count);
  for (std::size_t i = 0; i < size_of(node); ++i) {
    for (std::size_t a = 0; a < count; ++a) arguments[a] = sources.first[a][i * sources.step[a]];
    out[i] = node.primitive->kernel(context_, arguments);
  }
}

// The links of a mail repeat few hosts: what was computed for a text is taken over.
void Evaluation::call_once_a_text(const Node& node, const Arguments& sources, Cell* out) {
  constexpr std::size_t kRemembered =
      16;  // different texts among which a repeated one is looked for
  std::array<std::size_t, kRemembered> seen{};
  std::size_t different = 0;
  std::vector<Cell> arguments(node.arguments.size());
  for (std::size_t i = 0; i < size_of(node); ++i) {
    for (std::size_t a = 0; a < arguments.size(); ++a)
      arguments[a] = sources.first[a][i * sources.step[a]];
    const auto* known =
        std::find_if(seen.begin(), seen.begin() + different, [&](std::size_t earlier) {
          const auto& other = sources.first[0][earlier * sources.step[0]];
          return other.is_missing() == arguments[0].is_missing() &&
                 other.text() == arguments[0].text();
        });
    if (known != seen.begin() + different) {
      out[i] = out[*known];
      continue;
    }
    if (different < kRemembered) seen[different++] = i;
    out[i] = node.primitive->kernel(context_, arguments);
  }
}

Cell Evaluation::fold(const Node& node) const {
  const auto& records = records_[node.folded];
  if (!records.present) return missing_of(node.type);
  std::vector<Cell> kept;
  kept.reserve(records.size);
  const Cell* mask = node.mask ? cells_of(*node.mask) : nullptr;
  const std::size_t mask_step = node.mask && program_.nodes[*node.mask].list ? 1 : 0;
  const Cell* values = node.arguments.empty() ? nullptr : cells_of(node.arguments[0]);
  const std::size_t value_step =
      !node.arguments.empty() && program_.nodes[node.arguments[0]].list ? 1 : 0;
  for (std::size_t i = 0; i < records.size; ++i) {
    if (mask != nullptr && !mask[i * mask_step].is_yes()) continue;
    kept.push_back(values == nullptr ? Cell() : values[i * value_step]);
  }
  return node.aggregate->kernel(kept);
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
  if (known.state == nullptr) known.state = &made_.emplace_back(empty_state(history));
  return known.state;
}

Cell Evaluation::remembered(const Node& node) {
  const auto* state = state_of(node.history);
  if (state == nullptr) return {};
  return std::visit([](const auto& accumulator) { return Cell::of_object(&accumulator); },
                    state->accumulators()[node.accumulator]);
}

}  // namespace winnow::features
