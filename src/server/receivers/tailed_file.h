// One file that is followed: the lines that were appended since.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "server/receivers/socket.h"
#include "server/receivers/tail_position.h"

namespace winnow::server {

class TailedFile {
 public:
  using Time = std::chrono::steady_clock::time_point;
  // The regular file at `path`, which is not waited for; nothing where there is none that may be
  // read.
  static std::optional<TailedFile> open(const std::string& path, Time now);

  FileId id() const { return id_; }
  const TailPosition& position() const { return position_; }
  void rename(std::string path) { position_.path = std::move(path); }
  // Goes on where it was left, if it is that file.
  void go_on(const TailPosition& position);

  // Gives lines that are records, without their ends, until `most_bytes` of them were given; of one
  // longer than `max_line` the front. A file that was cut short, or begins otherwise than before,
  // is read from its beginning. What has no line end yet is left, unless `is_last`. The lines of a
  // log's header are in position().header when the rows below come. False: there is no more now.
  using Take = std::function<void(std::string_view line, bool cut)>;
  bool read(std::size_t most_bytes, std::size_t max_line, bool is_last, Time now, const Take& take);
  Time last_growth() const { return last_growth_; }
  std::uint64_t behind() const;  // bytes that are there and were not read
  std::uint64_t times_begun_anew() const { return anew_; }

 private:
  TailedFile(Socket file, FileId id, std::string path, Time now);
  bool begins_as_before() const;
  void look_for_truncation();
  void advance(std::uint64_t offset);

  Socket file_;  // its descriptor
  FileId id_;
  TailPosition position_;
  bool skips_line_ = false;  // the rest of one that was cut
  Time last_growth_;
  std::uint64_t anew_ = 0;
};

}  // namespace winnow::server
