// The console's files, which are part of the binary: given to browsers as they were built.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "http/request.h"
#include "http/response.h"
#include "server/console_files.h"

namespace winnow::server {

// Thread-safe: nothing of it changes. A file that stands beside one of the same name and ".br",
// ".zst" or ".gz" is sent packed to those who take that.
class ConsoleHost {
 public:
  // `files` outlive it; empty where the build had no console.
  explicit ConsoleHost(std::span<const ConsoleFile> files);

  // Whether the path is the console's: all that is not the API's or the probes'.
  static bool has(std::string_view path);
  // Answers any method. What has no dot in its last part is a place within the console, and gets
  // its index.html.
  void answer(const http::Request& request, http::Response& response) const;

 private:
  struct Packed {
    std::string_view coding;  // as in content-encoding; empty: as it is
    std::string_view bytes;
    std::string tag;
  };
  struct File {
    std::string_view media_type;
    std::string_view caching;
    std::vector<Packed> forms;  // the one to prefer first; as it is last
  };
  const File* find(std::string_view path) const;

  std::map<std::string, File, std::less<>> files_;  // by path: "/assets/index-a1b2c3d4.js"
};

}  // namespace winnow::server
