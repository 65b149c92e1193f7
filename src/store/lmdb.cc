#include "store/lmdb.h"

#include <array>
#include <cerrno>
#include <condition_variable>
#include <cstring>
#include <mutex>

#include <fcntl.h>
#include <fmt/format.h>
#include <lmdb.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/digest.h"

namespace winnow {
namespace {

constexpr std::size_t kMaxKeyBytes = 511;
constexpr std::size_t kChecksumBytes = 8;

Error lmdb_error(int result, std::string_view tried, const Path& folder) {
  Code code = Code::Unavailable;
  switch (result) {
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_PANIC:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
      code = Code::Corrupt;
      break;
    case MDB_NOTFOUND:
      code = Code::NotFound;
      break;
    case MDB_MAP_FULL:
    case MDB_DBS_FULL:
    case MDB_READERS_FULL:
    case MDB_TXN_FULL:
      code = Code::Exhausted;
      break;
    case MDB_BAD_VALSIZE:
      code = Code::InvalidArgument;
      break;
    default:
      if (result > 0) return system_error(fmt::format("{} '{}'", tried, folder.string()), result);
  }
  return {code, fmt::format("{} '{}' failed: {}", tried, folder.string(), mdb_strerror(result))};
}

// LMDB calls it an input/output error when the disk takes a part of a write only (mdb_page_flush).
bool is_full(const Path& folder) {
  std::error_code ignored;
  std::filesystem::remove(folder / "room.tmp", ignored);  // of a process that ended while it looked
  auto probe = NewFile::create(folder / "room.tmp");
  const auto taken = probe ? probe->append(std::string(4096, '\0')) : Status(probe.error());
  return !taken && taken.error().code() == Code::Exhausted;
}

MDB_val as_value(std::string_view bytes) {
  return {bytes.size(),
          const_cast<char*>(bytes.data())};  // NOLINT: LMDB's type has no const; it does not write
}
std::string_view as_text(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

std::uint64_t checksum_of(std::string_view key, std::string_view value) {
  return hash64(value, hash64(key));
}

struct CloseEnvironment {
  void operator()(MDB_env* environment) const { mdb_env_close(environment); }
};
using Environment = std::unique_ptr<MDB_env, CloseEnvironment>;

Result<Environment> open_environment(const Path& folder, const Lmdb::Config& config,
                                     unsigned flags) {
  MDB_env* raw = nullptr;
  if (const int result = mdb_env_create(&raw); result != 0)
    return lmdb_error(result, "opening", folder);
  Environment environment(raw);
  mdb_env_set_mapsize(raw, config.map_bytes);
  mdb_env_set_maxdbs(raw, config.max_tables);
  // No thread-local readers: a snapshot may move between threads, and one thread may hold several.
  flags |= MDB_NOTLS |
           (config.durable_commits ? 0U : static_cast<unsigned>(MDB_NOMETASYNC | MDB_NOSYNC));
  if (const int result = mdb_env_open(raw, folder.c_str(), flags, 0644); result != 0) {
    return lmdb_error(result, "opening", folder);
  }
  MDB_envinfo info;
  MDB_stat stat;
  mdb_env_info(raw, &info);
  mdb_env_stat(raw, &stat);
  std::error_code error;
  const auto bytes = std::filesystem::file_size(folder / "data.mdb", error);
  // The map reaches behind the end of a file that was cut short, where reading kills the process.
  if (!error && bytes < (info.me_last_pgno + 1) * stat.ms_psize) {
    return Error(Code::Corrupt, fmt::format("'{}' is cut short: it has {} bytes and should have {}",
                                            (folder / "data.mdb").string(), bytes,
                                            (info.me_last_pgno + 1) * stat.ms_psize))
        .with_hint("restore the workspace from a backup");
  }
  return environment;
}

}  // namespace

struct Lmdb::State {
  Path folder;
  Config config;
  Environment environment;
  // The map may be resized only while no transaction of this process is open.
  std::mutex resizing;
  std::condition_variable none_open;
  int open_transactions = 0;  // guarded by `resizing`
};

// Ends before it no longer counts as open.
struct LmdbReader::Transaction {
  explicit Transaction(Lmdb::State& of) : state(of), folder(of.folder) {
    const std::lock_guard lock(state.resizing);
    ++state.open_transactions;
  }
  ~Transaction() {
    mdb_txn_abort(handle);
    const std::lock_guard lock(state.resizing);
    if (--state.open_transactions == 0) state.none_open.notify_all();
  }
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  Result<std::string_view> checked(std::string_view key, std::string_view stored) const {
    if (stored.size() >= kChecksumBytes) {
      const auto value = stored.substr(0, stored.size() - kChecksumBytes);
      std::uint64_t checksum = 0;
      std::memcpy(&checksum, stored.data() + value.size(), sizeof checksum);
      if (checksum == checksum_of(key, value)) return value;
    }
    return Error(Code::Corrupt,
                 fmt::format("the value of key 0x{} in '{}' does not match its check sum",
                             to_hex(key.substr(0, 64)), folder.string()))
        .with_hint("restore the workspace from a backup");
  }

