#include "server/receivers/folder_watch.h"

#include <array>
#include <cstring>

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

namespace winnow::server {
namespace {

constexpr std::uint32_t kNames =
    IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | IN_Q_OVERFLOW;
constexpr std::size_t kNewsBytes = 16UL << 10;

}  // namespace

FolderWatch::Bell::Bell() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

void FolderWatch::Bell::ring() const {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto wrote = ::write(event_.descriptor(), &one, sizeof one);
}

FolderWatch::FolderWatch()
    : bell_(std::make_shared<const Bell>()), inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {}

void FolderWatch::follow(const std::string& folder) {
  if (!works() || !folders_.insert(folder).second) return;
  // Not there yet, or one more than the system allows: tried again when it is named again.
  if (::inotify_add_watch(inotify_.descriptor(), folder.c_str(), kNames | IN_MODIFY | IN_ONLYDIR) <
      0)
    folders_.erase(folder);
}

// Whether names changed, among what the system tells.
bool FolderWatch::take_news() {
  bool names = false;
  alignas(inotify_event) std::array<char, kNewsBytes> bytes;
  for (;;) {
    const auto got = ::read(inotify_.descriptor(), bytes.data(), bytes.size());
    if (got <= 0) return names;
    for (std::size_t at = 0; at + sizeof(inotify_event) <= static_cast<std::size_t>(got);) {
      inotify_event event{};
      std::memcpy(&event, bytes.data() + at, sizeof event);
      names = names || (event.mask & kNames) != 0;
      // A folder that is gone is followed again once it is named again.
      if ((event.mask & (IN_DELETE_SELF | IN_IGNORED)) != 0) folders_.clear();
      at += sizeof(inotify_event) + event.len;
    }
  }
}

bool FolderWatch::wait(std::chrono::milliseconds most) {
  std::array<pollfd, 2> watched = {pollfd{bell_->descriptor(), POLLIN, 0},
                                   pollfd{inotify_.descriptor(), POLLIN, 0}};
  ::poll(watched.data(), works() ? 2 : 1, static_cast<int>(most.count()));
  std::uint64_t rung = 0;
  [[maybe_unused]] const auto got = ::read(bell_->descriptor(), &rung, sizeof rung);
  return (watched[1].revents & POLLIN) != 0 && take_news();
}

}  // namespace winnow::server
