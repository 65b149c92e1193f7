#include "server/receivers/tailed_file.h"

#include <algorithm>
#include <utility>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"

namespace winnow::server {
namespace {

constexpr std::size_t kReadBytes = 64UL << 10;

std::string read_at(int file, std::uint64_t offset, std::size_t most) {
  std::string bytes(most, '\0');
  const auto got = ::pread(file, bytes.data(), most, static_cast<off_t>(offset));
  bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return bytes;
}

std::string_view without_return(std::string_view line) {
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

}  // namespace

TailedFile::TailedFile(Socket file, FileId id, std::string path, Time now)
    : file_(std::move(file)), id_(id), last_growth_(now) {
  position_.path = std::move(path);
  position_.head = sha256("");
}

std::optional<TailedFile> TailedFile::open(const std::string& path, Time now) {
  // Never waits for a pipe's other side.
  Socket file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat about {};
  if (!file.is_open() || ::fstat(file.descriptor(), &about) != 0 || !S_ISREG(about.st_mode))
    return std::nullopt;
  return TailedFile(std::move(file), {about.st_dev, about.st_ino}, path, now);
}

void TailedFile::go_on(const TailPosition& position) {
  position_.offset = position.offset;
  position_.head = position.head;
  position_.header = position.header;
  look_for_truncation();
}

bool TailedFile::begins_as_before() const {
  const auto size = std::min(position_.offset, TailPosition::kHeadBytes);
  const auto head = read_at(file_.descriptor(), 0, size);
  return head.size() == size && sha256(head) == position_.head;
}

void TailedFile::look_for_truncation() {
  struct stat about {};
  if (::fstat(file_.descriptor(), &about) != 0) return;
  const bool is_shorter = static_cast<std::uint64_t>(about.st_size) < position_.offset;
  if (!is_shorter && begins_as_before()) return;
  ++anew_;
  log::info("a tailed file begins anew", {{"file", position_.path}});
  position_.offset = 0;
  position_.head = sha256("");
  position_.header.clear();
  skips_line_ = false;
}

std::uint64_t TailedFile::behind() const {
  struct stat about {};
  if (::fstat(file_.descriptor(), &about) != 0) return 0;
  const auto size = static_cast<std::uint64_t>(about.st_size);
  return size - std::min(size, position_.offset);
}

void TailedFile::advance(std::uint64_t offset) {
  const auto before = position_.offset;
  position_.offset = offset;
  if (before < TailPosition::kHeadBytes) {
    const auto size = std::min(offset, TailPosition::kHeadBytes);
    position_.head = sha256(read_at(file_.descriptor(), 0, size));
  }
}

bool TailedFile::read(std::size_t most_bytes, std::size_t max_line, bool is_last, Time now,
                      const Take& take) {
  look_for_truncation();
  std::string bytes;
  std::size_t given = 0;
  for (;;) {
    const auto more = read_at(file_.descriptor(), position_.offset + bytes.size(), kReadBytes);
    if (!more.empty()) last_growth_ = now;
    bytes += more;
    std::size_t begin = 0;
    for (auto end = bytes.find('\n'); end != std::string::npos; end = bytes.find('\n', begin)) {
      const auto line = without_return(std::string_view(bytes).substr(begin, end - begin));
      const bool is_rest = std::exchange(skips_line_, false);
      if (!is_rest && !line.empty() && !position_.header.take(line)) {
        take(line.substr(0, max_line), line.size() > max_line);
        given += line.size();
      }
      begin = end + 1;
    }
    const auto rest = bytes.size() - begin;
    const bool is_cut = rest > max_line && !skips_line_;
    const bool ends = is_last && more.empty() && rest > 0 && !skips_line_;
    if (is_cut || ends) take(std::string_view(bytes).substr(begin, max_line), is_cut);
    if (is_cut) skips_line_ = true;
    if (is_cut || ends || skips_line_) begin = bytes.size();
    if (begin > 0) advance(position_.offset + begin);
    bytes.erase(0, begin);
    if (more.empty()) return false;
    if (given >= most_bytes) return true;
  }
}

}  // namespace winnow::server
