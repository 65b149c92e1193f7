#include "search/entity_keys.h"

#include <string>

#include "base/digest.h"
#include "base/utf8.h"

namespace winnow::search {
namespace {

// Behind which the rest of a key stands for it; none: only the whole key does.
char separator_of(ocsf::EntityKind kind) {
  return kind == ocsf::EntityKind::Mailbox ? '@' : kind == ocsf::EntityKind::Domain ? '.' : '\0';
}

}  // namespace

bool is_entity(const ocsf::Entity& entity, std::string_view wanted) {
  if (equal_ignoring_ascii_case(entity.key, wanted)) return true;
  const char before = separator_of(entity.kind);
  const auto size = entity.key.size();
  return before != '\0' && size > wanted.size() && entity.key[size - wanted.size() - 1] == before &&
         equal_ignoring_ascii_case(entity.key.substr(size - wanted.size()), wanted);
}

std::uint64_t key_of(std::string_view wanted) { return hash64(wanted); }

void add_keys(const ocsf::Entity& entity, std::unordered_set<std::uint64_t>& keys) {
  const auto lower = ascii_lower(entity.key);
  std::string_view rest = lower;
  keys.insert(key_of(rest));
  const char separator = separator_of(entity.kind);
  if (separator == '\0') return;
  for (auto at = rest.find(separator); at != rest.npos; at = rest.find(separator)) {
    rest.remove_prefix(at + 1);
    keys.insert(key_of(rest));
  }
}

}  // namespace winnow::search
