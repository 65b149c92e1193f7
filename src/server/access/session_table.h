// The sessions on disk, in a database of their own: no backup has it, so that one who signed out is
// not signed in again by a restored workspace, and who removes the file signs everybody out. What
// is in it opens nothing: of a secret there is its SHA-256.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "base/file.h"
#include "base/result.h"
#include "server/access/sessions.h"
#include "store/sqlite.h"

namespace winnow::server {

// One thread at a time.
class SessionTable {
 public:
  // Makes it anew where it is damaged: nothing is lost but that people sign in again.
  static Result<SessionTable> open(const Path& database);

  Result<std::vector<Sessions::Kept>> list();  // by secret
  // Durable when they return.
  Status put(const Sessions::Kept& session);
  Status remove(const Digest& secret);
  // All of it or nothing. A session that is not there stays away, whatever used it.
  Status take(const Sessions::Changes& changes);

  // Ends the sessions of that owner and tells how many there were; a server that runs looks at
  // endings() to learn of it.
  Result<std::size_t> end_all_of(std::string_view id);
  Result<std::uint64_t> endings();

 private:
  explicit SessionTable(Sqlite database) : database_(std::move(database)) {}
  static Result<SessionTable> open_once(const Path& database);
  Sqlite database_;
};

struct SessionOwner {
  std::string id, name;
};
// Who of those that are signed in is called so: by id, else by name. Errors: NotFound; Conflict
// (several people have that name: the hint names their ids).
Result<SessionOwner> owner_called(std::span<const SessionOwner> signed_in, std::string_view who);

}  // namespace winnow::server
