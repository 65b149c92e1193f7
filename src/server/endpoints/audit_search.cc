#include "server/endpoints/audit_search.h"

#include <algorithm>
#include <deque>

#include "base/utf8.h"

namespace winnow::server {
namespace {

bool holds_word(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(a) == lower(b);
  };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

bool has_action(std::string_view action, std::string_view wanted) {
  if (wanted.empty() || action == wanted) return true;
  return action.starts_with(wanted) && action[wanted.size()] == '.';
}

bool passes(const AuditEntry& entry, const AuditSearch& search) {
  return has_action(entry.action, search.action) &&
         (search.actor.empty() || entry.actor == search.actor) &&
         (!search.since || entry.time >= *search.since) &&
         (!search.until || entry.time < *search.until);
}

// Whether every entry passes, so that a page needs no more than it shows.
bool takes_all(const AuditSearch& search) {
  return search.words.empty() && search.action.empty() && search.actor.empty() && !search.since &&
         !search.until;
}

}  // namespace

Result<Json> audit_entry_json(std::uint64_t index, std::string_view text) {
  WINNOW_TRY(auto json, parse_json(text));
  json.set("index", index);
  return json;
}

Result<Json> search_audit(const AuditLog& audit, const AuditSearch& search) {
  const auto size = audit.size();
  const auto to = std::min(search.before.value_or(size), size);
  const auto window = takes_all(search) ? search.limit : kEntriesAPage;
  auto from = to > window ? to - window : 0;
  std::deque<std::pair<std::uint64_t, Json>> found;  // the newest that pass, oldest first
  const auto look = [&](std::uint64_t index, std::string_view text) -> Result<bool> {
    const auto holds = [&](const std::string& word) { return holds_word(text, word); };
    if (!std::ranges::all_of(search.words, holds)) return true;
    WINNOW_TRY(const auto entry, audit_entry_of(text));
    if (!passes(entry, search)) return true;
    WINNOW_TRY(auto json, audit_entry_json(index, text));
    found.emplace_back(index, std::move(json));
    if (found.size() > search.limit) found.pop_front();
    return true;
  };
  WINNOW_TRY(audit.scan(from, to, look));
  if (found.size() == search.limit) from = found.front().first;  // there may be more behind it
  Json entries = Json::array();
  for (auto entry = found.rbegin(); entry != found.rend(); ++entry)
    entries.push(std::move(entry->second));
  return Json::object(
      {{"entries", std::move(entries)},
       {"next", from > 0 ? Json(std::to_string(from)) : Json()},
       {"size", size},
       {"searched", Json::object({{"from", to > 0 ? Json(to - 1) : Json()}, {"to", from}})}});
}

}  // namespace winnow::server
