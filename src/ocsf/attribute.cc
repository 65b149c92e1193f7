// The table of attribute paths: every path this process ever saw, numbered in the order of first
// sight.
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <shared_mutex>

#include "base/contract.h"
#include "ocsf/event.h"

namespace winnow::ocsf {
namespace {

struct Paths {
  std::shared_mutex mutex;        // guards both below; reading shares it
  std::deque<std::string> texts;  // by id; a deque, because views of its texts are handed out
  std::map<std::string_view, std::uint32_t> ids;  // keys view into `texts`
};

// A function's static, since attributes are constants of many files and are made before main().
Paths& paths() {
  static Paths paths;
  return paths;
}

}  // namespace

Attribute Attribute::of(std::string_view path) {
  ensure(!path.empty(), "an attribute has a path");
  auto& known = paths();
  {
    const std::shared_lock lock(known.mutex);
    if (const auto found = known.ids.find(path); found != known.ids.end())
      return Attribute(found->second);
  }
  const std::unique_lock lock(known.mutex);
  if (const auto found = known.ids.find(path); found != known.ids.end())
    return Attribute(found->second);
  const auto id = static_cast<std::uint32_t>(known.texts.size());
  known.ids.emplace(known.texts.emplace_back(path), id);
  return Attribute(id);
}

std::string_view Attribute::path() const {
  auto& known = paths();
  const std::shared_lock lock(known.mutex);
  return known.texts[id_];
}

}  // namespace winnow::ocsf
