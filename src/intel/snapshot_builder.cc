#include "intel/snapshot_builder.h"

#include <algorithm>
#include <bit>
#include <map>
#include <unordered_map>
#include <vector>

#include <fmt/format.h>

#include "base/bytes.h"
#include "intel/detail/fingerprint.h"
#include "intel/detail/snapshot_layout.h"
#include "intel/detail/snapshot_tail.h"
#include "names/ip_address.h"

namespace winnow {
namespace {

using detail::SnapshotHeader;

// What many statements of one list have in common.
struct Attribution {
  std::string source;
  std::vector<std::string> labels;
  std::uint32_t rank = 0;
  std::uint8_t confidence = 0;
  std::optional<Timestamp> first_seen, last_seen, expires;
  auto operator<=>(const Attribution&) const = default;
};

struct Statement {
  std::uint64_t value_head;  // the first 8 bytes, big-endian: most comparisons end there
  std::uint64_t value_at;    // in the arena
  std::uint32_t value_size;
  std::uint32_t attribution;
  IndicatorKind kind;
  bool with_subdomains;
};

constexpr std::uint64_t kMaxStatements = std::uint64_t{1} << 31;
constexpr unsigned kMaxProbes = 256;

std::uint32_t& count_of(SnapshotHeader& header, IndicatorKind kind) {
  switch (kind) {
    case IndicatorKind::Domain:
      return header.domains;
    case IndicatorKind::Url:
      return header.urls;
    case IndicatorKind::Mailbox:
      return header.mailboxes;
    default:
      return header.files;
  }
}

std::uint64_t head_of(std::string_view value) {
  std::uint64_t head = 0;
  for (std::size_t i = 0; i < 8; ++i)
    head = head << 8 | (i < value.size() ? static_cast<unsigned char>(value[i]) : 0U);
  return head;
}

// A section and the zeros up to the next multiple of 8.
template <typename T>
void put_column(std::string& out, const std::vector<T>& values) {
  const auto bytes = values.size() * sizeof(T);
  const auto at = out.size();
  out.resize(at + (bytes + 7) / 8 * 8);
  if (bytes > 0) std::memcpy(out.data() + at, values.data(), bytes);
}

void put_padded(std::string& out, std::string_view bytes) {
  out += bytes;
  out.resize((out.size() + 7) / 8 * 8);
}

struct Table {
  std::uint64_t seed = 0;
  std::vector<std::uint64_t> fingerprints;
  std::vector<std::uint32_t> keys;
};

// Open addressing with linear probing, filled in the order of the keys. A list made to collide gets
// another seed: probing stays short whoever wrote the list.
Result<Table> make_table(const std::vector<std::pair<IndicatorKind, std::string_view>>& values) {
  unsigned bits = 1;
  while (values.size() * 10 > (std::uint64_t{7} << bits)) ++bits;
  const std::uint64_t mask = (std::uint64_t{1} << bits) - 1;
  for (std::uint64_t seed = 0; seed < 16; ++seed) {
    Table table{seed, std::vector<std::uint64_t>(mask + 1), std::vector<std::uint32_t>(mask + 1)};
    unsigned longest = 0;
    for (std::size_t key = 0; key < values.size() && longest <= kMaxProbes; ++key) {
      const auto print = detail::fingerprint(values[key].first, values[key].second, seed);
      unsigned probes = 0;
      auto slot = print >> (64 - bits);
      for (; table.fingerprints[slot] != 0 && probes <= kMaxProbes; ++probes)
        slot = (slot + 1) & mask;
      table.fingerprints[slot] = print;
      table.keys[slot] = static_cast<std::uint32_t>(key);
      longest = std::max(longest, probes);
    }
    if (longest <= kMaxProbes) return table;
  }
  return Error(Code::InvalidArgument, "the indicators collide under every seed of the hash table");
}

// Each block's innermost enclosing block; `blocks` are sorted, enclosing ones before those inside.
std::vector<std::uint32_t> parents_of(std::span<const IpBlock> blocks) {
  std::vector<std::uint32_t> parents, open;
  for (const auto& block : blocks) {
    while (!open.empty() && !blocks[open.back()].contains(block.first())) open.pop_back();
    parents.push_back(open.empty() ? detail::kNoParent : open.back());
    open.push_back(static_cast<std::uint32_t>(parents.size() - 1));
  }
  return parents;
}

// Names in sorted order, each with its number.
class Names {
 public:
  void add(const std::string& name) { numbers_.emplace(name, 0); }
  void number() {
    std::uint32_t next = 0;
    for (auto& [name, number] : numbers_) number = next++;
  }
  std::uint32_t operator[](const std::string& name) const { return numbers_.at(name); }
  std::uint32_t size() const { return static_cast<std::uint32_t>(numbers_.size()); }
  const std::map<std::string, std::uint32_t>& all() const { return numbers_; }

