#include "server/threads/source_keeper.h"

#include <algorithm>
#include <functional>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/json.h"
#include "base/log.h"

namespace winnow::server {
namespace {

constexpr std::string_view kSchema = "winnow.sources/1";
constexpr std::size_t kMostBytes = 4UL << 20;

}  // namespace

void SourceKeeper::take_up() {
  if (const auto done = read(); !done && done.error().code() != Code::NotFound)
    log::warn("which sources there were cannot be read", {{"error", done.error().text()}});
}

Status SourceKeeper::read() {
  WINNOW_TRY(const auto text, read_file(file_, kMostBytes));
  WINNOW_TRY(const auto json, parse_json(text));
  const auto& sources = json["sources"];
  const bool is_known = json["schema"].is_string() && json["schema"].as_string() == kSchema;
  if (!is_known || !sources.is_array())
    return Error(Code::Corrupt, fmt::format("'{}' is not what was written there", file_.string()));
  const auto now = clock_->now();
  std::vector<std::pair<Timestamp, std::string>> known;
  for (const auto& source : sources.items()) {
    const auto& name = source["name"];
    const auto& last = source["last_at"];
    if (!name.is_string() || !last.is_string())
      return Error(Code::Corrupt, fmt::format("a source in '{}' has no name", file_.string()));
    WINNOW_TRY(const auto at, Timestamp::parse(last.as_string()));
    // A clock that was ahead when it was written keeps no source from being silent.
    if (now - at < kForgotten) known.emplace_back(std::min(at, now), name.as_string());
  }
  // Names come from clients: what was made up before leaves room for those that come now.
  std::ranges::sort(known, std::greater());
  if (known.size() > kMost) known.resize(kMost);
  for (const auto& [at, name] : known) activity_->take_up(name, at);
  return {};
}

void SourceKeeper::look() {
  const auto now = clock_->now();
  const bool is_early = tried_at_ && now >= *tried_at_ && now - *tried_at_ < kEvery;
  if (!is_early) keep();
}

void SourceKeeper::keep() {
  if (const auto done = write(); !done)
    log::warn("which sources there are cannot be written", {{"error", done.error().text()}});
}

Status SourceKeeper::write() {
  Json sources = Json::array();
  for (const auto& [name, source] : activity_->sources()) {
    if (name == Activity::kOthers) continue;
    sources.push(Json::object({{"name", name}, {"last_at", source.last.text()}}));
  }
  if (sources.size() == 0) return {};
  tried_at_ = clock_->now();
  auto text = to_text(Json::object({{"schema", kSchema}, {"sources", std::move(sources)}})) + "\n";
  if (text == written_) return {};
  WINNOW_TRY(write_atomically(file_, text));
  written_ = std::move(text);
  return {};
}

}  // namespace winnow::server