  Lmdb::State& state;
  MDB_txn* handle = nullptr;
  const Path& folder;
};

void LmdbCursor::Close::operator()(void* cursor) const {
  mdb_cursor_close(static_cast<MDB_cursor*>(cursor));
}

LmdbCursor::LmdbCursor(std::shared_ptr<const void> transaction, void* cursor)
    : transaction_(std::move(transaction)), cursor_(cursor) {}

Result<bool> LmdbCursor::move(int operation, std::string_view wanted) {
  const auto& transaction = *static_cast<const LmdbReader::Transaction*>(transaction_.get());
  MDB_val key = as_value(wanted), value{};
  const int result = mdb_cursor_get(static_cast<MDB_cursor*>(cursor_.get()), &key, &value,
                                    static_cast<MDB_cursor_op>(operation));
  if (result == MDB_NOTFOUND) return false;
  if (result != 0) return lmdb_error(result, "reading", transaction.folder);
  key_ = as_text(key);
  WINNOW_TRY(value_, transaction.checked(key_, as_text(value)));
  return true;
}

Result<bool> LmdbCursor::first() { return move(MDB_FIRST, {}); }
Result<bool> LmdbCursor::seek(std::string_view key) {
  return key.empty() ? first() : move(MDB_SET_RANGE, key);
}
Result<bool> LmdbCursor::next() { return move(MDB_NEXT, {}); }
Result<bool> LmdbCursor::last() { return move(MDB_LAST, {}); }

LmdbReader::LmdbReader(std::shared_ptr<Transaction> transaction)
    : transaction_(std::move(transaction)) {}

Result<std::optional<std::string_view>> LmdbReader::get(LmdbTable table,
                                                        std::string_view key) const {
  MDB_val wanted = as_value(key), value{};
  const int result = mdb_get(transaction_->handle, table.handle_, &wanted, &value);
  if (result == MDB_NOTFOUND) return std::optional<std::string_view>();
  if (result != 0) return lmdb_error(result, "reading", transaction_->folder);
  WINNOW_TRY(const auto checked, transaction_->checked(key, as_text(value)));
  return std::optional(checked);
}

Result<LmdbCursor> LmdbReader::cursor(LmdbTable table) const {
  MDB_cursor* cursor = nullptr;
  const int result = mdb_cursor_open(transaction_->handle, table.handle_, &cursor);
  if (result != 0) return lmdb_error(result, "reading", transaction_->folder);
  return LmdbCursor(transaction_, cursor);
}

Result<std::uint64_t> LmdbReader::count(LmdbTable table) const {
  MDB_stat stat;
  const int result = mdb_stat(transaction_->handle, table.handle_, &stat);
  if (result != 0) return lmdb_error(result, "reading", transaction_->folder);
  return std::uint64_t{stat.ms_entries};
}

Status LmdbWriter::put(LmdbTable table, std::string_view key, std::string_view value) {
  if (key.empty() || key.size() > kMaxKeyBytes) {
    return Error(Code::InvalidArgument,
                 fmt::format("a key has 1 to {} bytes, not {}", kMaxKeyBytes, key.size()));
  }
  MDB_val wanted = as_value(key), space{value.size() + kChecksumBytes, nullptr};
  const int result = mdb_put(transaction_->handle, table.handle_, &wanted, &space, MDB_RESERVE);
  if (result == MDB_MAP_FULL) map_full_ = true;
  if (result != 0) return lmdb_error(result, "writing", transaction_->folder);
  const auto checksum = checksum_of(key, value);
  auto* const out = static_cast<char*>(space.mv_data);
  if (!value.empty()) std::memcpy(out, value.data(), value.size());
  std::memcpy(out + value.size(), &checksum, sizeof checksum);
  return {};
}

Status LmdbWriter::remove(LmdbTable table, std::string_view key) {
  MDB_val wanted = as_value(key);
  const int result = mdb_del(transaction_->handle, table.handle_, &wanted, nullptr);
  if (result == MDB_MAP_FULL) map_full_ = true;
  if (result != 0 && result != MDB_NOTFOUND)
    return lmdb_error(result, "writing", transaction_->folder);
  return {};
}

Status LmdbWriter::clear(LmdbTable table) {
  const int result = mdb_drop(transaction_->handle, table.handle_, 0);
  if (result == MDB_MAP_FULL) map_full_ = true;
  if (result != 0) return lmdb_error(result, "clearing a table of", transaction_->folder);
  return {};
}

Lmdb::Lmdb(std::unique_ptr<State> state) : state_(std::move(state)) {}
Lmdb::Lmdb(Lmdb&&) noexcept = default;
Lmdb& Lmdb::operator=(Lmdb&&) noexcept = default;
Lmdb::~Lmdb() = default;

Result<Lmdb> Lmdb::open(const Path& folder, const Config& config) {
  WINNOW_TRY(make_folders(folder));
  WINNOW_TRY(auto environment, open_environment(folder, config, 0));
  auto state = std::make_unique<State>();
  state->folder = folder;
  state->config = config;
  state->environment = std::move(environment);
  return Lmdb(std::move(state));
}

Result<LmdbTable> Lmdb::table(const std::string& name) {
  MDB_dbi handle = 0;
  WINNOW_TRY(update([&](LmdbWriter& writer) -> Status {
    const int result = mdb_dbi_open(writer.transaction_->handle, name.c_str(), MDB_CREATE, &handle);
    if (result == MDB_MAP_FULL) writer.map_full_ = true;
    if (result != 0) return lmdb_error(result, "opening a table of", state_->folder);
    return {};
  }));
  return LmdbTable(handle);
}

Result<LmdbReader> Lmdb::read() const {
  auto transaction = std::make_shared<LmdbReader::Transaction>(*state_);
  const int result =
      mdb_txn_begin(state_->environment.get(), nullptr, MDB_RDONLY, &transaction->handle);
  if (result != 0) return lmdb_error(result, "reading", state_->folder);
  return LmdbReader(std::move(transaction));
}

Status Lmdb::update(const std::function<Status(LmdbWriter&)>& change) {
  for (;;) {
    {
      LmdbWriter writer(std::make_shared<LmdbReader::Transaction>(*state_));
      const int begun =
          mdb_txn_begin(state_->environment.get(), nullptr, 0, &writer.transaction_->handle);
      if (begun != 0) return lmdb_error(begun, "writing", state_->folder);
      auto changed = change(writer);
      if (!changed && !writer.map_full_) return changed;
      if (!writer.map_full_) {
        // Frees the handle whether it succeeds or not; aborting null does nothing.
        const int committed = mdb_txn_commit(std::exchange(writer.transaction_->handle, nullptr));
        if (committed == 0) return {};
        if (committed != MDB_MAP_FULL) {
          const bool no_room = committed == EIO && is_full(state_->folder);
          return lmdb_error(no_room ? ENOSPC : committed, "committing to", state_->folder);
        }
      }
    }
    WINNOW_TRY(grow());
  }
}

Status Lmdb::grow() {
  std::unique_lock lock(state_->resizing);
  state_->none_open.wait(lock, [&] { return state_->open_transactions == 0; });
  MDB_envinfo info;
  mdb_env_info(state_->environment.get(), &info);
  const std::uint64_t wanted = std::uint64_t{info.me_mapsize} * 2;
  if (wanted > state_->config.max_map_bytes) {
    return Error(Code::Exhausted,
                 fmt::format("'{}' has reached its limit of {} bytes", state_->folder.string(),
                             state_->config.max_map_bytes));
  }
  const int result = mdb_env_set_mapsize(state_->environment.get(), wanted);
  if (result != 0) return lmdb_error(result, "growing", state_->folder);
  return {};
}

Status Lmdb::sync() {
  const int result = mdb_env_sync(state_->environment.get(), 1);
  if (result != 0) return lmdb_error(result, "writing to disk", state_->folder);
  return {};
}

Status Lmdb::back_up_to(const Path& folder) const {
  const LmdbReader::Transaction open(*state_);  // the copy's own transaction counts as well
  const int result = mdb_env_copy2(state_->environment.get(), folder.c_str(), MDB_CP_COMPACT);
  if (result != 0) return lmdb_error(result, "copying", state_->folder);
  WINNOW_TRY(auto file, AppendFile::open(folder / "data.mdb"));
  WINNOW_TRY(file.sync());
  return sync_folder(folder);
}

Status Lmdb::back_up(const Path& from, const Path& folder) {
  auto state = std::make_unique<State>();
  state->folder = from;
  WINNOW_TRY(state->environment, open_environment(from, state->config, MDB_RDONLY));
  return Lmdb(std::move(state)).back_up_to(folder);
}

Status Lmdb::compact(const Path& folder) {
  Path copy = folder;
  copy += ".compacted";
  std::error_code error;
  std::filesystem::remove_all(copy, error);  // of a run that was killed: perhaps the old one
  if (error) return system_error(fmt::format("removing '{}'", copy.string()), error.value());
  WINNOW_TRY(make_folders(copy));
  WINNOW_TRY(back_up(folder, copy));
  WINNOW_TRY(exchange_folders(folder, copy));
  std::filesystem::remove_all(copy, error);
  if (error) return system_error(fmt::format("removing '{}'", copy.string()), error.value());
  return {};
}

namespace {

// The names of the tables stand as keys in the unnamed one (LMDB, mdb_dbi_open).
Result<std::vector<std::string>> tables_of(MDB_txn* transaction, const Path& folder) {
  MDB_dbi names = 0;
  MDB_cursor* raw = nullptr;
  int result = mdb_dbi_open(transaction, nullptr, 0, &names);
  if (result == 0) result = mdb_cursor_open(transaction, names, &raw);
  if (result != 0) return lmdb_error(result, "reading", folder);
  const std::unique_ptr<MDB_cursor, decltype(&mdb_cursor_close)> cursor(raw, mdb_cursor_close);
  std::vector<std::string> tables;
  MDB_val key{}, value{};
  while ((result = mdb_cursor_get(raw, &key, &value, MDB_NEXT)) == 0)
    tables.emplace_back(as_text(key));
  if (result != MDB_NOTFOUND) return lmdb_error(result, "reading", folder);
  return tables;
}

// What a child process found out, as it tells it: a number, or an error.
std::string told(const Result<std::uint64_t>& found) {
  ByteWriter out;
  out.put(static_cast<std::uint8_t>(found ? 1 : 0));
  if (found) return std::move(out.put(*found)).bytes();
  return std::move(out.put(static_cast<std::uint8_t>(found.error().code()))
                       .put_text(found.error().message())
                       .put_text(found.error().hint()))
      .bytes();
}

Result<std::uint64_t> heard(std::string_view bytes, const Path& folder) {
  ByteReader in(bytes);
  if (in.get<std::uint8_t>() == 1 && bytes.size() == 9) return in.get<std::uint64_t>();
  const auto code = static_cast<Code>(in.get<std::uint8_t>());
  const std::string message(in.get_text());
  const std::string hint(in.get_text());
  if (!in.ok()) {
    return Error(Code::Corrupt, fmt::format("'{}' cannot be read to its end: its pages are damaged",
                                            folder.string()))
        .with_hint("restore the workspace from a backup");
  }
  return Error(code, message).with_hint(hint);
}

}  // namespace

Result<std::uint64_t> Lmdb::count_verified() const {
  WINNOW_TRY(const auto reader, read());
  WINNOW_TRY(const auto names, tables_of(reader.transaction_->handle, state_->folder));
  std::uint64_t values = 0;
  for (const auto& name : names) {
    MDB_dbi handle = 0;
    const int opened = mdb_dbi_open(reader.transaction_->handle, name.c_str(), 0, &handle);
    if (opened != 0) return lmdb_error(opened, "reading", state_->folder);
    WINNOW_TRY(auto cursor, reader.cursor(LmdbTable(handle)));
    for (auto there = cursor.first();; there = cursor.next()) {
      WINNOW_TRY(const bool more, std::move(there));
      if (!more) break;
      ++values;
    }
  }
  return values;
}

Result<std::uint64_t> Lmdb::verify(const Path& folder) {
  int pipe[2];
  if (::pipe2(pipe, O_CLOEXEC) != 0) return system_error("verifying " + folder.string(), errno);
  const pid_t child = ::fork();
  if (child == 0) {
    const auto verify_here = [&]() -> Result<std::uint64_t> {
      auto state = std::make_unique<State>();
      state->folder = folder;
      WINNOW_TRY(state->environment, open_environment(folder, state->config, MDB_RDONLY));
      return Lmdb(std::move(state)).count_verified();
    };
    const auto bytes = told(verify_here());
    ::_exit(::write(pipe[1], bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()) ? 0
                                                                                               : 1);
  }
  const int number = errno;
  ::close(pipe[1]);
  std::string bytes;
  std::array<char, 4096> part;
  for (ssize_t got = 0; child > 0 && (got = ::read(pipe[0], part.data(), part.size())) > 0;)
    bytes.append(part.data(), static_cast<std::size_t>(got));
  ::close(pipe[0]);
  if (child < 0) return system_error("verifying " + folder.string(), number);
  ::waitpid(child, nullptr, 0);
  return heard(bytes, folder);
}

}  // namespace winnow
