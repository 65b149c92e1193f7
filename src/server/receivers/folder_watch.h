// Who waits for files to grow is woken when they do: by inotify(7) where the system has it, and the
// file system tells it; by himself, and after a while, in any case.
#pragma once

#include <chrono>
#include <memory>
#include <set>
#include <string>

#include "server/receivers/socket.h"

namespace winnow::server {

// Belongs to one thread, but for its Bell.
class FolderWatch {
 public:
  // Wakes the waiting thread; any thread, also when the watch is gone.
  class Bell {
   public:
    Bell();
    void ring() const;
    int descriptor() const { return event_.descriptor(); }

   private:
    Socket event_;  // an eventfd(2)
  };
  FolderWatch();

  // Whether the system tells of changes; else only the bell and time wake.
  bool works() const { return inotify_.is_open(); }
  std::shared_ptr<const Bell> bell() const { return bell_; }
  // From now on changes in the folder count: files that grow, come or are renamed. One that cannot
  // be watched is passed over.
  void follow(const std::string& folder);

  // Waits until something changed, the bell rang, or for `most`. Tells whether files may have come,
  // gone or changed their names.
  bool wait(std::chrono::milliseconds most);

 private:
  bool take_news();

  std::shared_ptr<const Bell> bell_;
  Socket inotify_;  // its descriptor
  std::set<std::string> folders_;
};

}  // namespace winnow::server