 private:
  std::map<std::string, std::uint32_t> numbers_;
};

struct AttributionColumns {
  std::string records;
  std::vector<std::uint32_t> label_refs, string_begins;
  std::string strings;
};

AttributionColumns attribution_columns(const std::vector<const Attribution*>& sorted,
                                       SnapshotHeader& header) {
  Names labels, sources;
  for (const auto* one : sorted) {
    sources.add(one->source);
    for (const auto& label : one->labels) labels.add(label);
  }
  labels.number();
  sources.number();
  AttributionColumns columns;
  ByteWriter records;
  const auto micros = [](const std::optional<Timestamp>& time) {
    return time ? time->micros() : 0;
  };
  for (const auto* one : sorted) {
    const int known = (one->first_seen ? detail::kFirstSeenKnown : 0) |
                      (one->last_seen ? detail::kLastSeenKnown : 0) |
                      (one->expires ? detail::kExpiryKnown : 0);
    records.put(sources[one->source])
        .put(static_cast<std::uint32_t>(columns.label_refs.size()))
        .put(static_cast<std::uint16_t>(one->labels.size()))
        .put(one->confidence)
        .put(static_cast<std::uint8_t>(known))
        .put(one->rank)
        .put(micros(one->first_seen))
        .put(micros(one->last_seen))
        .put(micros(one->expires));
    for (const auto& label : one->labels) columns.label_refs.push_back(labels[label]);
  }
  columns.records = std::move(records).bytes();
  for (const auto* names : {&labels, &sources}) {
    for (const auto& [name, number] : names->all()) {
      columns.string_begins.push_back(static_cast<std::uint32_t>(columns.strings.size()));
      columns.strings += name;
    }
  }
  columns.string_begins.push_back(static_cast<std::uint32_t>(columns.strings.size()));
  header.attributions = static_cast<std::uint32_t>(sorted.size());
  header.label_refs = static_cast<std::uint32_t>(columns.label_refs.size());
  header.labels = labels.size();
  header.sources = sources.size();
  header.string_bytes = static_cast<std::uint32_t>(columns.strings.size());
  return columns;
}

}  // namespace

struct SnapshotBuilder::State {
  std::string arena;
  std::vector<Statement> statements;
  std::map<Attribution, std::uint32_t> attributions;
  std::vector<Brand> brands;
  std::vector<IntelList> lists;
  // Feeds come list by list: the last attribution is nearly always the next one too.
  const Attribution* last = nullptr;
  std::uint32_t last_number = 0;

  std::uint32_t intern(Attribution attribution);
  std::string_view value(const Statement& statement) const {
    return std::string_view(arena).substr(statement.value_at, statement.value_size);
  }
  std::vector<const Attribution*> sort_attributions();
  void sort_statements();
  Result<std::string> compile();
};

std::uint32_t SnapshotBuilder::State::intern(Attribution attribution) {
  if (last != nullptr && *last == attribution) return last_number;
  const auto [found, added] =
      attributions.emplace(std::move(attribution), static_cast<std::uint32_t>(attributions.size()));
  last = &found->first;
  last_number = found->second;
  return last_number;
}

// Renumbers the attributions in sorted order, so that the order of adding leaves no trace.
std::vector<const Attribution*> SnapshotBuilder::State::sort_attributions() {
  std::vector<const Attribution*> sorted;
  std::vector<std::uint32_t> renumbered(attributions.size());
  for (const auto& [attribution, number] : attributions) {
    renumbered[number] = static_cast<std::uint32_t>(sorted.size());
    sorted.push_back(&attribution);
  }
  for (auto& statement : statements) statement.attribution = renumbered[statement.attribution];
  return sorted;
}

void SnapshotBuilder::State::sort_statements() {
  const auto order = [&](const Statement& a, const Statement& b) -> std::strong_ordering {
    if (a.kind != b.kind) return detail::rank_of(a.kind) <=> detail::rank_of(b.kind);
    if (a.value_head != b.value_head) return a.value_head <=> b.value_head;
    if (const auto values = value(a) <=> value(b); values != 0) return values;
    return a.attribution <=> b.attribution;
  };
  std::ranges::sort(statements, [&](const auto& a, const auto& b) {
    const auto ordering = order(a, b);
    return ordering < 0 || (ordering == 0 && a.with_subdomains && !b.with_subdomains);
  });
  const auto repeated = std::ranges::unique(
      statements, [&](const auto& a, const auto& b) { return order(a, b) == 0; });
  statements.erase(repeated.begin(), repeated.end());
}

Result<std::string> SnapshotBuilder::State::compile() {
  SnapshotHeader header;
  const auto sorted = sort_attributions();
  sort_statements();

  std::vector<std::pair<IndicatorKind, std::string_view>> values;  // text keys
  std::vector<std::uint32_t> value_begins = {0}, entry_begins, entries;
  std::string text;
  std::vector<std::pair<IpBlock, std::uint32_t>> blocks;
  const Statement* previous = nullptr;
  for (const auto& statement : statements) {
    const auto entry =
        statement.attribution | (statement.with_subdomains ? detail::kWithSubdomains : 0);
    if (statement.kind == IndicatorKind::Ip) {
      WINNOW_TRY(const auto block, IpBlock::parse(value(statement)));
      blocks.emplace_back(block, entry);
      continue;
    }
    if (previous == nullptr || previous->kind != statement.kind ||
        value(*previous) != value(statement)) {
      values.emplace_back(statement.kind, value(statement));
      text += value(statement);
      value_begins.push_back(static_cast<std::uint32_t>(text.size()));
      entry_begins.push_back(static_cast<std::uint32_t>(entries.size()));
      ++count_of(header, statement.kind);
    }
    entries.push_back(entry);
    previous = &statement;
  }

  std::ranges::sort(blocks);  // IPv4 first, enclosing blocks before those inside
  std::vector<IpBlock> ip4, ip6;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    const auto& [block, entry] = blocks[i];
    if (i == 0 || blocks[i - 1].first != block) {
      (block.first().is_v4() ? ip4 : ip6).push_back(block);
      entry_begins.push_back(static_cast<std::uint32_t>(entries.size()));
    }
    entries.push_back(entry);
  }
  entry_begins.push_back(static_cast<std::uint32_t>(entries.size()));

