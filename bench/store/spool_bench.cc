// The spool beside SQLite (WAL, synchronous=FULL) at equal durability: rows in batches of 100, each
// on disk before its producer goes on. SQLite commits batch by batch; the spool takes all that wait
// with one commit, as the server's intake does. Rounds alternate, so that both meet the same
// machine.
//   spool_bench [BATCHES] [ROUNDS] [PRODUCERS]
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <sqlite3.h>

#include "store/spool.h"

namespace winnow::bench {
namespace {

constexpr int kRows = 100;
constexpr std::size_t kRowBytes = 250;

void need(bool well, std::string_view what) {
  if (well) return;
  fmt::print(stderr, "spool_bench: {}\n", what);
  std::exit(1);
}

std::vector<std::string> some_rows() {
  std::vector<std::string> rows;
  for (int i = 0; i < kRows; ++i) rows.push_back(fmt::format("{:0>{}}", i, kRowBytes));
  return rows;
}

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

class SqliteQueue {
 public:
  explicit SqliteQueue(const Path& file) {
    need(sqlite3_open(file.c_str(), &database_) == SQLITE_OK, "cannot open SQLite");
    run("PRAGMA journal_mode = WAL");
    run("PRAGMA synchronous = FULL");
    run("CREATE TABLE spool (id INTEGER PRIMARY KEY, accepted INTEGER, row BLOB)");
    need(sqlite3_prepare_v2(database_, "INSERT INTO spool (accepted, row) VALUES (1, ?)", -1,
                            &insert_, nullptr) == SQLITE_OK,
         "cannot prepare");
  }
  ~SqliteQueue() {
    sqlite3_finalize(insert_);
    sqlite3_close(database_);
  }
  SqliteQueue(const SqliteQueue&) = delete;
  SqliteQueue& operator=(const SqliteQueue&) = delete;

  void append(const std::vector<std::string>& rows) {
    run("BEGIN IMMEDIATE");
    for (const auto& row : rows) {
      sqlite3_bind_blob(insert_, 1, row.data(), static_cast<int>(row.size()), SQLITE_STATIC);
      need(sqlite3_step(insert_) == SQLITE_DONE, "cannot insert");
      sqlite3_reset(insert_);
    }
    run("COMMIT");
  }

 private:
  void run(const char* sql) {
    need(sqlite3_exec(database_, sql, nullptr, nullptr, nullptr) == SQLITE_OK, sql);
  }
  sqlite3* database_ = nullptr;
  sqlite3_stmt* insert_ = nullptr;
};

// What several producers wait for is one commit.
class GroupCommit {
 public:
  explicit GroupCommit(Spool& spool) : spool_(&spool) {}

  void append(std::span<const Spool::NewRecord> batch) {
    std::unique_lock lock(mutex_);
    waiting_.insert(waiting_.end(), batch.begin(), batch.end());
    const auto mine = ++asked_;
    while (done_ < mine) {
      if (committing_) {
        changed_.wait(lock);
        continue;
      }
      committing_ = true;
      const auto records = std::exchange(waiting_, {});
      const auto through = asked_;
      lock.unlock();
      need(spool_->append(records, Timestamp::from_seconds(1)).has_value(), "cannot append");
      lock.lock();
      committing_ = false;
      done_ = through;
      changed_.notify_all();
    }
  }

 private:
  Spool* spool_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Spool::NewRecord> waiting_;
  std::uint64_t asked_ = 0, done_ = 0;
  bool committing_ = false;
};

// `batches` in all, by so many threads at once.
double seconds_of(int batches, int producers, const std::function<void()>& append) {
  return seconds([&] {
    std::vector<std::jthread> threads;
    for (int p = 0; p < producers; ++p) {
      threads.emplace_back([&] {
        for (int i = 0; i < batches / producers; ++i) append();
      });
    }
  });
}

void run(int batches, int rounds, int producers) {
  std::string name = (std::filesystem::temp_directory_path() / "spool_bench_XXXXXX").string();
  need(::mkdtemp(name.data()) != nullptr, "no temporary folder");
  const Path folder = name;
  const auto rows = some_rows();
  std::vector<Spool::NewRecord> records;
  for (const auto& row : rows) records.push_back({1, row});
  std::vector<double> ratios;
  for (int round = 0; round < rounds; ++round) {
    const auto spool =
        Spool::open(folder / fmt::format("spool{}", round), {}, Timestamp::from_seconds(1));
    need(spool.has_value(), "cannot open the spool");
    GroupCommit group(**spool);
    SqliteQueue sqlite(folder / fmt::format("sqlite{}.db", round));
    std::mutex one_writer;
    const double ours = seconds_of(batches, producers, [&] { group.append(records); });
    const double theirs = seconds_of(batches, producers, [&] {
      const std::lock_guard lock(one_writer);
      sqlite.append(rows);
    });
    const auto appended = batches / producers * producers * kRows;  // each its equal share
    const auto many = static_cast<double>(appended);
    ratios.push_back(theirs / ours);
    fmt::print("{} producers: spool {:8.0f} rows/s   SQLite {:8.0f} rows/s   {:.2f}x\n", producers,
               many / ours, many / theirs, ratios.back());
  }
  std::ranges::sort(ratios);
  fmt::print("median {:.2f}x\n", ratios[ratios.size() / 2]);
  std::error_code ignored;
  std::filesystem::remove_all(folder, ignored);
}

}  // namespace
}  // namespace winnow::bench

int main(int count, char** arguments) {
  const auto number = [&](int at, int otherwise) {
    return count > at ? std::max(1, std::atoi(arguments[at])) : otherwise;
  };
  winnow::bench::run(number(1, 500), number(2, 5), number(3, 8));
}
