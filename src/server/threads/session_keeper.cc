#include "server/threads/session_keeper.h"

#include <iterator>
#include <utility>

#include "base/log.h"

namespace winnow::server {
namespace {

void append(std::vector<Digest>& to, std::vector<Digest> more) {
  to.insert(to.end(), std::move_iterator(more.begin()), std::move_iterator(more.end()));
}

}  // namespace

void SessionKeeper::look(DeskStores& stores) {
  if (const auto done = write(stores.sessions); !done)
    log::warn("the sessions cannot be written", {{"error", done.error().text()}});
  if (const auto done = follow(stores.sessions); !done)
    log::warn("the sessions cannot be read", {{"error", done.error().text()}});
}

Status SessionKeeper::write(SessionTable& table) {
  auto changes = gate_->take_session_changes();
  append(waiting_.ended, std::move(changes.ended));
  // An older use that could not be written is overtaken by the next; its session may end early.
  waiting_.used = std::move(changes.used);
  WINNOW_TRY(table.take(waiting_));
  waiting_ = {};
  return {};
}

// This thread alone opens sessions, and writes each at once: what is not in the table has ended.
Status SessionKeeper::follow(SessionTable& table) {
  WINNOW_TRY(const auto endings, table.endings());
  if (endings == endings_) return {};
  WINNOW_TRY(const auto kept, table.list());
  std::vector<Digest> known;
  known.reserve(kept.size());
  for (const auto& session : kept) known.push_back(session.secret);
  gate_->close_sessions_but(known);
  endings_ = endings;
  return {};
}

}  // namespace winnow::server