  WINNOW_TRY(const auto table, make_table(values));
  const auto columns = attribution_columns(sorted, header);
  WINNOW_TRY(const auto tail, detail::write_tail(std::move(brands), std::move(lists)));
  header.ip4 = static_cast<std::uint32_t>(ip4.size());
  header.ip6 = static_cast<std::uint32_t>(ip6.size());
  header.entries = static_cast<std::uint32_t>(entries.size());
  header.table_bits = static_cast<std::uint32_t>(std::countr_zero(table.keys.size()));
  header.text_bytes = text.size();
  header.tail_bytes = tail.size();
  header.seed = table.seed;

  std::string out = detail::write_header(header, 0);
  out.reserve(detail::layout_of(header).end);
  put_column(out, table.fingerprints);
  put_column(out, table.keys);
  put_column(out, value_begins);
  put_column(out, entry_begins);
  put_column(out, entries);
  for (const auto& family : {ip4, ip6}) {
    std::string firsts;
    std::vector<std::uint8_t> bits;
    for (const auto& block : family) {
      if (block.first().is_v4()) {
        const auto first = block.first().v4_value();
        firsts.append(reinterpret_cast<const char*>(&first), sizeof first);
      } else {
        firsts.append(reinterpret_cast<const char*>(block.first().bytes().data()), 16);
      }
      bits.push_back(static_cast<std::uint8_t>(block.prefix_bits()));
    }
    put_padded(out, firsts);
    put_column(out, parents_of(family));
    put_column(out, bits);
  }
  put_padded(out, columns.records);
  put_column(out, columns.label_refs);
  put_column(out, columns.string_begins);
  put_padded(out, columns.strings);
  put_padded(out, text);
  put_padded(out, tail);
  const auto checksum = detail::snapshot_checksum(out);
  out.replace(0, detail::kSnapshotHeaderBytes, detail::write_header(header, checksum));
  return out;
}

SnapshotBuilder::SnapshotBuilder() : state_(std::make_unique<State>()) {}
SnapshotBuilder::~SnapshotBuilder() = default;
SnapshotBuilder::SnapshotBuilder(SnapshotBuilder&&) noexcept = default;
SnapshotBuilder& SnapshotBuilder::operator=(SnapshotBuilder&&) noexcept = default;

void SnapshotBuilder::add(const Indicator& indicator) {
  auto labels = indicator.labels;
  std::ranges::sort(labels);
  const auto repeated = std::ranges::unique(labels);
  labels.erase(repeated.begin(), repeated.end());
  const auto attribution =
      state_->intern({indicator.source, std::move(labels), indicator.rank, indicator.confidence,
                      indicator.first_seen, indicator.last_seen, indicator.expires});
  state_->statements.push_back(
      {head_of(indicator.value), state_->arena.size(),
       static_cast<std::uint32_t>(indicator.value.size()), attribution, indicator.kind,
       indicator.with_subdomains && indicator.kind == IndicatorKind::Domain});
  state_->arena += indicator.value;
}

void SnapshotBuilder::add(Brand brand) { state_->brands.push_back(std::move(brand)); }
void SnapshotBuilder::add(IntelList list) { state_->lists.push_back(std::move(list)); }

Result<std::string> SnapshotBuilder::build() && {
  if (state_->statements.size() >= kMaxStatements ||
      state_->arena.size() >= (std::uint64_t{1} << 32)) {
    return Error(Code::Exhausted,
                 fmt::format("{} statements of {} bytes are more than a snapshot holds",
                             state_->statements.size(), state_->arena.size()));
  }
  return state_->compile();
}

}  // namespace winnow
