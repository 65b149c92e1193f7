#include "cases/detail/entity_table.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "pipeline/attack_techniques.h"

namespace winnow::cases {
namespace {

constexpr std::string_view kTechnique = "technique";
constexpr std::size_t kMaxWhyShown = 3;  // of what two cases share

// How much it says of two cases that both have it, and how that is told.
struct Sharing {
  std::string_view kind;
  int weight;
  std::string_view words;
};
constexpr std::array<Sharing, 7> kSharings = {{{"file_hash", 8, "the file"},
                                               {"domain", 6, "the domain"},
                                               {"ip", 4, "the address"},
                                               {"host", 4, "the host"},
                                               {"user", 3, "the user"},
                                               {"cloud_principal", 3, "the principal"},
                                               {kTechnique, 1, "technique"}}};

struct Shared {
  std::string kind, value;
};

Result<std::vector<Shared>> of_case(Sqlite& database, std::uint64_t number) {
  WINNOW_TRY(auto select,
             database.prepare("SELECT kind, value FROM case_entities WHERE case_number = ?1"));
  WINNOW_TRY(select.bind(number));
  std::vector<Shared> found;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return found;
    auto& one = found.emplace_back();
    WINNOW_TRY(select.read(one.kind, one.value));
  }
}

std::string in_words(const Sharing& sharing, std::string_view value) {
  return fmt::format("{} {}", sharing.words,
                     sharing.kind == kTechnique ? technique_text(value) : std::string(value));
}

// The newest other cases that have it; one more than kEverybodys where there are so many.
Result<std::vector<std::uint64_t>> others_with(SqliteStatement& select, const Shared& shared,
                                               std::uint64_t number) {
  WINNOW_TRY(select.bind(shared.kind, shared.value, number, kEverybodys + 1));
  std::vector<std::uint64_t> others;
  for (;;) {
    WINNOW_TRY(const bool more, select.next());
    if (!more) return others;
    WINNOW_TRY(select.read(others.emplace_back()));
  }
}

}  // namespace

Result<EntityTable> EntityTable::open(Sqlite& database) {
  EntityTable table;
  WINNOW_TRY(table.count_,
             database.prepare("SELECT count(*) FROM case_entities WHERE case_number = ?1"));
  WINNOW_TRY(table.add_, database.prepare("INSERT INTO case_entities VALUES (?1, ?2, ?3) ON "
                                          "CONFLICT DO NOTHING RETURNING 1"));
  return table;
}

Result<bool> EntityTable::add(std::string_view kind, std::string_view value,
                              std::uint64_t case_number) {
  WINNOW_TRY(add_->bind(kind, value, case_number));
  WINNOW_TRY(const bool is_new, add_->next());
  if (is_new) WINNOW_TRY(add_->run());  // ends it; what is not new has ended already
  return is_new;
}

Result<std::vector<std::string>> EntityTable::add(const Finding& finding,
                                                  std::uint64_t case_number) {
  std::vector<std::string> fresh;
  const auto& techniques = finding.record.decision.techniques;
  if (finding.entities.empty() && techniques.empty()) return fresh;
  WINNOW_TRY(count_->bind(case_number));
  WINNOW_TRY(count_->next());
  std::uint64_t known = 0;
  WINNOW_TRY(count_->read(known));
  WINNOW_TRY(count_->run());
  for (const auto& technique : techniques) {
    if (known >= kMaxEntitiesOfCase) break;
    WINNOW_TRY(const bool is_new, add(kTechnique, technique, case_number));
    if (!is_new) continue;
    fresh.push_back(technique_text(technique));
    ++known;
  }
  for (const auto& entity : finding.entities) {
    if (known >= kMaxEntitiesOfCase) break;
    WINNOW_TRY(const bool is_new, add(name_of(entity.kind), entity.key, case_number));
    if (!is_new) continue;
    fresh.push_back(entity.key);
    ++known;
  }
  return fresh;
}

Result<std::vector<SharedCase>> cases_that_share(Sqlite& database, std::uint64_t case_number,
                                                 std::size_t most) {
  WINNOW_TRY(const auto own, of_case(database, case_number));
  WINNOW_TRY(auto select,
             database.prepare("SELECT case_number FROM case_entities WHERE kind = ?1 AND value = "
                              "?2 AND case_number <> ?3 ORDER BY case_number DESC LIMIT ?4"));
  struct Found {
    int weight = 0;
    std::vector<std::pair<int, std::string>> why;
  };
  std::map<std::uint64_t, Found> found;
  for (const auto& shared : own) {
    const auto* const sharing = std::ranges::find(kSharings, shared.kind, &Sharing::kind);
    if (sharing == kSharings.end()) continue;
    WINNOW_TRY(const auto others, others_with(select, shared, case_number));
    if (others.size() > kEverybodys) continue;
    for (const auto other : others) {
      found[other].weight += sharing->weight;
      found[other].why.emplace_back(-sharing->weight, in_words(*sharing, shared.value));
    }
  }
  std::vector<std::pair<std::uint64_t, Found>> ranked(found.begin(), found.end());
  std::ranges::sort(ranked, [](const auto& a, const auto& b) {
    return a.second.weight != b.second.weight ? a.second.weight > b.second.weight
                                              : a.first > b.first;
  });
  if (ranked.size() > most) ranked.resize(most);
  std::vector<SharedCase> cases;
  for (auto& [number, one] : ranked) {
    std::ranges::sort(one.why);
    SharedCase shared{number, {}};
    for (std::size_t i = 0; i < std::min(one.why.size(), kMaxWhyShown); ++i)
      shared.why += (i == 0 ? "" : ", ") + one.why[i].second;
    cases.push_back(std::move(shared));
  }
  return cases;
}

}  // namespace winnow::cases
