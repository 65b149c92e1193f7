// A folder for what a benchmark writes, gone with everything in it at the end of its scope.
#pragma once

#include <cstdlib>

#include "base/file.h"

namespace winnow::bench {

class WorkFolder {
 public:
  WorkFolder() {
    auto name = (std::filesystem::temp_directory_path() / "winnow-bench-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) std::abort();
    path_ = name;
  }
  ~WorkFolder() { std::filesystem::remove_all(path_); }
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const Path& path() const { return path_; }

 private:
  Path path_;
};

}  // namespace winnow::bench
